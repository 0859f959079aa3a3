"""Octets to words, in whatever charset they are, and whatever charset they say they are."""

from __future__ import annotations

import codecs
import re
from operator import itemgetter

_ALIASES = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "hz",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "x-euc-jp": "euc-jp",
    "iso-8859-1": "cp1252",  # what those who say Latin-1 mean (WHATWG Encoding)
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
    "utf-8mb4": "utf-8",
}
# Python knows more codecs than charsets (punycode, unicode_escape, zlib, …): a mail can ask for none of those.
_CHARSET = re.compile(
    r"(?:utf-?(?:7|8|16|32)(?:[-_]?[lb]e)?|iso-?8859|cp|windows-|koi8|euc[-_]|gb|big5|mac|hz$|johab|tis)"
)
_ISO_2022_JP = re.compile(r"(?:x-|cs)?iso-?2022-?jp|cp5022[012]|junet", re.IGNORECASE)
_ESCAPE = re.compile(rb"\x1b(\$[@BAD]?(?:\([DC@B])?|\([BJIH]|\.[A-F]|N.)")
_WIDE = (b"$B", b"$@", b"$(@", b"$(B")

_ALONE = re.compile(rb"(?<![\x80-\xff])[\xc0-\xff](?![\x80-\xff])")
_HIGH = re.compile(rb"[\x80-\xff]")
_PAIR = re.compile(rb"[\xa1-\xfe]{2}")
_KANA = re.compile("[ぁ-ヺー、。・「」【】]")
_IDEOGRAPH = re.compile("[一-鿿]")
_STRANGE = re.compile("[\uff61-\uff9f\ue000-\uf8ff\ufffd\x80-\x9f]|[^\x00-\uffff]")
_EAST_ASIAN = ("cp932", "euc_jp", "gb18030")
_SAMPLE = 4_096
"""Octets by which a charset is guessed."""


def decode_text(octets: bytes, charset: str = "", hint: str = "") -> str:
    """The words in `octets`, by all means. Never raises.

    Args:
        octets: perhaps cut in the middle of a character.
        charset: as declared; empty or nonsense where it is not known.
        hint: the charset to prefer where one has to be guessed, for instance that of the body for a raw header.
    """
    name = charset.strip(" \t\"'").lower()
    if _ISO_2022_JP.match(name) and octets.isascii():
        return _decode_iso_2022_jp(octets)
    codec = _codec(name)
    if octets.isascii() and (not codec or not codec.startswith(("utf-7", "utf-16", "utf-32", "hz"))):
        return _decode_iso_2022_jp(octets) if b"\x1b" in octets else octets.decode("ascii")
    if codec and (words := _decode_mostly(octets, codec)) is not None:
        return words
    return _guess(octets, _codec(hint.lower())) or octets.decode(codec or "utf-8", "replace")


def _codec(name: str) -> str:
    """Python's name of the charset; empty if there is none by which octets can be decoded."""
    name = _ALIASES.get(name, name)
    if not _CHARSET.match(name):
        return ""
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""


def _decode_mostly(octets: bytes, codec: str) -> str | None:
    """The words if all but a few of the octets fit the codec, otherwise None."""
    try:
        return octets.decode(codec)
    except UnicodeError:
        words = octets.decode(codec, "replace")
    # A sprinkle of damage, or the cut at the end, does not make the charset a wrong one.
    damaged = words.count("\ufffd")
    sound = len(words) - len(words.encode("ascii", "ignore")) - damaged
    return words if sound > damaged and damaged <= 1 + sound // 20 else None


def _guess(octets: bytes, hint: str) -> str:
    """The words in a charset that nobody declared, empty where nothing fits."""
    if (words := _decode_mostly(octets, "utf-8")) is not None:
        return words
    if hint and (words := _decode_mostly(octets, hint)) is not None:
        return words
    sample = octets[:_SAMPLE]
    if len(_ALONE.findall(sample)) * 2 > len(_HIGH.findall(sample)):
        return octets.decode("cp1252", "replace")
    score, codec = max(((_plausibility(sample, codec), codec) for codec in _EAST_ASIAN), key=itemgetter(0))
    return octets.decode(codec, "replace") if score > 0 else ""


def _plausibility(sample: bytes, codec: str) -> float:
    """How much the sample looks like a language in this codec: kana and everyday ideographs speak for it."""
    words = sample.decode(codec, "replace")
    kana, ideographs = len(_KANA.findall(words)), len(_IDEOGRAPH.findall(words))
    score = (2 * kana + ideographs - 3 * len(_STRANGE.findall(words))) / (len(words) or 1)
    if codec == "euc_jp" and not kana:
        # As likely GB 2312, which has the same form. Japanese hardly uses the second level of JIS X 0208.
        pairs = _PAIR.findall(sample)
        score -= 10 * sum(pair[0] >= 0xD0 for pair in pairs) / (len(pairs) or 1)
    return score


def _decode_iso_2022_jp(octets: bytes) -> str:
    """ISO-2022-JP with all that mailers put into it: half-width katakana and the characters of NEC and IBM."""
    for codec in ("iso2022_jp", "iso2022_jp_2"):
        try:
            return octets.decode(codec)
        except UnicodeError:
            continue
    # The sequences stand between the stretches that they announce.
    plain, *announced = _ESCAPE.split(octets)
    stretches = zip(announced[::2], announced[1::2], strict=True)
    return plain.decode("ascii", "replace") + "".join(_decode_stretch(escape, jis) for escape, jis in stretches)


def _decode_stretch(escape: bytes, jis: bytes) -> str:
    if escape in _WIDE:
        return _to_cp932(jis).decode("cp932", "replace")
    if escape == b"(I":
        return bytes(octet | 0x80 if octet > 0x20 else octet for octet in jis).decode("cp932", "replace")
    if escape == b"(B" or not escape.startswith(b"$"):
        return jis.decode("ascii", "replace")
    return (b"\x1b" + escape + jis).decode("iso2022_jp_2", "replace")


def _to_cp932(jis: bytes) -> bytes:
    """JIS X 0208 pairs as CP932, which knows the vendors' rows too; line ends and strays stay as they are."""
    written = bytearray()
    place = 0
    while place < len(jis):
        row, cell = jis[place], jis[place + 1] if place + 1 < len(jis) else 0
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            written.append(row)
            place += 1
            continue
        lead = (row - 0x21 >> 1) + 0x81
        written.append(lead if lead <= 0x9F else lead + 0x40)
        written.append(cell + (0x1F if cell < 0x60 else 0x20) if row & 1 else cell + 0x7E)
        place += 2
    return bytes(written)

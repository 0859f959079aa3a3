"""Names of files inside archives, which rarely say in which character set they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 512
"""Characters of a path that are kept; the end is kept, because that is where the extension is."""

_KANA = re.compile("[\x00-\x7f\uff66-\uff9f]*")
"""Half-width kana and ASCII: of what CP932 can say, nearly all that EUC-JP can be mistaken for."""


def guess_charset(names: Sequence[bytes]) -> str:
    """Guess the character set in which all names of one archive are written.

    UTF-8 (which macOS writes without saying so), EUC-JP, CP932 (which Windows writes in Japan), or else CP437, the
    standard's own (APPNOTE.TXT 4.4.17, appendix D), in which everything can be read.
    """
    whole = b"/".join(names)
    if _reads(whole, "utf-8"):
        return "utf-8"
    if _reads(whole, "euc_jp") and not _KANA.fullmatch(whole.decode("cp932", "replace")):
        return "euc_jp"
    return "cp932" if _reads(whole, "cp932") else "cp437"


def tidy(path: str) -> str:
    """The path with "/" between folders, without what leads out of the archive, cut at NUL and to `LONGEST`."""
    parts = path.partition("\0")[0].replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in {"", ".", ".."})[-LONGEST:]


def _reads(name: bytes, charset: str) -> bool:
    try:
        name.decode(charset)
    except UnicodeDecodeError:
        return False
    return True

"""What a file really is: by its first octets, by its name, and which trick its name plays.

The kinds, a closed set:

- `program`: a double click runs it, installs it or follows it to something that runs, on any system
- `archive`: files packed into one; has to be unpacked first
- `disk`: a disk image; a double click mounts it, and what lies in it is no longer marked as downloaded
- `document`: of an office suite, PDF or electronic book; may hold macros and links
- `html`: a page that a browser renders and whose scripts it runs, SVG and XHTML too
- `message`: a mail
- `picture`, `media` (sound and video), `text`
- nothing: neither content nor name tells
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

EXTENSIONS: Final[Mapping[str, str]] = {
    # The union of what Gmail ("File types blocked in Gmail", support.google.com/mail/answer/6590) and Outlook
    # ("Blocked attachments in Outlook", support.microsoft.com) refuse to carry, as of November 2026, and what does
    # the same on Linux and Apple's systems. Left out although refused, because a double click runs nothing on an
    # ordinary PC: sources and scripts that need an interpreter (py, pl, sh, csh, ksh, mjs, bas, asp, lib, nsh …; sent
    # in every source archive), certificates (cer, crt, der), data (mdb, mat, pst, tmp, prf …) and inf. A name that ends
    # in "com" is as often the title of a text ("Your order at example.com"): `kind` asks the content first.
    "program": (
        "exe scr pif cpl dll sys drv ocx vxd ex ex_ xll gadget xbap application appref-ms appinstaller "
        "msi msp mst msu msix msixbundle appx appxbundle "
        "js jse vb vbe vbs vsmacros ws wsc wsf wsh sct hta htc bat cmd "
        "ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psm1 psdm1 cdxml pssc msh msh1 msh2 mshxml msh1xml msh2xml "
        "lnk url website scf shb shs library-ms search-ms searchconnector-ms settingcontent-ms appcontent-ms "
        "theme themepack ins isp reg job msc osd wsb diagcab diagcfg diagpkg printerexport webpnp jnlp chm hlp its "
        "ade adp mde accde jar apk xpi crx "
        "app command workflow scpt scptd pkg mpkg kext mobileconfig desktop deb rpm snap flatpakref appimage"
    ),
    "archive": (
        "zip zipx 7z rar tar gz tgz taz bz2 tbz tbz2 xz txz lzma zst tzst z lz lzh lha arj ace cab cpio uue alz egg"
    ),
    "disk": "iso img vhd vhdx vmdk vdi dmg udf",
    "document": (
        "pdf rtf doc docx docm dot dotx dotm odt ott fodt xls xlsx xlsm xlsb xlt xltx xltm xla xlam ods ots slk iqy "
        "ppt pptx pptm pps ppsx ppsm pot potx potm ppa ppam odp otp odg pub vsd vsdx mdb accdb one onepkg xps oxps "
        "epub pages numbers key wps wpd hwp hwpx jtd jtdc ps eps"
    ),
    "html": "html htm xhtml xht shtml mht mhtml svg svgz",
    "message": "eml msg mbox emlx tnef",
    "picture": "png jpg jpeg jpe jfif gif bmp tif tiff webp heic heif avif ico psd ai",
    "media": "mp3 m4a wav ogg oga flac aac wma mp4 m4v mov avi mkv webm wmv mpg mpeg 3gp",
    "text": (
        "txt text csv tsv log md rst tex json xml xsd xsl yaml yml toml ini cfg conf css sql diff patch srt vtt ics "
        "vcf asc sig p7s p7m pem cer crt py pyi pl rb sh bash zsh csh c h cc cpp hpp cs java kt go rs ts tsx jsx mjs "
        "php"
    ),
}

KINDS: Final = frozenset({*EXTENSIONS, ""})

_BY_NAME: Final = frozenset({"program", "html", "disk"})
"""Kinds that a desktop runs, renders or mounts for the name alone: a picture's first octets do not disarm a .hta."""

_MAGIC: Final = (
    (0, b"\x7fELF", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),  # Mach-O for several processors; Java classes too
    (0, b"\xfe\xed\xfa\xce", "program"),
    (0, b"\xfe\xed\xfa\xcf", "program"),
    (0, b"\xce\xfa\xed\xfe", "program"),
    (0, b"\xcf\xfa\xed\xfe", "program"),
    (0, b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F", "program"),  # [MS-SHLLINK] 2.1: a Windows shortcut
    (0, b"ITSF\x03\0\0\0", "program"),  # compiled HTML help
    (0, b"dex\n", "program"),
    (0, b"Cr24", "program"),
    (0, b"xar!", "program"),  # an installer for macOS
    (0, b"!<arch>\ndebian-binary", "program"),
    (0, b"\xed\xab\xee\xdb", "program"),  # RPM
    (0, b"7z\xbc\xaf\x27\x1c", "archive"),
    (0, b"Rar!\x1a\x07", "archive"),
    (0, b"\x1f\x8b\x08", "archive"),
    (0, b"\x1f\x9d", "archive"),
    (0, b"BZh", "archive"),
    (0, b"\xfd7zXZ\0", "archive"),
    (0, b"\x28\xb5\x2f\xfd", "archive"),
    (0, b"LZIP\x01", "archive"),
    (0, b"MSCF\0\0\0\0", "archive"),
    (7, b"**ACE**", "archive"),
    (2, b"-lh", "archive"),
    (257, b"ustar", "archive"),
    (32769, b"CD001", "disk"),
    (32769, b"BEA01", "disk"),
    (0, b"vhdxfile", "disk"),
    (0, b"conectix", "disk"),
    (0, b"KDMV", "disk"),
    (0, b"{\\rtf", "document"),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "document"),  # OneNote
    (0, b"\x89PNG\r\n\x1a\n", "picture"),
    (0, b"\xff\xd8\xff", "picture"),
    (0, b"GIF87a", "picture"),
    (0, b"GIF89a", "picture"),
    (0, b"II*\0", "picture"),
    (0, b"MM\0*", "picture"),
    (0, b"8BPS", "picture"),
    (8, b"WEBP", "picture"),
    (4, b"ftyphei", "picture"),
    (4, b"ftypmif1", "picture"),
    (4, b"ftypavif", "picture"),
    (4, b"ftyp", "media"),
    (8, b"WAVEfmt", "media"),
    (8, b"AVI LIST", "media"),
    (0, b"ID3", "media"),
    (0, b"OggS", "media"),
    (0, b"fLaC", "media"),
    (0, b"\x1aE\xdf\xa3", "media"),
)
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCUMENT_ZIP: Final = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/", b"mimetype")
"""With what the archive inside an office document begins (ECMA-376-2, OpenDocument 1.3 part 2, EPUB 3.3)."""

_MARKUP: Final = re.compile(
    rb"(?>(?:\s+|<!--.*?-->|<\?.*?\?>)*)<(?:!doctype\s+html|html|head|body|script|iframe|svg|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # not ESC: ISO-2022-JP is text

_BLANKS: Final = (
    " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u00a0\u00ad\u115f\u1160\u1680\u180e\u2000\u2001\u2002\u2003\u2004"
    "\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060\u2800\u3000\u3164\ufeff\uffa0"
)
"""Whatever shows as a blank or not at all: a hyphen or filler as much as a space."""
_HIDDEN: Final = re.compile(rf"\.\w{{1,5}}[{_BLANKS}]{{5,}}+[^{_BLANKS}]|(?<![{_BLANKS}])[{_BLANKS}]{{5,}}+\.[\w-]+$")
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates (UAX #9), but not the marks, which stand in honest names of Hebrew files."""


def kind(filename: str, head: bytes = b"") -> str:
    """Tell what a file really is.

    Whatever runs is a program: content and name are each enough. Otherwise content is believed first, then the name.

    Args:
        filename: as the sender wrote it, with or without folders.
        head: its first octets; empty where they cannot be read. `reach` says how many would be needed.

    Returns:
        One of `KINDS`.
    """
    last = extension(filename)
    named = _kinds_by_extension().get(last, "")
    found = _kind_by_magic(head, named) if head else ""
    if found == "program" or named not in _BY_NAME:
        return found or named or _kind_of_characters(head) or ("program" if last == "com" else "")
    return named


def reach(head: bytes) -> int:
    """How many of a file's first octets `kind` needs, judged by those in `head`: for some programs, more than these."""
    return _header_offset(head) + 4 if head.startswith(b"MZ") and len(head) >= 64 else len(head)


def extension(filename: str) -> str:
    """The last extension, in lower case, without its dot; as Windows reads it, blind to dots and blanks behind it."""
    name = _trim(filename).replace("\\", "/").rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def disguise(filename: str) -> str:
    """Tell which trick a name plays on its reader.

    Returns:
        "bidi": invisible characters turn round the order in which it is shown;
        "hidden by blanks": its extension is pushed out of sight;
        "double extension": what runs poses as something to read ("invoice.pdf.exe");
        "trailing dot": Windows drops the end, and what remains runs ("invoice.exe.");
        "" for an honest name.
    """
    name = _trim(filename)
    if _TURNING.search(name):
        return "bidi"
    if _HIDDEN.search(name):
        return "hidden by blanks"
    real, posed = kind(name), kind("x." + extension(name.rpartition(".")[0]))
    if (real in {"program", "disk"} and posed not in {"program", ""}) or (real, posed) == ("html", "document"):
        return "double extension"
    return "trailing dot" if real in _BY_NAME and name != filename else ""


def _trim(filename: str) -> str:
    """What Windows makes of a name: cut at NUL, without dots and blanks at its end; its last 512 characters only."""
    return filename.partition("\0")[0].rstrip(_BLANKS + ".")[-512:]


@cache
def _kinds_by_extension() -> dict[str, str]:
    return {extension: kind for kind, extensions in EXTENSIONS.items() for extension in extensions.split()}


def _kind_by_magic(head: bytes, named: str) -> str:
    if _is_portable_executable(head):
        return "program"
    if head.startswith(_ZIP):
        return _kind_of_zip(head, named)
    if head.startswith(_OLE):  # [MS-CFB]: documents, mails and installers share it; installers are told by name
        return "message" if named == "message" else "document"
    if b"%PDF-" in head[:1024]:  # where Adobe's own reader still finds it
        return "document"
    return next((kind for offset, magic, kind in _MAGIC if head.startswith(magic, offset)), "")


def _kind_of_zip(head: bytes, named: str) -> str:
    if named == "archive":
        return "archive"
    return "document" if named == "document" or head.startswith(_DOCUMENT_ZIP, 30) else "archive"


def _kind_of_characters(head: bytes) -> str:
    if _MARKUP.match(head[:4096].removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return "text" if _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return bool(head) and not _CONTROL.search(head, 0, 1024)


def _is_portable_executable(head: bytes) -> bool:
    """Whether "PE" stands where the DOS header says ([PE Format], e_lfanew): "MZ" alone begins many a harmless text."""
    return head.startswith(b"MZ") and len(head) >= 64 and head.startswith(b"PE\0\0", _header_offset(head))


def _header_offset(head: bytes) -> int:
    return int.from_bytes(head[60:64], "little")

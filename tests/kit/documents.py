"""Office documents to look into, built in memory and harmless: no macro here has code, no object a program."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from uuid import UUID

from tests.kit.archives import PNG, pack_zip

# Office Open XML and OpenDocument.

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships/"
TYPES = "application/vnd.openxmlformats-officedocument."
XML = '<?xml version="1.0" encoding="UTF-8"?>'
LOCAL_TEMPLATE = "file:///C:\\Users\\Hanako\\AppData\\Roaming\\Microsoft\\Templates\\Normal.dotm"

Relation = tuple[str, str, bool]
"""Type, target, and whether it lies outside."""


def relate(*relations: Relation) -> bytes:
    """A part of relationships."""
    rows = []
    for number, (kind, target, is_external) in enumerate(relations, 1):
        name = kind if ":" in kind else OFFICE + kind
        mode = ' TargetMode="External"' if is_external else ""
        rows.append(f'<Relationship Id="rId{number}" Type="{name}" Target="{target}"{mode}/>')
    return f'{XML}<Relationships xmlns="urn:r">{"".join(rows)}</Relationships>'.encode()


def list_types(overrides: Mapping[str, str], **defaults: str) -> bytes:
    """[Content_Types].xml: types by part, and by extension."""
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"} | defaults
    rows = [f'<Default Extension="{extension}" ContentType="{kind}"/>' for extension, kind in defaults.items()]
    rows += [f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides.items()]
    return f'{XML}<Types xmlns="urn:t">{"".join(rows)}</Types>'.encode()


def pack_office(main: str, kind: str, parts: Mapping[str, bytes]) -> bytes:
    """A document whose main part is `main`; `parts` come on top of what every document has, or in its place."""
    common = {
        "[Content_Types].xml": list_types({main: kind}, png="image/png"),
        "_rels/.rels": relate(("officeDocument", main, False)),
        "docProps/core.xml": b"<coreProperties/>",
        main: b"<main/>",
    }
    return pack_zip({**common, **parts})


def docx(parts: Mapping[str, bytes] | None = None, *relations: Relation) -> bytes:
    """A letter with a picture and a local template; `relations` are those of its text."""
    always = {
        "word/settings.xml": b"<w:settings xmlns:w='urn:w'><w:attachedTemplate/></w:settings>",
        "word/_rels/settings.xml.rels": relate(("attachedTemplate", LOCAL_TEMPLATE, True)),
        "word/_rels/document.xml.rels": relate(
            ("settings", "settings.xml", False), ("image", "media/image1.png", False), *relations
        ),
        "word/media/image1.png": PNG,
        "word/document.xml": write_text("お世話になっております。"),
    }
    return pack_office("word/document.xml", TYPES + "wordprocessingml.document.main+xml", {**always, **(parts or {})})


def xlsx(parts: Mapping[str, bytes] | None = None, *relations: Relation) -> bytes:
    """A workbook with one sheet and the settings of a printer; `relations` are those of the sheet."""
    main, sheet = "xl/workbook.xml", "xl/worksheets/sheet1.xml"
    always = {
        "[Content_Types].xml": list_types(
            {main: TYPES + "spreadsheetml.sheet.main+xml", sheet: TYPES + "spreadsheetml.worksheet+xml"},
            bin=TYPES + "spreadsheetml.printerSettings",
        ),
        "xl/_rels/workbook.xml.rels": relate(("worksheet", "worksheets/sheet1.xml", False)),
        "xl/worksheets/_rels/sheet1.xml.rels": relate(
            ("printerSettings", "../printerSettings/printerSettings1.bin", False), *relations
        ),
        "xl/printerSettings/printerSettings1.bin": b"P\0r\0i\0n\0t\0" * 20,
        sheet: b"<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>",
    }
    return pack_office(main, TYPES + "spreadsheetml.sheet.main+xml", {**always, **(parts or {})})


def pptx(parts: Mapping[str, bytes] | None = None, *relations: Relation) -> bytes:
    """Slides with a chart and, as always, the table of its figures."""
    always = {
        "ppt/slides/slide1.xml": b"<sld/>",
        "ppt/slides/_rels/slide1.xml.rels": relate(("chart", "../charts/chart1.xml", False), *relations),
        "ppt/charts/chart1.xml": b"<chartSpace/>",
        "ppt/charts/_rels/chart1.xml.rels": relate(("package", "../embeddings/Microsoft_Excel_Worksheet.xlsx", False)),
        "ppt/embeddings/Microsoft_Excel_Worksheet.xlsx": xlsx(),
    }
    kind = TYPES + "presentationml.presentation.main+xml"
    return pack_office("ppt/presentation.xml", kind, {**always, **(parts or {})})


def write_text(text: str = "", *runs: str, simple: str = "") -> bytes:
    """word/document.xml; each run is "begin", "separate", "end", or a piece of a field's instruction."""
    marks = {run: f'<w:fldChar w:fldCharType="{run}"/>' for run in ("begin", "separate", "end")}
    pieces = (marks.get(run, f"<w:instrText>{run}</w:instrText>") for run in runs)
    body = f"<w:p><w:r><w:t>{text}</w:t></w:r>" + "".join(f"<w:r>{piece}</w:r>" for piece in pieces) + "</w:p>"
    if simple:
        body += f'<w:p><w:fldSimple w:instr="{simple}"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'
    return f'{XML}<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>'.encode()


def odt(body: str = "", parts: Mapping[str, bytes] | None = None, kind: str = "text") -> bytes:
    """An OpenDocument file with a picture."""
    content = (
        f'{XML}<office:document-content xmlns:office="urn:o" xmlns:text="urn:t" xmlns:draw="urn:d"'
        ' xmlns:xlink="urn:x" xmlns:script="urn:s" xmlns:table="urn:b"><office:body><text:p>手紙</text:p>'
        f'<draw:image xlink:href="Pictures/1.png"/>{body}</office:body></office:document-content>'
    )
    always = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
        "content.xml": content.encode(),
        "Pictures/1.png": PNG,
        "META-INF/manifest.xml": b"<manifest/>",
    }
    return pack_zip({**always, **(parts or {})}, 0)


# Compound files.

_END, _FREE, _NONE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFD


def pack_compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of version 3 ([MS-CFB]); a path that ends in "/" is an empty storage."""
    paths = sorted({path.rstrip("/")[:end] for path in streams for end in _ends(path.rstrip("/"))})
    sectors, small = _Sectors(512), _Sectors(64)
    places = {
        path: (small if len(content) < 4096 else sectors).put(content) for path, content in streams.items() if content
    }
    mini_start = sectors.put(bytes(small.content))
    mini_table = sectors.put(struct.pack(f"<{len(small.table)}L", *small.table))
    root = (_NONE, _NONE, _middle(paths, _row(paths, "")))
    entries = [_directory_entry("Root Entry", 5, root, mini_start, len(small.content))]
    for path in paths:
        content = streams.get(path)
        kind, size = (1, 0) if content is None else (2, len(content))
        links = (*_siblings(paths, path), _middle(paths, _row(paths, path)))
        entries.append(_directory_entry(path.rpartition("/")[2], kind, links, places.get(path, _END), size))
    directory = sectors.put(b"".join(entries))
    first, count = len(sectors.table), len(sectors.table) // 127 + 1
    table = [*sectors.table, *[_TABLE] * count]
    table += [_FREE] * (128 * count - len(table))
    header = struct.pack("<8s16sHHHHH6s", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 62, 3, 0xFFFE, 9, 6, b"")
    minis = -(-len(small.table) * 4 // 512)
    header += struct.pack("<10L", 0, count, directory, 0, 4096, mini_table if minis else _END, minis, _END, 0, first)
    header += struct.pack("<108L", *[first + number if number < count else _FREE for number in range(1, 109)])
    return header + bytes(sectors.content) + struct.pack(f"<{len(table)}L", *table)


class _Sectors:
    """Sectors of one size, and the table that chains them."""

    def __init__(self, size: int) -> None:
        self.content = bytearray()
        self.table: list[int] = []
        self._size = size

    def put(self, octets: bytes) -> int:
        """Where they begin."""
        start, count = len(self.table), -(-len(octets) // self._size)
        if not count:
            return _END
        self.table += [*range(start + 1, start + count), _END]
        self.content += octets.ljust(count * self._size, b"\0")
        return start


def _ends(path: str) -> list[int]:
    return [place for place, letter in enumerate(path) if letter == "/"] + [len(path)]


def _row(paths: list[str], folder: str) -> list[str]:
    """What lies directly in a folder, in the order of the format: shorter names first."""
    inside = [path for path in paths if path.rpartition("/")[0] == folder]
    return sorted(inside, key=lambda path: (len(path), path.upper()))


def _middle(paths: list[str], row: list[str]) -> int:
    """The entry of the one in the middle, from which the tree of the row hangs."""
    return paths.index(row[len(row) // 2]) + 1 if row else _NONE


def _siblings(paths: list[str], path: str) -> tuple[int, int]:
    """The two halves that hang below `path` in the tree of its folder."""
    row = _row(paths, path.rpartition("/")[0])
    while row[len(row) // 2] != path:
        half = len(row) // 2
        row = row[:half] if row.index(path) < half else row[half + 1 :]
    half = len(row) // 2
    return _middle(paths, row[:half]), _middle(paths, row[half + 1 :])


def _directory_entry(name: str, kind: int, links: tuple[int, int, int], start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack("<64sHBB3L16sL16sLQ", raw, len(raw) + 2, kind, 1, *links, b"", 0, b"", start, size)


def doc(text: str = "手紙", flags: int = 0, template: str = "Normal", more: Mapping[str, bytes] | None = None) -> bytes:
    """A letter of Word 97 ([MS-DOC]); fields in `text` stand between the characters 19, 20 and 21."""
    strings = ["", template, *[""] * 16]
    table = b"\xff\xff\x12\0\0\0" + b"".join(
        struct.pack("<H", len(each)) + each.encode("utf-16-le") for each in strings
    )
    header = bytearray(0x400)
    struct.pack_into("<HHHHHH", header, 0, 0xA5EC, 193, 0, 0x411, 0, flags | 0x200)
    struct.pack_into("<LL", header, 0x19A, 0, len(table))
    always = {"WordDocument": bytes(header) + text.encode("utf-16-le"), "1Table": table, "ObjectPool/": b""}
    return pack_compound({**always, **(more or {})})


def record(kind: int, octets: bytes = b"") -> bytes:
    """One record of a workbook ([MS-XLS])."""
    return struct.pack("<HH", kind, len(octets)) + octets


def sheet(name: str, kind: int = 0) -> bytes:
    """BOUNDSHEET: 0 is an ordinary sheet, 1 one of macros, 2 a chart."""
    return record(0x85, struct.pack("<LBBBB", 0, 0, kind, len(name), 0) + name.encode("ascii"))


def source(path: bytes) -> bytes:
    """SUPBOOK: where cells come from."""
    return record(0x1AE, struct.pack("<HHB", 0, len(path), 0) + path)


def xls(*records: bytes, more: Mapping[str, bytes] | None = None) -> bytes:
    """A workbook of Excel 97."""
    start = record(0x809, struct.pack("<HHHH", 0x600, 5, 0, 0))
    return pack_compound({"Workbook": start + b"".join(records) + record(0x0A), **(more or {})})


def ppt(*atoms: bytes, is_locked: bool = False) -> bytes:
    """Slides of PowerPoint 97 ([MS-PPT])."""
    token = 0xF3D1C4DF if is_locked else 0xE391C05F
    user = struct.pack("<HHLLL", 0, 0xFF6, 20, 20, token) + bytes(12)
    return pack_compound({"PowerPoint Document": b"".join(atoms) + bytes(64), "Current User": user})


def slide_code(has_macros: int) -> bytes:
    """VBAInfoContainer: every set of slides may have it, few have macros."""
    return struct.pack("<HHLHHLLLL", 0x1F, 0x3FF, 20, 2, 0x400, 12, 7, has_macros, 2)


def msg(attachments: Mapping[str, bytes] | None = None, text: str = "", html: bytes = b"") -> bytes:
    """A mail as Outlook saves it ([MS-OXMSG])."""
    streams = {"__properties_version1.0": bytes(32), "__substg1.0_1000001F": text.encode("utf-16-le") or b"\0"}
    if html:
        streams["__substg1.0_10130102"] = html
    for number, (name, content) in enumerate((attachments or {}).items()):
        folder = f"__attach_version1.0_#{number:08X}"
        streams[f"{folder}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"{folder}/__substg1.0_37010102"] = content
    return pack_compound(streams)


# Objects.


def native(name: str, content: bytes) -> bytes:
    """The file in a package, as its stream Ole10Native holds it."""
    label = name.encode("cp932") + b"\0"
    path = b"C:\\Temp\\" + label
    rest = b"\x02\0" + label + path + struct.pack("<HHL", 0, 3, len(path)) + path
    rest += struct.pack("<L", len(content)) + content
    return struct.pack("<L", len(rest)) + rest


def moniker(url: str) -> bytes:
    """A link to an address ([MS-OSHARED] 2.3.7.6)."""
    raw = url.encode("utf-16-le") + b"\0\0"
    return UUID("79eac9e0-baf9-11ce-8c82-00aa004ba90b").bytes_le + struct.pack("<L", len(raw)) + raw


def describe(name: str) -> bytes:
    """The stream CompObj of an object that calls itself `name`."""
    raw = name.encode("ascii") + b"\0"
    return bytes(28) + struct.pack("<L", len(raw)) + raw + bytes(12)


def ole1(name: str, data: bytes, topic: str = "") -> bytes:
    """An object as OLE 1 writes it and RTF keeps it ([MS-OLEDS] 2.2.4)."""
    raws = [text.encode() + b"\0" if text else b"" for text in (name, topic, "")]
    texts = [struct.pack("<L", len(raw)) + raw for raw in raws]
    return struct.pack("<LL", 0x501, 2) + b"".join(texts) + struct.pack("<L", len(data)) + data


def onenote(files: Iterable[bytes], names: Iterable[str] = (), page: str = "議事録") -> bytes:
    """A section of OneNote ([MS-ONESTORE]) with these files; `names` are properties, `page` its text."""
    guid = UUID("bde316e7-2665-4511-a4c4-8d4d0b7a9eac").bytes_le
    header = UUID("7b5c52e4-d88c-4da7-aeb1-5378d02996d3").bytes_le + bytes(1008)
    texts = [name.encode("utf-16-le") + b"\0\0" for name in (page, *names)]
    properties = b"".join(struct.pack("<L", len(text)) + text for text in texts)
    stored = (guid + struct.pack("<QLQ", len(each), 0, 0) + each + bytes(-len(each) % 8) + bytes(16) for each in files)
    return header + properties + b"".join(stored)

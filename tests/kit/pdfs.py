"""PDF documents, put together object by object: harmless, whatever they claim to do."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import Image
from PIL.TiffImagePlugin import STRIPBYTECOUNTS, STRIPOFFSETS, TiffImageFile

from tests.kit.pictures import encode


class Document:
    """A PDF under construction. Every part added is part of one page, or of the whole document."""

    def __init__(self, pages: int = 1) -> None:
        self.pdf = Pdf.new()
        for _ in range(pages):
            self.pdf.add_blank_page(page_size=(595, 842))
        self.root = self.pdf.Root

    def annotate(self, *annotations: Dictionary, page: int = 0) -> Document:
        """Add annotations to a page."""
        target = self.pdf.pages[page].obj
        target.Annots = Array([*target.get("/Annots", []), *map(self.pdf.make_indirect, annotations)])
        return self

    def set(self, key: str, value: Object) -> Document:
        """Set an entry of the catalogue."""
        self.root[key] = value
        return self

    def name(self, tree: str, *pairs: tuple[str, Object]) -> Document:
        """Fill a name tree of one leaf."""
        leaf = Array([each for name, value in pairs for each in (String(name), value)])
        if "/Names" not in self.root:
            self.root.Names = Dictionary()
        self.root.Names[tree] = Dictionary(Kids=Array([Dictionary(Names=leaf)]))
        return self

    def draw(self, *pictures: Stream, page: int = 0) -> Document:
        """Let a page show pictures."""
        named = {f"/Im{number}": picture for number, picture in enumerate(pictures)}
        self.pdf.pages[page].obj.Resources = Dictionary(XObject=Dictionary(named))
        return self

    def stream(self, content: bytes, **entries: Any) -> Stream:
        """A stream, as it is."""
        return Stream(self.pdf, content, Dictionary(**entries))

    def packed(self, content: bytes, **entries: Any) -> Stream:
        """A deflated stream."""
        return self.stream(zlib.compress(content), Filter=Name.FlateDecode, **entries)

    def form(self, *pictures: Stream) -> Stream:
        """A form that shows pictures, or other forms."""
        named = {f"/Im{number}": picture for number, picture in enumerate(pictures)}
        shown = Dictionary(XObject=Dictionary(named))
        return self.stream(b"/Im0 Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Resources=shown)

    def outline(self, *actions: Dictionary) -> Document:
        """An outline with an entry for each action, beside each other."""
        entries = [self.pdf.make_indirect(Dictionary(Title=String("entry"), A=each)) for each in actions]
        for entry, following in pairwise(entries):
            entry.Next = following
        return self.set("/Outlines", Dictionary(First=entries[0]))

    def picture(self, image: Image.Image, **entries: Any) -> Stream:
        """An image XObject, deflated."""
        space = {"1": "/DeviceGray", "L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}[image.mode]
        bits = 1 if image.mode == "1" else 8
        shape = self._shape(image)
        return self.packed(image.tobytes(), **shape, ColorSpace=Name(space), BitsPerComponent=bits, **entries)

    def jpeg(self, image: Image.Image, octets: bytes) -> Stream:
        """An image XObject that is a JPEG file."""
        space = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB
        return self.stream(octets, **self._shape(image), ColorSpace=space, BitsPerComponent=8, Filter=Name.DCTDecode)

    def fax(self, image: Image.Image) -> Stream:
        """An image XObject of two colours in CCITT Group 4 coding, as Pillow writes it into a TIFF file."""
        written = encode(image, "TIFF", compression="group4")
        tags = TiffImageFile(io.BytesIO(written)).tag_v2
        offset, octets = tags[STRIPOFFSETS][0], tags[STRIPBYTECOUNTS][0]
        parameters = Dictionary(K=-1, Columns=image.width, Rows=image.height)
        coding = {"Filter": Name.CCITTFaxDecode, "DecodeParms": parameters, "BitsPerComponent": 1}
        content = written[offset : offset + octets]
        return self.stream(content, **self._shape(image), **coding, ColorSpace=Name.DeviceGray)

    def file(self, name: str, content: bytes) -> Dictionary:
        """A file specification with the file."""
        stream = self.packed(content, Type=Name.EmbeddedFile)
        return Dictionary(Type=Name.Filespec, F=String(name), UF=String(name), EF=Dictionary(F=stream))

    def save(self, **options: Any) -> bytes:
        """The document, written."""
        buffer = io.BytesIO()
        self.pdf.save(buffer, static_id=True, **options)
        return buffer.getvalue()

    def encrypt(self, user: str = "", owner: str = "owner") -> bytes:
        """The document, encrypted; it opens without a password where `user` is empty."""
        buffer = io.BytesIO()
        self.pdf.save(buffer, encryption=pikepdf.Encryption(user=user, owner=owner))
        return buffer.getvalue()

    @staticmethod
    def _shape(image: Image.Image) -> dict[str, Any]:
        return {"Type": Name.XObject, "Subtype": Name.Image, "Width": image.width, "Height": image.height}


def action(kind: str, **entries: Any) -> Dictionary:
    """An action: /URI, /Launch, /JavaScript, /SubmitForm and others."""
    return Dictionary(S=Name(f"/{kind}"), **entries)


def link(address: str) -> Dictionary:
    """A link annotation to a site."""
    return annotation("Link", A=action("URI", URI=String(address)))


def annotation(kind: str, **entries: Any) -> Dictionary:
    """An annotation of some square inches."""
    return Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([0, 0, 99, 99]), **entries)


def open_with(first: Dictionary) -> bytes:
    """A document of one page that does something when it is opened."""
    return Document().set("/OpenAction", first).save()


def link_all(addresses: Iterable[str], page_of: int = 1) -> bytes:
    """A document with a link to each address, spread evenly over so many pages."""
    document = Document(page_of)
    links = list(map(link, addresses))
    for page in range(page_of):
        document.annotate(*links[page::page_of], page=page)
    return document.save()


def deep_names(depth: int) -> bytes:
    """A name tree of one branch, at whose end a script stands."""
    document = Document()
    knot = Dictionary(Names=Array([String("a"), action("JavaScript", JS=String("app.alert(1)"))]))
    for _ in range(depth):
        knot = Dictionary(Kids=Array([document.pdf.make_indirect(knot)]))
    return document.set("/Names", Dictionary(JavaScript=knot)).save()


def inflated(width: int, height: int, octets: int) -> Document:
    """A document with a picture in grey whose stream holds so many octets, whatever its size would need."""
    made = Document()
    shape = {"Type": Name.XObject, "Subtype": Name.Image, "Width": width, "Height": height}
    return made.draw(made.packed(bytes(octets), **shape, BitsPerComponent=8, ColorSpace=Name.DeviceGray))


def circle(tree: str, branch: str) -> Document:
    """A document of which one tree has only one branch: its own root."""
    made = Document()
    root = made.pdf.make_indirect(Dictionary())
    root[branch] = Array([root, root]) if branch == "/Kids" else root
    return made.set(tree, root)

"""PDF documents: what is found in them, what is left alone, and what it may cost."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Object, String
from PIL import Image

from tests.kit.archives import PDF, PROGRAM
from tests.kit.pdfs import Document, action, annotation, circle, deep_names, inflated, link, link_all
from tests.kit.pictures import ADDRESS, crowd_of_eyes, draw_code, draw_scene, encode, look_caged, put_on_page
from watcher.attachments.contents.pdf import look, recognises
from watcher.attachments.limits import LONGEST_DETAIL, MIB
from watcher.model import Trait

SCRIPT = "app.alert('hello');"
POST = "https://c.example/post"


def script(code: str = SCRIPT) -> Dictionary:
    """A JavaScript action."""
    return action("JavaScript", JS=String(code))


def submit(target: Object) -> Dictionary:
    """An action that sends a form."""
    return action("SubmitForm", F=target)


def site(address: str) -> Dictionary:
    """A file specification that is a URL."""
    return Dictionary(FS=Name.URL, F=String(address))


def web(address: str, **entries: Object) -> Dictionary:
    """An action that opens a site."""
    return action("URI", URI=String(address), **entries)


def paint(image: Image.Image, page: int = 0) -> Document:
    """A document with a picture on one of its pages."""
    made = Document(page + 1)
    return made.draw(made.picture(image), page=page)


def carry(name: str, content: bytes) -> Document:
    """A document with a file in it."""
    made = Document()
    return made.name("/EmbeddedFiles", (name, made.file(name, content)))


def photograph(image: Image.Image, **options: int) -> Document:
    """A document with a JPEG on its page."""
    made = Document()
    return made.draw(made.jpeg(image, encode(image, "JPEG", **options)))


def scripted_page() -> Document:
    """A document whose page does something when it is turned to."""
    (made := Document()).pdf.pages[0].obj.AA = Dictionary(O=script())
    return made


def streamed_script(*, packed: bool, padding: int = 0) -> Document:
    """A document with a script that is a stream."""
    made, code = Document(), SCRIPT.encode("utf-16") + bytes(padding)
    stream = made.packed(code) if packed else made.stream(code)
    return made.set("/OpenAction", action("JavaScript", JS=stream))


def attached(name: str, content: bytes) -> Document:
    """A document with a file behind a paper clip."""
    made = Document()
    return made.annotate(annotation("FileAttachment", FS=made.file(name, content)))


def nested_picture() -> Document:
    """A code in a form that is shown in a form."""
    made = Document()
    return made.draw(made.form(made.form(made.picture(draw_code()))))


def inherited_picture() -> Document:
    """A code in the resources that all pages share."""
    made = paint(draw_code())
    page = made.pdf.pages[0].obj
    made.root.Pages.Resources = page.Resources
    del page.Resources
    return made


def masked_picture() -> Document:
    """A code that is the shape of a black rectangle."""
    made = Document()
    code = draw_code()
    return made.draw(made.picture(Image.new("RGB", code.size), SMask=made.picture(code)))


def indexed_picture() -> Document:
    """A code in two colours of a palette."""
    made = Document()
    picture = made.picture(draw_code().convert("1"))
    picture.ColorSpace = Array([Name.Indexed, Name.DeviceRGB, 1, String(b"\x20\x20\x80\xf0\xf0\xf0")])
    return made.draw(picture)


def faxed_picture() -> Document:
    """A code in the coding of a fax machine."""
    made = Document()
    return made.draw(made.fax(draw_code().convert("1")))


FIELD = Dictionary(T=String("a"), Kids=Array([Dictionary(AA=Dictionary(K=script()))]))

GUILTY: dict[str, tuple[Callable[[], Document], Trait, str]] = {
    "program at opening": (
        lambda: Document().set(
            "/OpenAction", action("Launch", Win=Dictionary(F=String("cmd.exe"), P=String("/c start")))
        ),
        Trait.LAUNCH,
        "cmd.exe /c start",
    ),
    "file at a click": (
        lambda: Document().annotate(annotation("Link", A=action("Launch", F=Dictionary(F=String("a.exe"))))),
        Trait.LAUNCH,
        "a.exe",
    ),
    "script at opening": (lambda: Document().set("/OpenAction", script()), Trait.SCRIPT, SCRIPT),
    "script in a stream": (lambda: streamed_script(packed=False), Trait.SCRIPT, SCRIPT),
    "script in a packed stream": (lambda: streamed_script(packed=True), Trait.SCRIPT, SCRIPT),
    "script at closing": (lambda: Document().set("/AA", Dictionary(WC=script())), Trait.SCRIPT, SCRIPT),
    "script of a page": (scripted_page, Trait.SCRIPT, SCRIPT),
    "script of a field": (
        lambda: Document().set("/AcroForm", Dictionary(Fields=Array([FIELD]))),
        Trait.SCRIPT,
        SCRIPT,
    ),
    "script of a film": (
        lambda: Document().annotate(annotation("Screen", A=action("Rendition", JS=String(SCRIPT)))),
        Trait.SCRIPT,
        SCRIPT,
    ),
    "named script": (lambda: Document().name("/JavaScript", ("a", script())), Trait.SCRIPT, SCRIPT),
    "script behind a jump": (
        lambda: Document().set("/OpenAction", action("Named", N=Name.NextPage, Next=Array([script()]))),
        Trait.SCRIPT,
        SCRIPT,
    ),
    "form": (lambda: Document().annotate(annotation("Screen", A=submit(site(POST)))), Trait.FORM, POST),
    "form by name": (lambda: Document().annotate(annotation("Screen", A=submit(String(POST)))), Trait.FORM, POST),
    "file": (lambda: carry("資料.txt", b"text"), Trait.EMBEDDED_FILE, "資料.txt"),
    "program": (lambda: carry("a.js", b"var a;"), Trait.EMBEDDED_FILE, "a.js (program)"),
    "program in disguise": (lambda: carry("a.pdf", PROGRAM), Trait.EMBEDDED_FILE, "a.pdf (program)"),
    "file behind a clip": (lambda: attached("a.exe", b""), Trait.EMBEDDED_FILE, "a.exe (program)"),
    "link": (lambda: Document().annotate(link("https://a.example/")), Trait.LINK, "https://a.example/"),
    "link in the outline": (lambda: Document().outline(web("https://a.example/")), Trait.LINK, "https://a.example/"),
    "link at opening": (lambda: Document().set("/OpenAction", web("http://a.example")), Trait.LINK, "http://a.example"),
    "code": (lambda: paint(draw_code()), Trait.QR_CODE, ADDRESS),
    "code on the third page": (lambda: paint(draw_code(), 2), Trait.QR_CODE, ADDRESS),
    "code of two colours": (lambda: paint(draw_code().convert("1")), Trait.QR_CODE, ADDRESS),
    "code in colour": (lambda: paint(draw_code().convert("RGB")), Trait.QR_CODE, ADDRESS),
    "code for print": (lambda: paint(draw_code().convert("RGB").convert("CMYK")), Trait.QR_CODE, ADDRESS),
    "code with palette": (indexed_picture, Trait.QR_CODE, ADDRESS),
    "code in a scan": (lambda: photograph(put_on_page(draw_code()), quality=50), Trait.QR_CODE, ADDRESS),
    "code in a fax": (faxed_picture, Trait.QR_CODE, ADDRESS),
    "code in a form": (nested_picture, Trait.QR_CODE, ADDRESS),
    "code for all pages": (inherited_picture, Trait.QR_CODE, ADDRESS),
    "code as a shape": (masked_picture, Trait.QR_CODE, ADDRESS),
}
"""Each holds one thing that has to be found."""

INNOCENT: dict[str, Callable[[], Document]] = {
    "blank": Document,
    "many pages": lambda: Document(300),
    "invoice": lambda: paint(draw_scene(300, 80).convert("RGB")),
    "scan": lambda: photograph(put_on_page(draw_scene(300, 300).convert("L"))),
    "scan of three pages": lambda: paint(put_on_page(Image.new("L", (99, 99), 60)), 2),
    "fax": lambda: paint(put_on_page(draw_scene(300, 300).convert("L")).convert("1")),
    "photo": lambda: photograph(draw_scene()),
    "spacer": lambda: paint(Image.new("L", (1, 1))),
    "opens at a page": lambda: Document().set("/OpenAction", Array([String("first"), Name.Fit])),
    "opens at a name": lambda: Document().set("/OpenAction", String("first")),
    "links within": lambda: Document().annotate(annotation("Link", A=action("GoTo", D=String("second")))),
    "links to a destination": lambda: Document().annotate(annotation("Link", Dest=String("second"))),
    "outline": lambda: Document().outline(*[action("GoTo", D=String(str(number))) for number in range(50)]),
    "print button": lambda: Document().annotate(annotation("Screen", A=action("Named", N=Name.Print))),
    "reset button": lambda: Document().annotate(annotation("Screen", A=action("ResetForm"))),
    "notes": lambda: Document().annotate(annotation("Text", Contents=String("see https://a.example"))),
    "form to fill in": lambda: Document().set("/AcroForm", Dictionary(Fields=Array([Dictionary(T=String("name"))]))),
    "destinations": lambda: Document().name("/Dests", ("a", Array([0, Name.Fit])), ("b", Array([1, Name.Fit]))),
    "sound": lambda: Document().annotate(annotation("Screen", A=action("Sound"))),
    "layers": lambda: Document().annotate(annotation("Link", A=action("SetOCGState"))).set("/Lang", String("ja-JP")),
    "ticket": lambda: paint(draw_code("TICKET 2026-11-24 ROW 7 SEAT 12")),
    "bank slip": lambda: paint(draw_code("BCD\n002\n1\nSCT\n\nExample GmbH\nDE02120300000000202051\nEUR12.30")),
    "wifi": lambda: paint(draw_code("WIFI:T:WPA;S:guests;P:welcome123;;")),
    "one-time passwords": lambda: paint(draw_code("otpauth://totp/shop:me?secret=JBSWY3DPEHPK3PXP")),
    "code on the fourth page": lambda: paint(draw_code(), 3),
    "empty trees": lambda: Document().set("/Names", Dictionary(JavaScript=Dictionary(), EmbeddedFiles=Dictionary())),
    "odd types": lambda: Document().set("/AA", Array([1])).set("/Names", Name.No).set("/Outlines", String("none")),
    "action without a kind": lambda: Document().set("/OpenAction", Dictionary()).annotate(annotation("Link", A=Name.A)),
    "page labels": lambda: Document().set("/PageLabels", Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))),
    "article threads": lambda: Document().annotate(annotation("Link", A=action("Thread", D=0))),
    "empty link": lambda: Document().annotate(link("")),
    "rubbish for annotations": lambda: Document().annotate(annotation("Link", A=web("", Next=Array([1, Name.No])))),
}
"""Nothing stands in these that leads elsewhere or acts."""


@pytest.mark.parametrize("name", GUILTY)
def test_what_acts_is_found(name: str) -> None:
    """Each thing that acts, is carried along or leads elsewhere is found, alone, and quoted as it stands."""
    build, trait, detail = GUILTY[name]
    content = build().save()

    assert recognises("", content[:4096])
    assert [(finding.trait, finding.detail) for finding in look("", content)] == [(trait, detail)]


@pytest.mark.parametrize("name", INNOCENT)
def test_ordinary_documents_have_nothing(name: str) -> None:
    """Jumps, outlines, forms, notes, scans, tickets and what is oddly put together raise neither finding nor error."""
    content = INNOCENT[name]().save()

    assert recognises("", content[:4096])
    assert list(look("", content)) == []


def test_a_brochure_has_links_only() -> None:
    """An ordinary document with pictures and links to sites has a finding for each site, and no other."""
    addresses = [f"https://www.shop.example/{number}" for number in range(40)]
    made = paint(draw_scene(), 2).annotate(*map(link, [*addresses, *addresses]))

    assert [(finding.trait, finding.detail) for finding in look("", made.save())] == [
        (Trait.LINK, address) for address in addresses
    ]


@pytest.mark.parametrize("mode", list(pikepdf.ObjectStreamMode))
def test_objects_that_are_packed_together_are_read(mode: pikepdf.ObjectStreamMode) -> None:
    """It makes no difference whether objects stand in the open or are packed into a stream."""
    content = Document().annotate(link("https://a.example/")).save(object_stream_mode=mode)
    assert [finding.detail for finding in look("", content)] == ["https://a.example/"]


def test_a_document_that_needs_a_password_is_encrypted() -> None:
    """A password that is needed to open a document is told; nothing else can be."""
    content = Document().annotate(link("https://a.example/")).encrypt("secret")
    assert [(finding.trait, finding.detail) for finding in look("", content)] == [(Trait.ENCRYPTED, "")]


def test_a_document_that_only_may_not_be_changed_is_read() -> None:
    """A document that opens without a password is decrypted, its strings and streams alike."""
    content = streamed_script(packed=True).annotate(link("https://a.example/")).encrypt()
    assert [finding.detail for finding in look("", content)] == [SCRIPT, "https://a.example/"]


def test_a_document_for_the_owner_of_a_certificate_is_encrypted() -> None:
    """What is encrypted in a way that qpdf does not know is not taken for damaged."""
    content = Document().encrypt("secret").replace(b"/Filter /Standard", b"/Filter /Adobe.PS")
    assert [finding.trait for finding in look("", content)] == [Trait.ENCRYPTED]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-60],
        lambda content: b"\n" * 900 + content,
        lambda content: content.replace(b"startxref\n", b"startxref\n9"),
        lambda content: content + b"\0" * 5000,
        lambda content: content.replace(b"xref", b"xxxx"),
        lambda content: content.replace(b"/Count 1", b"/Count 9"),
        lambda content: content.replace(b"/Kids [ ", b"/Kids [ null 5 (a) "),
    ],
)
def test_what_viewers_repair_is_read(damage: Callable[[bytes], bytes], capfd: pytest.CaptureFixture[str]) -> None:
    """A document whose table of contents is damaged is read as a viewer reads it, and nobody is told on the way."""
    made = Document().annotate(link("https://a.example/"))
    content = damage(made.save(object_stream_mode=pikepdf.ObjectStreamMode.disable))

    assert recognises("", content[:4096])
    assert [finding.detail for finding in look("", content)] == ["https://a.example/"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"x" * 9999, PDF[:40]])
def test_what_is_beyond_repair_is_damaged(content: bytes) -> None:
    """A document without any object raises, so that it counts as broken."""
    with pytest.raises(pikepdf.PdfError):
        list(look("", content))


def test_a_document_that_was_cut_is_no_damage() -> None:
    """Where only the first 8 MiB were unpacked, what stands behind is missing through no fault of its own."""
    assert list(look("", b"%PDF-1.7\n".ljust(8 * MIB, b"x"))) == []


@pytest.mark.parametrize("head", [b"", b"PDF-1.7", b" " * 1024 + b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"])
def test_other_files_are_not_taken_for_documents(head: bytes) -> None:
    """The header decides, and it has to stand where viewers look for it."""
    assert not recognises("a.pdf", head)


def test_one_damaged_action_hides_no_other() -> None:
    """A text that is no text, and a script that cannot be unpacked, do not keep what follows from being found."""
    made = Document()
    broken = made.stream(b"not deflated", Filter=Name.FlateDecode)
    odd = action("URI", URI=String(b"\xef\xbb\xbf\xff"), Next=action("JavaScript", JS=broken))
    made.set("/OpenAction", odd).set("/AA", Dictionary({"/~": script()})).annotate(link("https://a.example/"))
    content = made.save(object_stream_mode=pikepdf.ObjectStreamMode.disable).replace(b"/~ ", b"/\xff ")

    assert [finding.detail for finding in look("", content)] == ["ï»¿ÿ", "", SCRIPT, "https://a.example/"]


def test_a_long_name_keeps_its_end() -> None:
    """However long an embedded file's name is, its detail shows what it ends with."""
    (finding,) = look("", carry("x" * 5000 + ".pdf.exe", b"").save())
    assert finding.detail.endswith(".pdf.exe (program)")
    assert len(finding.detail) <= LONGEST_DETAIL


# What it may cost.


COSTLY: dict[str, tuple[Callable[[], bytes], int]] = {
    "10,000 links": (lambda: link_all([f"https://a.example/{number}" for number in range(10_000)], 20), 100),
    "one link 10,000 times": (lambda: link_all(["https://a.example/"] * 10_000, 20), 1),
    "names 1,500 deep": (lambda: deep_names(1500), 1),
    "names 20,000 deep": (lambda: deep_names(20_000), 0),
    "10,000 scripts": (
        lambda: Document().name("/JavaScript", *[(str(each), script(str(each))) for each in range(10_000)]).save(),
        20,
    ),
    "outline in a circle": (lambda: circle("/Outlines", "/Next").save(), 0),
    "pages in a circle": (lambda: circle("/Pages", "/Kids").save(), 0),
    "30 million pixels": (lambda: inflated(6000, 5000, 30 * MIB).save(), 0),
    "larger than it says": (lambda: inflated(100, 100, 100 * MIB).save(), 0),
    "script of 100 megabytes": (lambda: streamed_script(packed=True, padding=100 * MIB).save(), 1),
    "file of 100 megabytes": (lambda: carry("a.txt", bytes(100 * MIB)).save(), 1),
    "large JPEG that says it is small": (
        lambda: (
            (made := Document())
            .draw(made.jpeg(Image.new("L", (99, 99)), encode(Image.new("L", (9999, 9999)), "JPEG")))
            .save()
        ),
        0,
    ),
    "finder patterns": (lambda: paint(crowd_of_eyes(1400)).save(), 0),
}
"""What bursts, goes on for ever or round in circles; and how much is found in it."""


@pytest.mark.parametrize("name", COSTLY)
def test_hostile_documents_take_bounded_time(name: str) -> None:
    """Crowds, depths, circles and what bursts take two seconds at most."""
    build, expected = COSTLY[name]
    content = build()
    started = time.process_time()

    found = list(look("", content))

    assert time.process_time() - started < 2
    assert len(found) == expected


def test_all_this_works_in_the_cage() -> None:
    """Under the limits of the caged child, where no file can be opened, everything is found as outside."""
    built = [build().save() for build in (*[build for build, _, _ in GUILTY.values()], *INNOCENT.values())]
    costly = [build() for build, _ in COSTLY.values()]

    found = look_caged(look.__module__, [*built, *costly])

    assert found[: len(built)] == [[detail] for _, _, detail in GUILTY.values()] + [[]] * len(INNOCENT)
    assert [len(details) for details in found[len(built) :]] == [expected for _, expected in COSTLY.values()]


@pytest.mark.parametrize("packed", list(pikepdf.ObjectStreamMode)[::2])
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_mutilated_documents_are_read_or_refused(
    packed: pikepdf.ObjectStreamMode, capfd: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    """Whatever octets are changed, there are findings of bounded length or an error, and nothing is printed."""
    made = paint(draw_code(scale=2)).annotate(link("https://a.example/")).outline(web("https://b.example/"), script())
    content = bytearray(made.save(object_stream_mode=packed))
    places = st.integers(0, len(content) - 1)
    for place, octet in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=8)):
        content[place] = octet

    with contextlib.suppress(Exception):
        assert all(len(finding.detail) <= LONGEST_DETAIL for finding in look("", bytes(content)))

    assert capfd.readouterr() == ("", "")

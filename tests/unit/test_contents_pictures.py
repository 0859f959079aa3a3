"""QR codes in pictures and in text: which are read, what is left alone, and what it may cost."""

from __future__ import annotations

import contextlib
import struct
import time
import zlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.kit.pictures import (
    ADDRESS,
    animate,
    camera,
    crowd_of_eyes,
    cut_out,
    draw_code,
    draw_scene,
    encode,
    look_caged,
    put_on_page,
    type_code,
    type_halves,
)
from watcher.attachments.contents import barcodes
from watcher.attachments.contents.barcodes import MOST_CODES, codes, text_codes
from watcher.attachments.contents.pictures import look, recognises
from watcher.attachments.limits import MIB, Limits
from watcher.model import Finding, Trait


def mail_with_code(width: int = 1240) -> Image.Image:
    """A page with a QR code in it."""
    return put_on_page(draw_code(), width)


GUILTY: dict[str, Callable[[], bytes]] = {
    "png": lambda: encode(draw_code()),
    "png of two colours": lambda: encode(draw_code().convert("1")),
    "png with palette": lambda: encode(draw_code().convert("RGB").quantize(4)),
    "png of 16 bits": lambda: encode(draw_code().convert("I;16")),
    "png in colour": lambda: encode(draw_code().convert("RGB")),
    "jpeg": lambda: encode(mail_with_code().convert("RGB"), "JPEG", quality=60),
    "progressive jpeg": lambda: encode(mail_with_code(), "JPEG", progressive=True),
    "jpeg for print": lambda: encode(draw_code().convert("CMYK"), "JPEG"),
    "two jpegs in one file": lambda: encode(draw_code(), "MPO", save_all=True, append_images=[draw_code("b")]),
    "gif": lambda: encode(draw_code(), "GIF"),
    "animated gif": lambda: animate(draw_code(), Image.new("L", draw_code().size, 255)),
    "bmp": lambda: encode(draw_code(), "BMP"),
    "webp": lambda: encode(mail_with_code(), "WEBP"),
    "tiff": lambda: encode(draw_code(), "TIFF"),
    "tiff by lzw": lambda: encode(draw_code(), "TIFF", compression="tiff_lzw"),
    "fax": lambda: encode(draw_code().convert("1"), "TIFF", compression="group4"),
    "black on nothing": lambda: encode(cut_out(draw_code(), 0)),
    "white on nothing": lambda: encode(cut_out(draw_code(), 255)),
    "light on dark": lambda: encode(draw_code().point(lambda value: 255 - value)),
    "askew": lambda: encode(draw_code(scale=8).rotate(17, expand=True, fillcolor=255)),
    "small": lambda: encode(draw_code(scale=2)),
    "grey on grey": lambda: encode(draw_code().point(lambda value: 90 + value // 3)),
    "nine megapixels": lambda: encode(put_on_page(draw_code(scale=12), 2990, 2990), "JPEG"),
}
"""Each holds a QR code that leads to `ADDRESS`."""

INNOCENT: dict[str, Callable[[], bytes]] = {
    "logo": lambda: encode(draw_scene(200, 60)),
    "spacer": lambda: encode(Image.new("RGBA", (1, 1), (0, 0, 0, 0))),
    "spacer gif": lambda: encode(Image.new("P", (1, 1)), "GIF"),
    "scan without a code": lambda: encode(put_on_page(Image.new("L", (300, 300), 128)), "JPEG"),
    "fax without a code": lambda: encode(put_on_page(draw_scene(200, 200)).convert("1"), "TIFF", compression="group4"),
    "screenshot": lambda: encode(put_on_page(draw_scene(300, 300), 1920, 1080)),
    "photo": lambda: encode(draw_scene(), "JPEG", exif=camera()),
    "photo without exif": lambda: encode(draw_scene(1600, 1200), "JPEG"),
    "photo in webp": lambda: encode(draw_scene(), "WEBP"),
    "noise": lambda: encode(Image.effect_noise((600, 600), 90)),
    "chessboard": lambda: encode(
        Image.frombytes("L", (8, 8), (b"\0\xff" * 4 + b"\xff\0" * 4) * 4).resize((400, 400), 0)
    ),
    "one finder pattern": lambda: encode(draw_code(scale=10).crop((30, 30, 130, 130))),
    "photo of a poster": lambda: encode(mail_with_code().convert("RGB"), "JPEG", exif=camera()),
    "photo of a poster in png": lambda: encode(mail_with_code(), exif=camera()),
    "photo of a poster in webp": lambda: encode(mail_with_code(), "WEBP", exif=camera("", "Pixel 9")),
    "photo of a poster in tiff": lambda: encode(mail_with_code(), "TIFF", exif=camera("Canon", "")),
    "large photo of a poster": lambda: encode(put_on_page(draw_code(scale=9), 3001, 2000), "JPEG"),
    "code behind the first frame": lambda: animate(Image.new("L", draw_code().size, 255), draw_code()),
    "wifi": lambda: encode(draw_code("WIFI:T:WPA;S:guests;P:welcome123;;")),
    "one-time passwords": lambda: encode(draw_code("otpauth://totp/shop:me?secret=JBSWY3DPEHPK3PXP&issuer=shop")),
    "visiting card": lambda: encode(draw_code("BEGIN:VCARD\nVERSION:3.0\nFN:A B\nURL:https://a.example\nEND:VCARD")),
    "payment slip": lambda: encode(draw_code("BCD\n002\n1\nSCT\n\nExample GmbH\nDE02120300000000202051\nEUR12.30")),
    "ticket": lambda: encode(draw_code("TICKET 2026-11-24 ROW 7 SEAT 12")),
    "telephone": lambda: encode(draw_code("tel:+81312345678")),
    "serial number": lambda: encode(draw_code("4.101.22-B")),
    "two micro codes": lambda: encode(draw_code("12345", micro=True)),
}
"""None of these leads anywhere, or it is excused."""


@pytest.mark.parametrize("name", GUILTY)
def test_codes_are_read(name: str) -> None:
    """A QR code is read in every format, mode and position, and its address kept as it stands."""
    content = GUILTY[name]()

    assert recognises("", content[:4096])
    assert list(look("", content)) == [Finding(Trait.QR_CODE, ADDRESS)]


@pytest.mark.parametrize("name", INNOCENT)
def test_the_innocent_are_left_alone(name: str) -> None:
    """A picture without a code, a photograph, and a code that leads nowhere raise no finding and no error."""
    content = INNOCENT[name]()

    assert recognises("", content[:4096])
    assert list(look("", content)) == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://shop.example/a?b=c#d", "https://shop.example/a?b=c#d"),
        ("HTTPS://SHOP.EXAMPLE/A", "HTTPS://SHOP.EXAMPLE/A"),
        (" http://198.51.100.7/login ", "http://198.51.100.7/login"),
        ("https://例え.jp/ログイン", "https://例え.jp/ログイン"),
        ("https://a.example/1\nscan me", "https://a.example/1"),
        ("mailto:info@shop.example?subject=hi", "mailto:info@shop.example?subject=hi"),
        ("shop.example", "shop.example"),
        ("www.shop.co.jp/entry?id=1", "www.shop.co.jp/entry?id=1"),
        ("shop.example:8443/a", "shop.example:8443/a"),
        ("例え.jp", "例え.jp"),
        ("otpauth://totp/a?secret=b", ""),
        ("bitcoin:bc1qexample", ""),
        ("SMSTO:090:hello", ""),
        ("geo:35.6,139.7", ""),
        ("hello world.example", ""),
        ("3.141", ""),
        ("A-1.2", ""),
        ("4901234567894", ""),
        ("http: no address", ""),
    ],
)
def test_what_is_an_address(text: str, address: str) -> None:
    """What a camera would offer to open is an address, a bare host among it; secrets and numbers are none."""
    assert list(codes(draw_code(text))) == ([address] if address else [])


def test_micro_codes_are_read() -> None:
    """A Micro QR code has one finder pattern only and is read all the same."""
    assert list(codes(draw_code("A.EXAMPLE", micro=True))) == ["A.EXAMPLE"]


def test_several_codes_each_once() -> None:
    """Of many codes on one picture ten different ones are told, none of them twice."""
    sheet = Image.new("L", (1000, 1000), 255)
    for place in range(25):
        code = draw_code(f"https://a.example/{place // 2}", 4)
        sheet.paste(code, (place % 5 * 190, place // 5 * 190))

    found = list(codes(sheet))

    assert len(found) == len(set(found)) == MOST_CODES


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"BM is the name of a firm, and this is a letter",
        b"GIF89",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\xff\xd8",
        b"%PDF-1.7",
    ],
)
def test_other_files_are_not_taken_for_pictures(head: bytes) -> None:
    """The first octets decide, and a text that begins with "BM" is no bitmap."""
    assert not recognises("picture.png", head)


@pytest.mark.parametrize("name", ["png", "jpeg", "gif", "bmp", "webp", "tiff by lzw"])
def test_half_a_picture_is_damaged(name: str) -> None:
    """A picture that ends too early raises, so that it counts as broken."""
    content = GUILTY[name]()
    with pytest.raises((OSError, EOFError, SyntaxError)):
        list(look("", content[: len(content) // 3]))


def test_a_picture_that_was_cut_is_no_damage() -> None:
    """Where only the first 8 MiB were unpacked, the picture's end is missing through no fault of its own."""
    noise = Image.effect_noise((2990, 2990), 90)
    content = encode(noise, "BMP")

    assert len(content) > 8 * MIB
    assert list(look("", content[: 8 * MIB])) == []
    with pytest.raises(OSError, match="truncated"):
        list(look("", content[: 8 * MIB - 1]))


def test_damaged_exif_data_excuses_nothing() -> None:
    """A QR code is read although what should name a camera is rubbish."""
    content = encode(draw_code(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert [finding.detail for finding in look("", content)] == [ADDRESS]


@pytest.mark.parametrize(("width", "height"), [(6000, 5000), (60_000, 60_000)])
def test_huge_pictures_are_not_decoded(width: int, height: int) -> None:
    """Thirty megapixels, or far too many, cost nothing, for they are never decoded."""
    content = bytearray(encode(Image.new("1", (8, 8))))
    content[16:24] = struct.pack(">LL", width, height)
    content[29:33] = struct.pack(">L", zlib.crc32(content[12:29]))
    started = time.process_time()

    assert list(look("", bytes(content))) == []
    assert time.process_time() - started < 0.5


def test_finder_patterns_without_end_take_bounded_time() -> None:
    """The worst that a picture of four megapixels can hold takes less than the child may be silent."""
    started = time.process_time()

    assert list(codes(crowd_of_eyes())) == []
    assert time.process_time() - started < Limits().seconds


def test_all_this_works_in_the_cage() -> None:
    """Under the limits of the caged child, where no file can be opened, everything is read as outside."""
    samples = [build() for build in (*GUILTY.values(), *INNOCENT.values())]

    found = look_caged(look.__module__, samples)

    assert found == [[ADDRESS]] * len(GUILTY) + [[]] * len(INNOCENT)


@pytest.mark.parametrize("form", ["BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_mutilated_pictures_are_read_or_refused(
    form: str, capfd: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    """Whatever octets are changed, there are findings or an error, and nothing is printed among the child's answers."""
    content = bytearray(encode(draw_code(scale=3), form))
    places = st.integers(0, len(content) - 1)
    for place, octet in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=8)):
        content[place] = octet

    with contextlib.suppress(Exception):
        assert {finding.trait for finding in look("", bytes(content))} <= {Trait.QR_CODE}

    assert capfd.readouterr().out == ""


# Drawn with characters.

DRAWN = {
    "half blocks": type_halves(),
    "half blocks, light on dark": type_halves(inverted=True),
    "half blocks without a margin": type_halves(margin=0),
    "blocks": type_code("██", "  "),
    "blocks, light on dark": type_code("  ", "██"),
    "single blocks": type_code("█", " "),
    "hashes": type_code("##", "  "),
    "hashes, trimmed": "\n".join(line.rstrip() for line in type_code("##", "  ").splitlines()),
    "squares": type_code("⬛", "⬜"),
    "full width": type_code("■", "□"),
    "ideographic blanks": type_code("■", "\u3000"),
    "blank lines between": type_halves().replace("\n", "\n\n"),
    "in a mail": f"Please scan this code:\r\n\r\n{type_halves()}\r\n\r\nYours, the bank\r\n",
    "behind another drawing": "█" * 30 + "\n" + "text\n" * 3 + type_halves(),
}
"""Each leads to `ADDRESS`."""

PLAIN = {
    "nothing": "",
    "letter": "Dear Keiko,\n\nlunch tomorrow?\n" * 20,
    "progress": "\n".join("█" * n + "▄" for n in range(40)),
    "bars": "\n".join(f"2026-{month:02} " + "█" * month for month in range(1, 13)),
    "shades": ("░▒▓█▓▒░" * 10 + "\n") * 20,
    "frame": "\n".join(["█" * 40, *["█" + " " * 38 + "█"] * 20, "█" * 40]),
    "underlined": "Title\n##########\n\ntext\n\n## Next\n\ntext\n" * 12,
    "comment": ("#" * 78 + "\n") * 15,
    "chessboard": ("██  " * 10 + "\n" + "  ██" * 10 + "\n") * 20,
    "table": ("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 20),
    "map": ("⬛⬜🟩🟨⬛\n" * 6 + "\nWordle 1,234 4/6\n") * 3,
    "wordle": "⬛⬜⬛⬜⬛\n" * 60,
    "squares in a list": "■ 件名\n□ 本文\n■ 添付\n" * 10,
    "stars of a review": "■■■■□\n" * 30,
    "wifi": type_halves(text="WIFI:T:WPA;S:guests;P:welcome123;;"),
    "half a code": "\n".join(type_halves().splitlines()[:9]),
    "too wide": "\n".join(line + "█" * 400 for line in type_halves().splitlines()),
}
"""None of these leads anywhere."""


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_codes_are_read(name: str) -> None:
    """A QR code is read in whatever characters it is drawn, and wherever in a text."""
    assert list(text_codes(DRAWN[name])) == [ADDRESS]


@pytest.mark.parametrize("name", DRAWN)
def test_a_text_file_with_a_drawn_code_is_read(name: str) -> None:
    """A text that is attached is looked at where it begins with a drawing, and its code is found."""
    content = DRAWN[name].encode()

    assert barcodes.recognises("read me.txt", content[:4096])
    assert list(barcodes.look("read me.txt", content)) == [Finding(Trait.QR_CODE, ADDRESS)]


@pytest.mark.parametrize(
    "text", [PLAIN["letter"], PLAIN["bars"], PLAIN["table"], PLAIN["half a code"], "\0\xff█" * 999]
)
def test_ordinary_texts_are_not_looked_at(text: str) -> None:
    """A text without a drawing of some size is none of our business."""
    assert not barcodes.recognises("read me.txt", text.encode())


@pytest.mark.parametrize("name", PLAIN)
def test_other_drawings_lead_nowhere(name: str) -> None:
    """Bars, frames, tables and headings are no codes."""
    assert list(text_codes(PLAIN[name])) == []


@pytest.mark.parametrize(
    "text", [("█▀▄ " * 100 + "\n") * 20_000, "█" * 2_000_000, ("█" * 30 + "\nx\n") * 50_000, "\n" * 10**6]
)
def test_long_texts_take_little_time(text: str) -> None:
    """Megabytes of block characters take a moment, for only a few drawings of bounded size are looked at."""
    started = time.process_time()

    assert list(text_codes(text)) == []
    assert time.process_time() - started < 2

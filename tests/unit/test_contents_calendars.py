"""What is found in calendar files."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.archives import HTML, PDF, PROGRAM, TEXT
from watcher.attachments.contents import calendars
from watcher.attachments.inspect import inspect
from watcher.attachments.limits import Limits
from watcher.model import Opened, Trait

LINK, FILE = Trait.LINK, Trait.EMBEDDED_FILE
Findings = list[tuple[Trait, str]]

URL = "https://a.example/b?c=d&e=f"
BASE64 = "ENCODING=BASE64;VALUE=BINARY"


def invite(*lines: str, fold: str = "\r\n") -> bytes:
    """An invitation with these lines."""
    start = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//1.0//EN", "BEGIN:VEVENT", "UID:1@example.jp"]
    return fold.join([*start, *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def attach(content: bytes, name: str = "") -> str:
    """A line that carries a file."""
    named = f";X-FILENAME={name}" if name else ""
    return f"ATTACH;{BASE64}{named}:{base64.b64encode(content).decode()}"


FOUND: dict[str, tuple[bytes, Findings]] = {
    "description": (invite(f"DESCRIPTION:Join {URL}\\nat once"), [(LINK, URL)]),
    "location": (invite(f"LOCATION:{URL}"), [(LINK, URL)]),
    "url": (invite(f"URL;VALUE=URI:{URL}"), [(LINK, URL)]),
    "attachment": (invite(f'ATTACH;FMTTYPE="text/html;a:b":{URL}'), [(LINK, URL)]),
    "lower case": (invite(f"description:{URL}"), [(LINK, URL)]),
    "folded": (invite("DESCRIPTION:https://a.exam", " ple/b?c=d", "\t&e=f"), [(LINK, URL)]),
    "folded in its name": (invite("DESCRIP", f" TION:{URL}"), [(LINK, URL)]),
    "bare line feeds": (invite("URL:https://a.exam", " ple/", fold="\n"), [(LINK, "https://a.example/")]),
    "escaped": (invite("DESCRIPTION:https://a.example/b\\,c\\;d"), [(LINK, "https://a.example/b,c;d")]),
    "html": (
        invite('X-ALT-DESC;FMTTYPE=text/html:<a href="https://a.example/?a=1&amp;b=2">Join</a>'),
        [(LINK, "https://a.example/?a=1&b=2")],
    ),
    "before japanese text": (
        invite("DESCRIPTION:https://a.example/bをご覧ください。"),
        [(LINK, "https://a.example/b")],
    ),
    "own domain": (invite("URL:https://日本語.jp/"), [(LINK, "https://日本語.jp/")]),
    "at the end of a sentence": (invite(f"DESCRIPTION:(See {URL})."), [(LINK, URL)]),
    "twice": (invite(f"URL:{URL}", f"LOCATION:{URL}"), [(LINK, URL)]),
    "in a comment": (invite(f"COMMENT:{URL}"), [(LINK, URL)]),
    "byte order mark": (b"\xef\xbb\xbf" + invite(f"URL:{URL}"), [(LINK, URL)]),
    "program": (invite(attach(PROGRAM, "a.pdf")), [(FILE, "a.pdf")]),
    "script": (invite(attach(TEXT, "a.js")), [(FILE, "a.js")]),
    "page": (invite(attach(HTML)), [(FILE, "html")]),
}

QUIET: dict[str, bytes] = {
    "meeting": invite("SUMMARY:定例会議", "DTSTART;TZID=Asia/Tokyo:20261124T100000", "LOCATION:会議室A"),
    "organiser": invite("ORGANIZER;CN=A:mailto:a@example.jp", "ATTENDEE;RSVP=TRUE:mailto:b@example.jp"),
    "alarm": invite("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "END:VALARM"),
    "time zone": invite("TZURL:http://tzurl.org/zoneinfo/Asia/Tokyo", "TZID:Asia/Tokyo"),
    "repetition": invite("RRULE:FREQ=WEEKLY;BYDAY=MO", "EXDATE:20261130T010000Z"),
    "document": invite(attach(PDF, "a.pdf")),
    "text": invite(attach(TEXT, "a.txt")),
    "figures that spell an address": invite(f"ATTACH;{BASE64}:aHR0cHM6Ly9hLmV4YW1wbGUv"),
    "no address": invite("DESCRIPTION:See example.jp or call 03-0000-0000."),
    "scheme alone": invite("DESCRIPTION:https:// and http:"),
    "geography": invite("GEO:35.68;139.76", "X-APPLE-STRUCTURED-LOCATION;X-TITLE=a:geo:35,139"),
    "parameter": invite(f'SUMMARY;ALTREP="{URL}":会議'),
    "product": invite("X-MS-OLK-CONFTYPE:0", f"X-PRODUCT:{URL}"),
    "to-do": b"BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:a\nEND:VTODO\nEND:VCALENDAR\n",
    "free and busy": b"BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n",
    "empty": invite(),
    "nothing": b"",
    "other content": PDF,
    "line without value": invite("DESCRIPTION", "URL", "LOCATION;A=B"),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_a_reader_is_shown_is_found(name: str) -> None:
    """Addresses are found in every field that is shown, however it is written, and each once."""
    content, expected = FOUND[name]
    assert calendars.recognises("", content[:4096])
    assert [(finding.trait, finding.detail) for finding in calendars.look("", content)] == expected


@pytest.mark.parametrize("name", QUIET)
def test_the_rest_is_left_alone(name: str) -> None:
    """What is not shown, leads nowhere or carries a document only is no finding."""
    assert list(calendars.look("a.ics", QUIET[name])) == []


def test_there_are_as_many_quiet_rows() -> None:
    """The table of what is left alone is at least as long as that of what is found."""
    assert len(QUIET) >= len(FOUND)


@pytest.mark.parametrize(
    ("filename", "head", "expected"),
    [
        ("", b"BEGIN:VCALENDAR", True),
        ("", b"\r\n begin:vcalendar", True),
        ("a.ICS", b"", True),
        ("a.vcs", b"", True),
        ("", b"BEGIN:VCARD", False),
        ("a.txt", b"The line BEGIN:VCALENDAR", False),
        ("", b"", False),
    ],
)
def test_a_calendar_is_told_by_its_first_line_or_its_name(filename: str, head: bytes, *, expected: bool) -> None:
    """What is called a calendar or begins like one is read."""
    assert calendars.recognises(filename, head) == expected


def test_links_are_bounded() -> None:
    """Of a thousand addresses fifty are told."""
    lines = [f"DESCRIPTION:https://a.example/{number}" for number in range(1000)]
    assert len(list(calendars.look("", invite(*lines)))) == 50


BOMBS: dict[str, Callable[[], bytes]] = {
    "folds": lambda: invite("URL:h", *[" a"] * 1_500_000),
    "lines": lambda: invite(*["URL:a"] * 1_000_000),
    "parameters": lambda: invite("ATTACH" + ';A="' * 2_000_000),
    "more parameters": lambda: invite(*["ATTACH" + ";A" * 1_000] * 2_000),
    "addresses": lambda: invite("DESCRIPTION:" + "https://a.example/ " * 400_000),
    "beginnings": lambda: invite("DESCRIPTION:" + "https://" * 1_000_000),
    "escapes": lambda: invite("DESCRIPTION:" + "\\n" * 4_000_000),
    "marks": lambda: invite("DESCRIPTION:https://a.example/" + ")" * 8_000_000),
    "entities": lambda: invite("DESCRIPTION:<" + "&amp;" * 1_500_000),
    "carried": lambda: invite(*[attach(bytes(60_000))] * 100),
    "japanese": lambda: invite("DESCRIPTION:" + "https://あ" * 500_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_no_longer_than_its_bounds(name: str) -> None:
    """Whatever a calendar is stuffed with, looking at it ends soon."""
    content = BOMBS[name]()
    started = time.process_time()
    inspect("a.ics", content)
    assert time.process_time() - started < Limits().seconds


@given(octets=st.binary(max_size=400), name=st.sampled_from(sorted(FOUND)), place=st.floats(0, 1))
def test_no_mutation_gets_out(octets: bytes, name: str, place: float) -> None:
    """Anything at all in the midst of a calendar is read without an error."""
    content = FOUND[name][0]
    start = int(place * len(content))
    opening = inspect("a.ics", content[:start] + octets + content[start:])
    assert opening.state is Opened.OPENED

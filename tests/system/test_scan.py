"""`watcher scan` as a process: mail in files, judged and left as it is."""

from __future__ import annotations

import json
import mailbox
import os
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.kit.commands import Person
from tests.kit.house import hit, wanted
from tests.kit.inquiries import MX, passed
from tests.kit.mails import build

KEYS = {"path", "index", "verdict", "score", "claims", "reasons", "defects", "error"}
"""What docs/design.md promises; there may be more."""


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Somebody with an empty home."""
    return Person(tmp_path / "home")


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """A folder for mail."""
    folder = tmp_path / "post"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, raw: bytes) -> Path:
    """A file with a mail."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def scan(person: Person, *arguments: str | Path) -> tuple[int, dict[tuple[str, int | None], dict[str, Any]]]:
    """The exit status, and each object by the path and index that it tells."""
    done = person.run("scan", "--json", *arguments)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    for record in records:
        check_contract(record)
    return done.returncode, {(record["path"], record["index"]): record for record in records}


def check_contract(record: Mapping[str, Any]) -> None:
    """Every key is there, of its type, and the score repeats the verdict."""
    assert record.keys() >= KEYS
    assert record["verdict"] in {"suspicious", "clean", None}
    assert isinstance(record["score"], float)
    assert 0 <= record["score"] <= 1
    assert (record["score"] >= 0.5) is (record["verdict"] == "suspicious")
    assert (record["error"] is None) is (record["verdict"] is not None)
    assert record["index"] is None or isinstance(record["index"], int)
    assert all(isinstance(defect, str) for defect in record["defects"])
    for claim in record["claims"]:
        assert claim.keys() == {"brand", "name", "where"}
    for reason in record["reasons"]:
        assert reason.keys() == {"detector", "direction", "strength", "facet", "text", "quote", "where"}
        assert reason["text"].keys() == {"ja", "en"}
        assert all(reason["text"].values())
        assert reason["direction"] in {"against", "for"}
        assert reason["strength"] in {"weak", "medium", "strong", "decisive"}
        assert reason["detector"]
        assert len(reason["quote"]) <= 120


def state_of(folder: Path) -> dict[Path, tuple[str, int, int]]:
    """Of everything below a folder: hash, time of change and mode."""
    return {
        path: (
            sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.lstat().st_mtime_ns,
            path.lstat().st_mode,
        )
        for path in (folder, *folder.rglob("*"))
    }


# One file.


def test_a_suspicious_mail(person: Person, post: Path) -> None:
    """Exit status 1, and the reasons with the claims that they speak of."""
    status, records = scan(person, put(post, "hit.eml", hit()))

    ((place, record),) = records.items()
    assert (status, place) == (1, (str(post / "hit.eml"), None))
    assert record["verdict"] == "suspicious"
    assert {"brand": "japan_post", "name": "日本郵便", "where": "from.name"} in record["claims"]
    assert record["reasons"][0]["detector"] == "program_attached"
    assert record["reasons"][0]["strength"] == "decisive"


def test_a_clean_mail(person: Person, post: Path) -> None:
    """Exit status 0, and nothing against it."""
    status, records = scan(person, put(post, "wanted.eml", wanted()))

    (record,) = records.values()
    assert (status, record["verdict"], record["error"]) == (0, "clean", None)


@pytest.mark.parametrize(
    "content", [b"From: \xff\xfe\r\n\r\n\xff", b"Subject:\n\n", b"no field\nReceived: x", b"DATE: 1\r\rhello"]
)
def test_what_is_hardly_a_mail(person: Person, post: Path, content: bytes) -> None:
    """One header field makes a mail, if a poor one: it is judged."""
    status, records = scan(person, put(post, "odd", content))

    (record,) = records.values()
    assert (status, record["verdict"]) == (0, "clean")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"no mail at all",
        b"Note to self: buy milk\n\nFrom: the shop\n",
        b"\xff\x00" * 1000,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1",
        b"Keywords: garden\nComments: none\n\n",
    ],
)
def test_what_is_no_mail(person: Person, post: Path, content: bytes) -> None:
    """A file without a single header field of a mail is not judged: exit status 2, and in plain words why."""
    status, records = scan(person, put(post, "note", content))

    (record,) = records.values()
    assert (status, record["verdict"], record["score"], record["reasons"]) == (2, None, 0.0, [])
    assert "no mail" in record["error"]


def test_a_missing_file(person: Person, post: Path) -> None:
    """Exit status 2, no verdict, and in plain words why."""
    status, records = scan(person, post / "nothing.eml")

    (record,) = records.values()
    assert (status, record["verdict"], record["score"]) == (2, None, 0.0)
    assert "no such file" in record["error"]


def test_the_others_go_on(person: Person, post: Path) -> None:
    """What cannot be read is told, all others are judged, and 2 wins over 1."""
    paths = [post / "nothing.eml", put(post, "a.eml", hit()), Path(os.devnull), put(post, "b.eml", wanted())]

    status, records = scan(person, *paths)

    assert status == 2
    assert [records[str(path), None]["verdict"] for path in paths] == [None, "suspicious", None, "clean"]


@pytest.mark.parametrize("name", ["dangling", "loop", "pipe", "a.eml/below", "x" * 300])
def test_what_cannot_be_read(person: Person, post: Path, name: str) -> None:
    """Whatever is wrong with a path, it is told, nobody waits for it, and the next one is judged."""
    good = put(post, "a.eml", wanted())
    (post / "dangling").symlink_to("nowhere")
    (post / "loop").symlink_to("loop")
    os.mkfifo(post / "pipe")

    status, records = scan(person, post / name, good)

    assert status == 2
    assert records[str(post / name), None]["error"]
    assert records[str(good), None]["verdict"] == "clean"


# Many files.


def test_a_folder(person: Person, post: Path) -> None:
    """All files below it are read, at any depth; hidden ones are not."""
    files = [put(post, name, wanted(n)) for n, name in enumerate(["a.eml", "b.txt", "x/c.eml", "x/y/z/d"])]
    put(post, ".hidden", hit())

    status, records = scan(person, post)

    assert status == 0
    assert records.keys() == {(str(file), None) for file in files}


def test_an_empty_folder(person: Person, post: Path) -> None:
    """Nothing is wrong, and a person is told that there was nothing to judge."""
    assert scan(person, post) == (0, {})

    done = person.run("scan", post, language="ja_JP.UTF-8")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "メールがありません。\n")


def test_a_maildir(person: Person, post: Path) -> None:
    """What lies in new and cur is read, and what is only being delivered is not."""
    for folder in ("new", "cur", "tmp"):
        (post / folder).mkdir()
    put(post, "new/1.a.host", hit(1))
    put(post, "cur/2.b.host:2,S", wanted(2))
    put(post, "tmp/3.c.host", hit(3))

    status, records = scan(person, post)

    assert status == 1
    assert {Path(path).name: record["verdict"] for (path, _), record in records.items()} == {
        "1.a.host": "suspicious",
        "2.b.host:2,S": "clean",
    }


def test_an_mbox(person: Person, post: Path) -> None:
    """The messages of one file are told apart by their number, from 0."""
    box = mailbox.mbox(str(post / "box"))
    for raw in (wanted(1), hit(2), wanted(3)):
        box.add(raw)
    box.close()

    status, records = scan(person, post / "box")

    assert status == 1
    assert {index: record["verdict"] for (_, index), record in records.items()} == {
        0: "clean",
        1: "suspicious",
        2: "clean",
    }


def test_nothing_is_changed(person: Person, post: Path) -> None:
    """Content, times and modes of all files and folders stay as they were, and nothing is left at home."""
    put(post, "a.eml", hit())
    put(post, "cur/b:2,S", hit())
    put(post, "new/c", wanted())
    put(post, "box", b"From x Tue Nov 24 09:00:00 2026\n" + wanted())
    for path in post.rglob("*"):
        os.utime(path, (1_500_000_000, 1_500_000_000))
    before, home = state_of(post), state_of(person.home)

    scan(person, post, post / "box")

    assert state_of(post) == before
    assert state_of(person.home) == home


def test_all_cores_tell_the_same_as_one(person: Person, post: Path) -> None:
    """Shared out among processes, mail in folders and in a large mbox is told in the order in which it lies there."""
    for number in range(40):
        put(post, f"{number:02}.eml", hit(number) if number % 3 == 0 else wanted(number))
    box = mailbox.mbox(str(post / "box"))
    for number in range(120):
        box.add(wanted(number).rstrip() + b"\r\n" + b"." * 70 * 200)
    box.close()
    assert (post / "box").stat().st_size > 1 << 20

    _, records = scan(person, post)

    assert list(records) == [
        *((str(post / f"{number:02}.eml"), None) for number in range(40)),
        *((str(post / "box"), index) for index in range(120)),
    ]
    for number in range(40):
        path = post / f"{number:02}.eml"
        assert {(str(path), None): records[str(path), None]} == scan(person, path)[1]


# Whom to believe.


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "clean"),
        (["--authserv", MX], "clean"),
        (["--authserv", MX.upper()], "clean"),
        (["--authserv", "mx.elsewhere.example"], "suspicious"),
    ],
)
def test_authserv(person: Person, post: Path, arguments: list[str], expected: str) -> None:
    """The topmost results are believed, or those of the server that is named, and no others."""
    raw = build(
        author="日本郵便 <info@post.japanpost.jp>",
        subject="不在のお知らせ",
        html='<a href="https://parcel.example/">https://www.post.japanpost.jp/</a>',
        headers=[
            ("Authentication-Results", f"{MX}; {passed('post.japanpost.jp')}"),
            ("Received", f"from a.example (unknown [192.0.2.9]) by {MX} with ESMTP; Tue, 24 Nov 2026 18:00:00 +0900"),
        ],
    )

    _, records = scan(person, *arguments, put(post, "a.eml", raw))

    (record,) = records.values()
    vouched = [reason for reason in record["reasons"] if reason["detector"] == "official_sender"]
    assert bool(vouched) is (expected == "clean")


# Hostile files.


@pytest.mark.parametrize(
    "name", ["\x1b[31mred.eml", "a\nb.eml", "a\u202egpj.eml", "\x9b31m.eml", os.fsdecode(b"\xff.eml")]
)
def test_a_hostile_file_name(person: Person, post: Path, name: str) -> None:
    """A name that would steer a terminal is told exactly to programs, and harmlessly to everybody."""
    path = put(post, name, wanted())

    told = person.run("scan", "--json", path).stdout
    shown = person.run("scan", path).stdout

    assert json.loads(told)["path"] == str(path)
    for text in (told, shown):
        assert not {unicodedata.category(c) for c in text.replace("\n", "")} & {"Cc", "Cf", "Cs"}
        assert text.count("\n") == 1


@pytest.mark.parametrize(
    ("language", "verdict", "reason"),
    [("C.UTF-8", "suspicious", "holds a program"), ("ja_JP.UTF-8", "不審", "プログラム")],
)
def test_words_for_people(person: Person, post: Path, language: str, verdict: str, reason: str) -> None:
    """Without --json a person reads the verdict and the fact that decided, in the language of the terminal."""
    done = person.run("scan", put(post, "hit.eml", hit()), language=language)

    assert done.returncode == 1
    assert verdict in done.stdout
    assert reason in done.stdout

"""What every Opener promises, and what only the cage can promise besides."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.archives import JPEG, PDF, PNG, PROGRAM, TEXT, pack_zip
from tests.kit.attachments import BOMBS, SAMPLES, Sample
from watcher.attachments.cage import Cage, default_command
from watcher.attachments.frames import LIGHT
from watcher.attachments.in_process import InProcess
from watcher.attachments.limits import Limits
from watcher.model import Opened, Opening
from watcher.ports import Opener

PATIENT = Limits(seconds=60)
"""For a machine that runs many tests at a time; the time that the work itself takes is measured by its CPU time."""
PARCEL = pack_zip({"parcel/invoice.exe": PROGRAM})


@pytest.fixture(scope="module", params=["cage", "in process"])
def opener(request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Each Opener in turn, the caged child kept for all rows of a table."""
    opener: Opener = Cage(limits=PATIENT) if request.param == "cage" else InProcess(PATIENT)
    with closing(opener):
        yield opener


@pytest.fixture
def cage() -> Iterator[Cage]:
    """A cage of its own, whose child has been started."""
    with closing(Cage(limits=PATIENT)) as cage:
        cage.open("a.txt", TEXT)
        yield cage


def child_of(cage: Cage) -> int:
    """The process id of the child that is running."""
    assert cage.pid
    return cage.pid


def status_of(pid: int, field: str) -> int:
    """A number in /proc/PID/status."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


def seconds_of(pid: int) -> float:
    """The CPU time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_for_end(pid: int) -> None:
    """Wait until a process is gone, zombie and all."""
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline, "the child is still there"
        time.sleep(0.01)


def found(opening: Opening) -> tuple[tuple[str, str], ...]:
    """What was listed, as the table writes it."""
    return tuple((member.path, member.kind) for member in opening.members)


# What every Opener promises.


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.filename)
def test_open_tells_what_an_attachment_is_and_holds(opener: Opener, sample: Sample) -> None:
    """The kind, the members and the state of each row of the table are found, in the cage exactly as outside."""
    opening = opener.open(sample.filename, sample.build())
    assert (opening.kind, found(opening), opening.state) == (sample.kind, sample.members, sample.state)


def test_the_table_is_half_innocent() -> None:
    """At least 60 attachments are opened, and nothing that looks like harm is found in half of them."""
    innocent = sum(sample.is_innocent for sample in SAMPLES)
    assert len(SAMPLES) >= 60
    assert innocent >= 0.45 * len(SAMPLES)


def test_encrypted_members_are_marked(opener: Opener) -> None:
    """Of an encrypted archive, each member says whether it is encrypted itself."""
    sample = next(sample for sample in SAMPLES if sample.state is Opened.ENCRYPTED)
    members = opener.open(sample.filename, sample.build()).members
    assert [(member.path, member.encrypted) for member in members] == [("請求書.exe", True), ("read me.txt", False)]


def test_the_hash_is_that_of_the_content(opener: Opener) -> None:
    """The same attachment can be recognised in another mail by its SHA-256."""
    assert opener.open("a.txt", TEXT).sha256 == hashlib.sha256(TEXT).hexdigest()


@pytest.mark.parametrize("filename", ["", "\0", "\udcff.zip", "a" * 100_000, "/etc/passwd", "\u202epiz.a", "-rf"])
def test_any_name_will_do(opener: Opener, filename: str) -> None:
    """A name that no file could have is no obstacle."""
    assert found(opener.open(filename, PARCEL)) == (("parcel/invoice.exe", "program"),)


def test_open_may_be_called_by_several_threads(opener: Opener) -> None:
    """Answers are not mixed up when many threads ask at the same time."""
    names = [f"{number}.exe" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        openings = list(pool.map(lambda name: opener.open("a.zip", pack_zip({name: PROGRAM})), names))
    assert [opening.members[0].path for opening in openings] == names


def test_close_may_be_called_at_any_time(opener: Opener) -> None:
    """Closing twice does no harm, and an Opener that was closed can be used again."""
    opener.close()
    opener.close()
    assert opener.open("a.zip", PARCEL).state is Opened.OPENED


# What only the cage can promise.


@pytest.mark.parametrize("sample", BOMBS, ids=lambda sample: sample.filename)
def test_a_bomb_is_too_large_and_costs_little(cage: Cage, sample: Sample) -> None:
    """A bomb is told from an honest archive by either Opener, and costs the child neither 2 seconds nor 150 MB."""
    content, before = sample.build(), seconds_of(child_of(cage))
    opening = cage.open(sample.filename, content)
    assert (opening.kind, opening.state) == (sample.kind, Opened.TOO_LARGE)
    assert 1 <= len(opening.members) <= Limits().members + Limits().depth
    assert seconds_of(child_of(cage)) - before < 2
    assert status_of(child_of(cage), "VmHWM") < 150 * 1024
    assert InProcess(PATIENT).open(sample.filename, content) == opening


def test_the_child_has_given_up_its_abilities(cage: Cage) -> None:
    """The kernel refuses the child every file, socket and process, also when it has been taken over."""
    limits = Path(f"/proc/{child_of(cage)}/limits").read_text()
    hard = {line[:26].strip(): line[26:].split()[1] for line in limits.splitlines()[1:]}
    assert hard["Max open files"] == "3"
    assert hard["Max file size"] == hard["Max processes"] == hard["Max core file size"] == "0"
    assert int(hard["Max address space"]) == 512 << 20
    assert int(hard["Max cpu time"]) == 30


def test_the_child_has_nothing_of_ours(cage: Cage) -> None:
    """The child sees neither our environment nor our open files nor our working directory."""
    process = Path(f"/proc/{child_of(cage)}")
    assert b"PATH=" not in (process / "environ").read_bytes()
    assert sorted(path.name for path in (process / "fd").iterdir()) == ["0", "1", "2"]
    assert (process / "cwd").readlink() == Path("/")


def test_nothing_is_written_to_a_disk(cage: Cage) -> None:
    """What lies in an attachment never reaches a disk, whole or damaged, and no child dies of reading it."""
    pid, before = cage.pid, written(child_of(cage))
    chance = random.Random(9)  # noqa: S311 - repeatable, not secret
    for sample in SAMPLES:
        content = sample.build()
        cage.open(sample.filename, content)
        if content:
            damaged = bytearray(content)
            damaged[chance.randrange(len(damaged))] ^= 0xFF
            cage.open(sample.filename, bytes(damaged))
    assert cage.pid == pid
    assert written(child_of(cage)) == before
    assert written(cage.heavy_pid or 0) == 0


def written(pid: int) -> int:
    """Octets that a process has caused to be written to a disk."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes:"))


# The two kinds of child.


@pytest.mark.parametrize(("filename", "content"), [("a.zip", PARCEL), ("a.docx", TEXT), ("a.html", TEXT)])
def test_the_heavy_child_is_spared(filename: str, content: bytes) -> None:
    """What has nothing to do with pictures and PDF is opened by the light child alone."""
    with closing(Cage(limits=PATIENT)) as cage:
        cage.open(filename, content)
        assert (cage.pid is None, cage.heavy_pid) == (False, None)


@pytest.mark.parametrize(("filename", "content"), [("a.pdf", PDF), ("a.png", PNG), ("a.dat", JPEG)])
def test_a_picture_goes_to_the_heavy_child(filename: str, content: bytes) -> None:
    """For a picture or a PDF, whatever it is called, the light child is not started."""
    with closing(Cage(limits=PATIENT)) as cage:
        assert cage.open(filename, content).state is Opened.OPENED
        assert (cage.pid, cage.heavy_pid is None) == (None, False)


def test_a_picture_in_an_archive_goes_to_the_heavy_child() -> None:
    """Where the light child meets a picture or a PDF inside, at any depth, the heavy one looks at the whole again."""
    inner = pack_zip({"a.pdf": PDF})
    with closing(Cage(limits=PATIENT)) as cage:
        opening = cage.open("a.zip", pack_zip({"in.zip": inner, "b.exe": PROGRAM}))
        assert None not in {cage.pid, cage.heavy_pid}
    assert found(opening) == (("in.zip", "archive"), ("in.zip!a.pdf", "document"), ("b.exe", "program"))


def test_one_child_may_do_all() -> None:
    """Where that is wanted, archives, pictures and pictures in archives are opened by a single child."""
    with closing(Cage(limits=PATIENT, one=True)) as cage:
        openings = [cage.open("a.zip", PARCEL), cage.open("a.png", PNG), cage.open("b.zip", pack_zip({"a.pdf": PDF}))]
        assert cage.pid == cage.heavy_pid is not None
    assert [opening.state for opening in openings] == [Opened.OPENED] * 3
    assert found(openings[2]) == (("a.pdf", "document"),)


def test_what_the_light_child_found_outlives_the_heavy_one() -> None:
    """When the heavy child dies over a picture, the program beside it is still told of."""
    script = (
        "import os, sys\n"
        f"if sys.argv[-1] == {LIGHT!r}: os.execv(sys.argv[1], sys.argv[1:])\n"
        "os.write(1, b'ready'); os.read(0, 65536); os._exit(1)\n"
    )
    command = [sys.executable, "-I", "-c", script, *default_command(timedelta(seconds=30))]
    with closing(Cage(limits=PATIENT, command=command)) as cage:
        opening = cage.open("a.zip", pack_zip({"a.png": PNG, "b.exe": PROGRAM}))
    assert (found(opening), opening.state) == ((("a.png", "picture"), ("b.exe", "program")), Opened.BROKEN)


@pytest.mark.parametrize("filename", ["a.zip", "a.pdf"])
def test_a_child_can_be_started_beforehand(filename: str) -> None:
    """The child that was prepared for a name is the one that is asked, and preparing does not wait for it."""
    with closing(Cage(limits=PATIENT)) as cage:
        started = time.monotonic()
        cage.prepare(filename)
        cage.prepare(filename)
        assert time.monotonic() - started < 0.5
        prepared = (cage.pid, cage.heavy_pid)
        cage.open(filename, PDF if filename == "a.pdf" else PARCEL)
        assert (cage.pid, cage.heavy_pid) == prepared
        assert prepared.count(None) == 1


def test_preparing_in_vain_does_no_harm() -> None:
    """Where no child can be started, preparing one says nothing."""
    with closing(Cage(command=["/nonexistent/python"])) as cage:
        cage.prepare("a.zip")
        assert cage.pid is None


def test_without_libarchive_the_rest_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is missing, its archives count as not looked into, and a ZIP archive is opened as ever."""
    monkeypatch.setenv("LIBARCHIVE", "/nonexistent/libarchive.so")
    with closing(Cage(limits=PATIENT)) as cage:
        opening = cage.open("a.7z", b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(40))
        assert (opening.state, opening.kind) == (Opened.NOT_YET, "archive")
        assert cage.open("a.zip", PARCEL).state is Opened.OPENED


def test_one_child_serves_many(cage: Cage) -> None:
    """A child is not started anew for each attachment."""
    pid = cage.pid
    for _ in range(20):
        cage.open("a.zip", PARCEL)
    assert cage.pid == pid


def test_an_idle_child_ends_and_is_replaced() -> None:
    """A child with nothing to do ends without anybody's help, leaves no zombie, and another one takes its place."""
    with closing(Cage(timedelta(seconds=0.3), PATIENT)) as cage:
        cage.open("a.zip", PARCEL)
        first = child_of(cage)
        wait_for_end(first)
        assert cage.open("a.zip", PARCEL).state is Opened.OPENED
        assert cage.pid != first


def test_close_ends_the_child(cage: Cage) -> None:
    """No process is left behind."""
    pid = child_of(cage)
    cage.close()
    assert cage.pid is None
    assert not Path(f"/proc/{pid}").exists()


def test_a_child_that_was_killed_while_idle_is_replaced(cage: Cage) -> None:
    """When the child has died between two attachments, the second is opened all the same."""
    pid = child_of(cage)
    os.kill(pid, signal.SIGKILL)
    wait_for_end(pid)
    assert cage.open("a.zip", PARCEL).state is Opened.OPENED


def test_an_attachment_over_which_the_child_dies_is_broken(cage: Cage) -> None:
    """The death of the child is evidence of the attachment alone: the next one is opened."""
    pid = child_of(cage)
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(cage.open, "a.zip", PARCEL)
        time.sleep(0.2)
        os.kill(pid, signal.SIGKILL)
        opening = asked.result()
    assert opening == Opening(Opened.BROKEN, "archive", sha256=hashlib.sha256(PARCEL).hexdigest())
    assert cage.open("a.zip", PARCEL).state is Opened.OPENED


def test_an_attachment_that_takes_too_long_is_broken() -> None:
    """A child that does not answer in time is killed, and the next attachment is opened by another."""
    with closing(Cage(limits=replace(PATIENT, seconds=2))) as cage:
        cage.open("a.txt", TEXT)
        pid = child_of(cage)
        os.kill(pid, signal.SIGSTOP)
        started = time.monotonic()
        assert cage.open("a.zip", PARCEL + bytes(4 << 20)).state is Opened.BROKEN
        assert time.monotonic() - started < 10
        assert not Path(f"/proc/{pid}").exists()
        assert cage.open("a.zip", PARCEL).state is Opened.OPENED


NONSENSE = {
    "no JSON": "answer(b'junk')",
    "too long": "os.write(1, b'\\xff' * 4)",
    "cut": "os.write(1, b'\\0\\0\\0\\x10junk'); os._exit(0)",
    "silence": "os._exit(0)",
    "too few values": """answer(b'["opened", "archive", []]')""",
    "no such state": """answer(b'["fine", "", [], [], false]')""",
    "no such kind": """answer(b'["opened", "harmless", [], [], false]')""",
    "kind of another type": """answer(b'["opened", ["archive"], [], [], false]')""",
    "member of another type": """answer(b'["opened", "archive", [[1, 2, "", false]], [], false]')""",
    "member too short": """answer(b'["opened", "archive", [["a"]], [], false]')""",
    "no such finding": """answer(b'["opened", "archive", [], [["love", "", ""]], false]')""",
    "finding of another type": """answer(b'["opened", "archive", [], [["link", 1, ""]], false]')""",
    "neither yes nor no": """answer(b'["opened", "archive", [], [], 2]')""",
    "deep": "answer(b'[' * 1_000_000)",
    "huge": """answer(b'["opened", "archive", [["a", ' + b'9' * 9999 + b', "", false]], [], false]')""",
}


def test_sense_from_the_child_is_believed(tmp_path: Path) -> None:
    """What makes the answers of the next test nonsense is the one thing in which they differ from this one."""
    say = """answer(b'["opened", "archive", [["a", 9, "", false]], [["link", "b", ""]], false]')"""
    with closing(Cage(limits=PATIENT, command=taken_over(say, tmp_path / "was here"))) as cage:
        opening = cage.open("a.zip", PARCEL)
    assert (opening.state, opening.members[0].path, opening.findings[0].detail) == (Opened.OPENED, "a", "b")


def taken_over(say: str, marker: Path) -> list[str]:
    """The command of a child that once says something else than it should, and of those that come after it."""
    script = (
        "import os, sys, runpy, pathlib\n"
        "def answer(text): os.write(1, len(text).to_bytes(4, 'big')); os.write(1, text)\n"
        f"marker = pathlib.Path({str(marker)!r})\n"
        "if not marker.exists():\n"
        f"    marker.touch(); os.write(1, b'ready'); os.read(0, 65536); {say}; os.read(0, 65536)\n"
        "else:\n"
        "    os.execv(sys.argv[1], sys.argv[1:])\n"
    )
    return [sys.executable, "-I", "-c", script, *default_command(timedelta(seconds=30))]


@pytest.mark.parametrize("say", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_from_the_child_is_broken(say: str, tmp_path: Path) -> None:
    """A child that was taken over can make one attachment BROKEN, and nothing else; the next child is believed."""
    with closing(Cage(limits=PATIENT, command=taken_over(say, tmp_path / "was here"))) as cage:
        assert cage.open("a.zip", PARCEL).state is Opened.BROKEN
        assert cage.open("a.zip", PARCEL).state is Opened.OPENED


@pytest.mark.parametrize("command", [["/nonexistent/python"], [sys.executable, "-c", "print('hello')"]])
def test_without_a_child_nothing_has_been_opened(command: list[str]) -> None:
    """When no child can be started, the attachment is not blamed for it."""
    with closing(Cage(command=command)) as cage:
        assert cage.open("a.zip", PARCEL).state is Opened.NOT_YET


def test_a_thread_waits_for_the_end_of_each_child_only(cage: Cage) -> None:
    """No thread is left behind by many attachments, and none by the cage once it is closed."""
    for _ in range(20):
        cage.open("a.zip", PARCEL)
    waiting = [thread for thread in threading.enumerate() if thread.name == f"attachments {cage.pid}"]
    assert len(waiting) == 1
    cage.close()
    assert not waiting[0].is_alive()

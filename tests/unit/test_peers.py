"""What Watcher is measured beside: configured as docs/performance.md says, and given the mail that it says."""

from __future__ import annotations

import io
import re
import socket
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from email import message_from_bytes
from pathlib import Path

import pytest

from bench._corpus import make_up, place, share, spread, unpack
from bench._figures import Figure
from bench._imapfilter import BRANDS, FOLDER, rule
from bench._mails import impostor, write
from bench._peer import HOST, Peer
from bench._process import family
from bench._rspamd import NEEDY, envelope, settings

PLACE = Path("/nowhere")

ECHO = """import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    with server.accept()[0] as connection:
        connection.sendall(connection.recv(9))
"""


class Echo(Peer):
    """A neighbour that says what it is told, and does not start where it is given no script."""

    program = "echo"

    def __init__(self, script: str) -> None:
        super().__init__()
        self._script = script

    def command(self, folder: Path) -> Sequence[str]:
        """A Python of its own."""
        (folder / "script.py").write_text(self._script)
        return [sys.executable, str(folder / "script.py"), str(self.port)]

    def check(self, mail: bytes) -> bytes:
        """Over a connection of its own."""
        with socket.create_connection((HOST, self.port), timeout=20) as connection:
            connection.sendall(mail)
            return connection.recv(9)


def test_a_neighbour_is_gone_afterwards() -> None:
    """It answers and its CPU is counted while the context lasts; then neither the server nor its folder is left."""
    with Echo(ECHO) as echo:
        assert echo.check(b"mail") == b"mail"
        assert echo.cpu() > 0
        assert echo.folder.is_dir()
    assert not echo.folder.exists()
    with pytest.raises(ConnectionRefusedError):
        echo.check(b"mail")


def test_a_neighbour_that_does_not_start_is_heard() -> None:
    """The bench ends with what the server had to say, and leaves nothing behind."""
    echo = Echo("raise SystemExit('I do not like mail')")
    with pytest.raises(SystemExit, match=r"echo does not start:\nI do not like mail"):
        echo.__enter__()
    assert not echo.folder.exists()


def test_rspamd_asks_nobody() -> None:
    """Modules that ask others are off, so is the one question of a module that stays, and DNS is where nobody is."""
    files = settings(PLACE, 4000)
    assert {files[PLACE / "local.d" / f"{module}.conf"] for module in NEEDY} == {"enabled = false;\n"}
    assert {"rbl", "surbl", "spf", "dkim", "dmarc", "fuzzy_check", "neural", "ratelimit"} <= set(NEEDY)
    assert "phishtank_enabled = false;" in files[PLACE / "local.d" / "phishing.conf"]
    assert 'nameserver = "127.0.0.1:9";' in files[PLACE / "options.inc"]


def test_rspamd_is_one_worker_on_loopback() -> None:
    """It listens on the port that it was given, on this machine only, and no other of Debian's workers is started."""
    main = settings(PLACE, 4000)[PLACE / "rspamd.conf"]
    assert re.findall(r'worker "(\w+)"', main) == ["normal"]
    assert re.findall(r'bind_socket = "(.*?)"', main) == ["127.0.0.1:4000"]
    assert main.count("{") == main.count("}")


def test_rspamd_is_told_the_envelope() -> None:
    """The sender and the machine that brought the mail are what the receiving server noted down."""
    mail = message_from_bytes(
        b"Return-Path: <bounce@sender.example>\r\nReceived-SPF: pass (mx.example: ok)\r\n"
        b" client-ip=192.0.2.25; envelope-from=bounce@sender.example; helo=mail.sender.example;\r\n\r\n"
    )
    assert envelope(mail) == {"From": "bounce@sender.example", "Ip": "192.0.2.25", "Helo": "mail.sender.example"}


@pytest.mark.parametrize(
    "raw", [b"\r\n\r\n", b"Return-Path: <>\r\n\r\n", "Return-Path: <佐藤@例.example>\r\n\r\n".encode()]
)
def test_rspamd_is_told_nothing_that_is_no_header(raw: bytes) -> None:
    """A mail without an envelope, or with one that HTTP cannot carry, goes without."""
    assert envelope(message_from_bytes(raw)) == {}


def test_imapfilter_reads_from_only_and_knows_the_brands() -> None:
    """Its rule names every brand with its domains, fetches one field of a mail, and moves into the one folder."""
    lua = rule("localhost", 4000, "taro")
    assert 'server = "localhost", port = 4000, username = "taro"' in lua
    assert '["booking.com"] = { "booking.com" }' in lua
    assert all(f'["{name}"]' in lua for name in BRANDS)
    assert len(BRANDS) >= 40
    assert re.findall(r"fetch_\w+\(.*?\)", lua) == ["fetch_field('From')"]
    assert f'move_messages(account["{FOLDER}"])' in lua


def test_mail_is_sorted_into_sets(tmp_path: Path) -> None:
    """Archives, folders and loose files become sets of their own, and nothing but mail gets into them."""
    corpus = tmp_path / "corpus"
    (corpus / "ham_b" / "deep").mkdir(parents=True)
    for name in ("loose.eml", "notes.md", "ham_b/1.eml", "ham_b/deep/2.eml"):
        (corpus / name).write_bytes(write(1))
    with tarfile.open(corpus / "phish_a.tar.xz", "w:xz") as packed:
        entry, mail = tarfile.TarInfo("3.eml"), impostor(1)
        entry.size = len(mail)
        packed.addfile(entry, io.BytesIO(mail))
    sets = unpack(corpus, tmp_path / "scratch")
    assert {name: [file.name for file in files] for name, files in sets.items()} == {
        "ham_b": ["1.eml", "2.eml"],
        "mail": ["loose.eml"],
        "phish_a": ["3.eml"],
    }
    assert sets["phish_a"][0].read_bytes() == mail


def test_without_mail_there_are_no_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is not there holds none, so that made-up mail takes its place."""
    monkeypatch.setenv("WATCHER_CORPUS", str(tmp_path / "nowhere"))
    assert unpack(place(), tmp_path / "scratch") == {}


def test_an_inbox_is_shared_by_phish_and_others(tmp_path: Path) -> None:
    """One half is from the phish sets, the other from the rest, in turns and from all over each."""
    sets = {"phish_a": make_up(tmp_path / "phish_a", impostor, 9), "ham_b": make_up(tmp_path / "ham_b", write, 6)}
    shared = share(sets, 6)
    assert [file.parent.name for file in shared] == ["phish_a", "ham_b"] * 3
    assert [file.stem for file in shared[::2]] == ["0", "3", "6"]
    assert [file.stem for file in shared[1::2]] == ["0", "2", "4"]


def test_an_inbox_of_one_kind_is_filled_all_the_same(tmp_path: Path) -> None:
    """Somebody's folder of mail, which nobody has sorted, fills the whole inbox."""
    files = make_up(tmp_path / "mail", write, 4)
    assert share({"mail": files}, 4) == files


def test_spreading_takes_all_of_few(tmp_path: Path) -> None:
    """Where there are fewer than asked for each is taken once."""
    files = make_up(tmp_path / "few", write, 3)
    assert spread(files, 10) == files
    assert spread([], 10) == []


@pytest.mark.parametrize(
    ("figure", "promise"),
    [
        (Figure("", 3, "×"), ""),
        (Figure("", 3, "×", 4), "≤ 4 ×"),
        (Figure("", 5, "×", 4), "≤ 4 × **over**"),
        (Figure("", 30, "×", least=30), "≥ 30 ×"),
        (Figure("", 29, "×", least=30), "≥ 30 × **under**"),
    ],
)
def test_a_broken_promise_is_said(figure: Figure, promise: str) -> None:
    """Beside a figure stands what it may be, and whether it is too much or too little."""
    assert figure.promise == promise


def test_all_that_a_server_starts_is_counted() -> None:
    """A process, its child and its grandchild are its family, and whoever started it is not."""
    script = "sh -c 'sleep 60 & echo; wait' & wait"
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            assert process.stdout
            process.stdout.readline()
            found = family(process.pid)
        finally:
            subprocess.run(["kill", "--", f"-{process.pid}"], check=True)
    assert found[0] == process.pid
    assert len(found) == 3

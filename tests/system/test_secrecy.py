"""A daemon's life with every kind of secret, under the eyes of the kernel: what it tells, and with whom it talks."""

from __future__ import annotations

import base64
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.kit.authorisation_server import AuthorisationServer
from tests.kit.bus import private_bus
from tests.kit.consents import BROWSER
from tests.kit.daemon import Home, await_that
from tests.kit.dovecot import Dovecot
from tests.kit.house import PARCEL
from tests.kit.keyring_daemon import keyring_daemon
from tests.kit.mails import build
from tests.kit.notification_server import NotificationServer
from tests.kit.strace import Trace

pytestmark = [pytest.mark.strace, pytest.mark.dovecot, pytest.mark.dbus, pytest.mark.keyring, pytest.mark.timeout(300)]

RIGHT, WRONG = "Parole-Zq8351-right", "Parole-Zq8351-wrong"
TARO = "taro@example.jp"
"""He logs in by OAuth."""
ACCOUNTS = {
    "command": '{ command = ["cat", "SAFE/right"] }',
    "refused": '{ command = ["cat", "SAFE/wrong"] }',
    "buggy": '{ command = ["cat", "SAFE/right"] }',
    "ring": "{ keyring = true }",
    "credential": '{ credential = "imap" }',
    TARO: '{ oauth = "tests" }',
}
BUG = """
import sys
def fail(event, arguments):
    if event == "imaplib.send" and b"LOGIN buggy" in arguments[1]:
        raise RuntimeError("a mistake of ours, in the midst of a login")
sys.addaudithook(fail)
"""
"""A sitecustomize: imaplib announces what it is about to send."""

LURES = """<html><head><link rel="stylesheet" href="http://style.example.net/a.css">
<meta http-equiv="refresh" content="0; url=http://refresh.example.net/"></head>
<body background="http://192.0.2.66/back.png"><img src="http://tracker.example.net/pixel.gif?who=taro" width="1">
<img src="http://[2001:db8::66]/pixel.gif"><a href="http://127.0.0.1:9/login">日本郵便</a>
<a href="http://japanpost.example.net/login">https://www.post.japanpost.jp/</a><iframe src="https://frame.example.net/">
</iframe><script src="http://script.example.net/a.js"></script></body></html>"""
FIELDS = [
    ("Return-Path", "<bounce@bounce.example.net>"),
    ("List-Unsubscribe", "<http://unsubscribe.example.net/?who=taro>"),
    ("Disposition-Notification-To", "<read@receipt.example.net>"),
    ("DKIM-Signature", "v=1; a=rsa-sha256; d=dkim.example.net; s=key; h=from; bh=AAAA; b=AAAA"),
    ("Received", "from mx.example.net (mx.example.net [192.0.2.67]) by mx.example.jp; Fri, 20 Nov 2026 10:30:00 +0900"),
]


def lure(number: int) -> bytes:
    """A mail that must be moved, and that names as many places as a mail can."""
    return build(
        author="日本郵便 <info@parcel.example>",
        subject=f"お荷物のお届けについて http://subject.example.net/{number}",
        text="http://text.example.net/ ftp://files.example.net/ \\\\share.example.net\\x",
        html=LURES,
        attachments=[("日本郵便追跡.zip", PARCEL), ("page.html", LURES.encode()), ("picture.svg", LURES.encode())],
        headers=FIELDS,
        message_id=f"<lure{number}@parcel.example>",
    )


class Traced(Home):
    """A home whose daemon is recorded, and where everybody may leave core files, and files for all to write.

    What it must not tell lies in `safe`, what it has told in `folder`.
    """

    safe: Path
    trace: Trace

    def furnish(self, authority: AuthorisationServer) -> None:
        """Write the configuration, and what it names."""
        (self.safe / "right").write_text(RIGHT + "\n")
        (self.safe / "wrong").write_text(WRONG + "\n")
        (self.safe / "imap").write_text(RIGHT + "\n")
        (self.safe / "sitecustomize.py").write_text(BUG)
        (self.safe / "xdg-open").write_text(BROWSER.format(python=sys.executable))
        (self.safe / "xdg-open").chmod(0o755)
        (self.folder / "here").mkdir()
        lines = ["[notify]", 'backend = "freedesktop"', 'digest = "both"', 'digest_at = "00:00"']
        for name, password in ACCOUNTS.items():
            host = "localhost" if name == "ring" else self.server.host
            lines += ["[[accounts]]", f'name = "{name}"', f'host = "{host}"', f"port = {self.server.tls_port}"]
            lines += [f'ca_file = "{self.server.certificates.ca}"', f'user = "{name}"']
            lines += ["password = " + password.replace("SAFE", str(self.safe))]
        self.config.write_text("\n".join([*lines, authority.table()]))

    @property
    def environment(self) -> dict[str, str]:
        """With what the accounts need."""
        own = super().environment
        mine = {"PYTHONPATH": str(self.safe), "CREDENTIALS_DIRECTORY": str(self.safe)}
        return {**own, **mine, "PATH": f"{self.safe}:{own['PATH']}"}

    def _command(self, *arguments: str) -> list[str]:
        shell = ["sh", "-c", 'umask 0; ulimit -c "$(ulimit -H -c)"; cd "$0" && exec "$@"', str(self.folder / "here")]
        if arguments != ("run",):
            return [*shell, *super()._command(*arguments)]
        return [*shell, *self.trace.of(super()._command("--verbose", *arguments))]


@dataclass
class Life:
    """What is left of it."""

    home: Traced
    secrets: Sequence[str]
    hosts: set[str]
    """Those that are configured, with their ports."""
    sockets: set[str]
    """Those of the desktop and of systemd."""
    told: dict[str, str] = field(default_factory=dict)
    """What was said to whom: the commands' output, notices, the state for systemd."""
    limits: str = ""
    core_filter: str = ""
    status: int = 0


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """From the first login over mail, buttons and a digest to a crash."""
    folder, safe = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("safe")
    with (
        private_bus() as bus,
        keyring_daemon(bus),
        NotificationServer(bus.address) as desktop,
        AuthorisationServer(TARO) as authority,
        Dovecot(password=RIGHT, introspection=f"{authority.url}/introspect") as dovecot,
        listening(safe / "notify") as manager,
    ):
        found = {"DBUS_SESSION_BUS_ADDRESS": bus.address, "NOTIFY_SOCKET": str(safe / "notify")}
        with Traced(folder, dovecot, [], found) as home:
            home.safe, home.trace = safe, Trace(safe / "trace")
            home.furnish(authority)
            ports = {str(dovecot.tls_port), authority.url.rpartition(":")[2]}
            hosts = {f"{host}:{port}" for host in ("127.0.0.1", "::1") for port in ports}
            sockets = {bus.address.partition("=")[2].partition(",")[0], str(safe / "notify")}
            life = Life(home, [], hosts, sockets)
            live(life, dovecot, desktop)
            die(life, desktop)
            life.secrets = [RIGHT, WRONG, *authority.secrets()]
            life.told["systemd"] = heard(manager)
            life.told["desktop"] = repr(desktop.calls)
            yield life


@contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    """What systemd listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        manager.setblocking(False)
        yield manager


def heard(manager: socket.socket) -> str:
    """All that it was told."""
    words = []
    with suppress(BlockingIOError):
        while True:
            words.append(manager.recv(65536).decode())
    return "\n".join(words)


def live(life: Life, dovecot: Dovecot, desktop: NotificationServer) -> None:
    """Logins of all kinds, mail, buttons, and all commands."""
    home = life.home
    keep(life, "ring", RIGHT)
    keep(life, "ring", WRONG)
    tell(life, "login", TARO)
    home.start()
    for name in ("command", "ring", "credential", TARO):
        await_that(lambda name=name: home.count(f"{name}: watching INBOX") > 0, f"{name} is not watched")  # type: ignore[misc]  # mypy cannot see the default
    await_that(lambda: home.count("refused the login of refused") > 0, "nobody is refused")
    await_that(lambda: home.count("in the midst of a login") > 0, "there is no bug")
    for number, name in enumerate(("command", "ring")):
        post(dovecot, name, lure(number))
    await_that(lambda: [case["state"] for case in home.cases()].count("moved") == 2, "nothing is moved")
    press(home, desktop)
    post(dovecot, "credential", lure(2))
    await_that(lambda: [case["state"] for case in home.cases()][-1:] == ["moved"], "nothing is moved any more")
    for command in (
        "status",
        "doctor --json",
        "list --json",
        "show 1",
        "report",
        "replay --days 1",
        "forward-report 1",
    ):
        tell(life, *command.split())
    assert home.stop() == 0
    home.age(days=2)


def post(dovecot: Dovecot, user: str, mail: bytes) -> None:
    """Let a mail arrive."""
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as mailbox:
        mailbox.login(user, RIGHT)
        mailbox.append("INBOX", mail)


def press(home: Home, desktop: NotificationServer) -> None:
    """Ask for the details of the newest notice and take its mail back, until that is done: it may be replaced first."""

    def is_answered() -> bool:
        for call in [call for call in desktop.calls if call.keys][-1:]:
            desktop.press(call, "default")
            desktop.press(call, call.keys[0])
        return any(case["state"] != "moved" for case in home.cases())

    await_that(is_answered, "no button is answered")


def keep(life: Life, name: str, password: str) -> None:
    """Give a password for the key ring."""
    command = [*life.home._command("login", name, "--stdin")]
    done = subprocess.run(
        command, input=password, env=life.home.environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == (0 if password == RIGHT else 2), done.stderr
    life.told[f"login {password}"] = done.stdout + done.stderr


def tell(life: Life, *words: str) -> None:
    """Run a command, and keep what it says."""
    done = life.home.run(*words)
    life.told[" ".join(words)] = done.stdout + done.stderr


def die(life: Life, desktop: NotificationServer) -> None:
    """A second run, with a digest, to a crash that would leave a core file."""
    home, notices = life.home, len(desktop.calls)
    home.start()
    assert home.process is not None
    await_that(lambda: home.count("watching INBOX") >= 8, "the second run does not watch")
    await_that(lambda: len(desktop.calls) > notices, "there is no digest")
    pid = home.process.pid
    life.limits = Path(f"/proc/{pid}/limits").read_text()
    with suppress(FileNotFoundError):
        life.core_filter = Path(f"/proc/{pid}/coredump_filter").read_text().strip()
    life.status = home._end(signal.SIGSEGV)
    home.trace.wait_for_end(pid)


def spellings(secret: str) -> list[bytes]:
    """A secret as it may be written: plain, in hexadecimal digits, and in base64 wherever it begins there."""
    raw = secret.encode()
    inside = [base64.b64encode(b"\0" * skip + raw)[skip and 4 : -4] for skip in range(3)]
    return [raw, raw.hex().encode(), *inside]


def leaks(text: bytes, secrets: Sequence[str]) -> list[bytes]:
    """Which secrets stand there."""
    return [spelling for secret in secrets for spelling in spellings(secret) if spelling in text]


def test_the_search_would_find_one() -> None:
    """Whatever a secret is written in, and wherever it begins in that, it is found."""
    for before in (b"", b"a", b"ab", b"\0taro\0", b"user=taro\1auth=Bearer "):
        for written in (before + RIGHT.encode(), base64.b64encode(before + RIGHT.encode() + b"\1\1")):
            assert leaks(written, [RIGHT]), written


def test_no_secret_in_a_file(life: Life) -> None:
    """No file that the program has written holds one: log with tracebacks, ledger, pages, sockets, configuration."""
    files = [path for path in life.home.folder.rglob("*") if path.is_file()]
    assert {"log", "ledger.sqlite", "config.toml", "report.html"} <= {path.name for path in files}
    assert "Traceback" in life.home.log.read_text()
    assert {path.name: found for path in files if (found := leaks(path.read_bytes(), life.secrets))} == {}


def test_all_that_is_written_is_private(life: Life) -> None:
    """Whatever the umask, nobody else can read or write what the program has written: ledger, lock, socket, pages."""
    folders = [path for path in life.home.folder.rglob("*") if path.is_dir() and path.name.lower() == "watcher"]
    written = [*folders, *(path for folder in folders for path in folder.rglob("*"))]
    assert {"ledger.sqlite", "lock", "control", "report.html", "report-1.eml"} <= {path.name for path in written}
    assert [path.name for path in written if path.stat().st_mode & 0o077] == []


def test_no_secret_is_told(life: Life) -> None:
    """No command, notice or word to systemd holds one, in words or for programs."""
    assert {name for name in life.told if life.told[name]} >= {"systemd", "desktop", "doctor --json", "replay --days 1"}
    assert {name: found for name, text in life.told.items() if (found := leaks(text.encode(), life.secrets))} == {}


def test_no_secret_beside_a_process(life: Life) -> None:
    """No process of it, children included, is given one as an argument or in its environment."""
    programs = life.home.trace.programs()
    assert {"cat", "watcher.vault.grant"} <= {word for line in programs for word in line.replace('"', " ").split()}
    assert leaks("\n".join(programs).encode(), life.secrets) == []


def test_no_core_file(life: Life) -> None:
    """A crash leaves no core file although the shell asks for some, and no memory for a program that is given them."""
    (core,) = [line.split()[4:6] for line in life.limits.splitlines() if line.startswith("Max core file size")]
    assert core == ["0", "0"]
    assert life.core_filter in {"", "00000000"}
    assert life.status == -signal.SIGSEGV
    assert list((life.home.folder / "here").iterdir()) == []


def test_nobody_else_is_talked_to(life: Life) -> None:
    """Of all that it connects to or sends to, nothing is any other than its mail and OAuth servers and its desktop."""
    peers = life.home.trace.peers()
    assert life.hosts & set(peers), "there is nothing in the record"
    resolver = {"/var/run/nscd/socket", "AF_NETLINK"}
    """Of the C library: it asks itself, then the kernel, which addresses there are."""
    assert set(peers) - life.hosts - life.sockets - resolver == set()


def test_nothing_else_is_run(life: Life) -> None:
    """Besides itself it starts the commands for passwords, and no compiler, shell or opener."""
    started = {line.partition('"')[2].partition('"')[0] for line in life.home.trace.programs() if line.endswith(" = 0")}
    assert {Path(program).name for program in started} <= {"cat", Path(sys.executable).name, "ldconfig"}

"""Every kind of source for the contract suites: in memory, pymap, Cyrus, Dovecot in three shapes; and mail for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import pytest
from imapclient import IMAPClient

from tests.kit.backends import Backend, ImapBackend, MemoryBackend
from tests.kit.dovecot import PASSWORD, Dovecot
from tests.kit.imap_servers import HOST
from tests.kit.mail_server import MailServer
from watcher.demo.server import DemoServer
from watcher.model import How, Intent, Mail, Receipt, Step, StepKind
from watcher.ports import Reader
from watcher.sources.imap import ImapAccount
from watcher.sources.mailbox import Mailbox
from watcher.sources.memory import ABILITIES, MemoryServer

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
TARGET = "Suspicious"
STEP = Step(StepKind.MOVE, "INBOX", TARGET, add=("$Phishing", "$Junk"))


def crlf(text: str) -> bytes:
    """A mail as it goes over the wire."""
    return text.replace("\n", "\r\n").encode()


PLAIN = crlf("From: a@example.org\nSubject: plain\nMessage-ID: <plain@example.org>\n\nHello.\n")

NESTED = crlf("""From: =?utf-8?B?5pel5pys?= <a@example.org>
Subject: nested
Message-ID: <nested@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=iso-2022-jp
Content-Transfer-Encoding: 7bit

text
--inner
Content-Type: text/html; charset=UTF-8
Content-Transfer-Encoding: base64

PGI+aGVsbG88L2I+
--inner--
--outer
Content-Type: application/zip; name="=?utf-8?B?6KuL5rGC5pu4LnppcA==?="
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="=?utf-8?B?6KuL5rGC5pu4LnppcA==?="

UEsDBAo=
--outer
Content-Type: application/pdf
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename*=UTF-8''%E9%A0%98%E5%8F%8E%E6%9B%B8.pdf

JVBERi0=
--outer
Content-Type: message/rfc822
Content-Disposition: attachment; filename="note.eml"

From: b@example.org
Subject: inside
Content-Type: multipart/mixed; boundary="deep"

--deep
Content-Type: text/plain

deep
--deep--

--outer--
""")


@dataclass(frozen=True)
class Shape:
    """A back end, and what it can do."""

    backend: Backend
    moves: bool = True
    expunges: bool = True
    idles: bool = True
    keywords: bool = True
    octets: bool = True
    """Whether a header's octets beyond ASCII stay as they are."""
    prompt: bool = True
    """Whether IDLE tells when it begins of mail that came just before, as it has to (RFC 9051, 5.2)."""

    @property
    def how(self) -> How:
        """By which commands it moves."""
        if self.moves:
            return How.MOVE
        return How.COPY_EXPUNGE if self.expunges else How.COPY_ONLY

    def kept(self, raw: bytes) -> bytes:
        """What the server makes of a mail: Cyrus writes X for each octet that a header should not hold (munge8bit)."""
        if self.octets:
            return raw
        header, blank, body = raw.partition(b"\r\n\r\n")
        return bytes(octet if octet < 0x80 else ord("X") for octet in header) + blank + body


@pytest.fixture(scope="session")
def dovecot_without_move() -> Iterator[Dovecot]:
    """A Dovecot that has no MOVE and folders like Courier's."""
    more = "imap_capability = IMAP4rev1 UIDPLUS IDLE NAMESPACE LITERAL+"
    with Dovecot(separator=".", prefix="INBOX.", more=more) as server:
        yield server


@pytest.fixture(scope="session")
def bare_dovecot() -> Iterator[Dovecot]:
    """A Dovecot that names no extension at all."""
    with Dovecot(more="imap_capability = IMAP4rev1") as server:
        yield server


_users = count(1)


def on_server(server: MailServer, name: Callable[[str], str] = str) -> ImapBackend:
    """A mailbox of its own on a shared server."""
    user = f"user{next(_users)}"
    context = server.certificates.client_context
    return ImapBackend(server.account(user), PASSWORD, context, lambda: server.client(user), name)


def on_pymap(server: DemoServer) -> ImapBackend:
    """The one mailbox of a server of its own."""

    def dial() -> IMAPClient:
        client = IMAPClient(HOST, server.port, ssl=False)
        client.login(server.user, server.password)
        return client

    account = ImapAccount("home", HOST, server.user, server.port, "none")
    return ImapBackend(account, server.password, None, dial)


def below_inbox(folder: str) -> str:
    """A folder's name on a server like Courier."""
    return folder if folder == "INBOX" else "INBOX." + folder.replace("/", ".")


MAKERS: dict[str, Callable[[pytest.FixtureRequest], Shape]] = {
    "memory": lambda _: Shape(MemoryBackend(MemoryServer())),
    "memory-copy": lambda _: Shape(MemoryBackend(MemoryServer(ABILITIES - {"MOVE"})), moves=False),
    "memory-bare": lambda _: Shape(
        MemoryBackend(MemoryServer(frozenset({"IMAP4REV1"}), keywords=False)),
        moves=False,
        expunges=False,
        idles=False,
        keywords=False,
    ),
    "dovecot": lambda request: Shape(on_server(request.getfixturevalue("dovecot"))),
    "dovecot-copy": lambda request: Shape(
        on_server(request.getfixturevalue("dovecot_without_move"), below_inbox), moves=False
    ),
    "dovecot-bare": lambda request: Shape(
        on_server(request.getfixturevalue("bare_dovecot")), moves=False, expunges=False, idles=False
    ),
    "cyrus": lambda request: Shape(on_server(request.getfixturevalue("cyrus")), octets=False),
    "pymap": lambda request: Shape(on_pymap(request.getfixturevalue("demo")), prompt=False),
}


@pytest.fixture
def demo() -> Iterator[DemoServer]:
    """A demonstration server for one test."""
    with DemoServer() as server:
        yield server


def _marks(name: str) -> list[pytest.MarkDecorator]:
    """Which real server the back end of that name needs."""
    return [getattr(pytest.mark, server) for server in ("cyrus", "dovecot") if name.startswith(server)]


@pytest.fixture(params=[pytest.param(name, marks=_marks(name)) for name in MAKERS])
def shape(request: pytest.FixtureRequest) -> Iterator[Shape]:
    """Each back end in its turn."""
    shape = MAKERS[request.param](request)
    yield shape
    shape.backend.close()


@pytest.fixture
def backend(shape: Shape) -> Backend:
    """Its account."""
    return shape.backend


@pytest.fixture
def source(backend: Backend) -> Iterator[Mailbox]:
    """An open source on it."""
    source = backend.source()
    source.open()
    yield source
    source.close()


def fetch_one(reader: Reader, uid: int, folder: str = "INBOX") -> Mail:
    """One mail."""
    (mail,) = reader.fetch(folder, [uid])
    return mail


def intend(source: Mailbox, uid: int, step: Step = STEP) -> Intent:
    """What the pipeline would note before it takes the step."""
    if step.kind is StepKind.MOVE:
        source.prepare(step.target)
    mail = fetch_one(source, uid, step.origin)
    state = source.look(step.target)
    message_id = mail.header.partition(b"Message-ID: <")[2].partition(b">")[0].decode()
    now = datetime.now(UTC)
    return Intent(1, step, mail.place, mail.fingerprint, message_id, state.uidvalidity, state.uidnext, now)


def apply(source: Mailbox, intent: Intent) -> Receipt:
    """Take a step that has to succeed."""
    receipt = source.apply(intent)
    assert receipt is not None
    return receipt

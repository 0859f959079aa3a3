"""Every back end of the port `Source` keeps the port's word: reading, preparing, observing, waiting."""

from __future__ import annotations

import select
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.kit.backends import Backend
from tests.kit.cyrus import Cyrus, cyrus
from tests.kit.dovecot import PASSWORD, Dovecot, dovecot
from tests.kit.imap_servers import Secret
from tests.kit.mail_server import MailServer
from tests.kit.sources import (
    AT,
    NESTED,
    PLAIN,
    TARGET,
    Shape,
    backend,
    bare_dovecot,
    below_inbox,
    demo,
    dovecot_without_move,
    fetch_one,
    intend,
    on_pymap,
    shape,
    source,
)
from watcher.demo.server import DemoServer
from watcher.errors import ReadOnlyError, TransientError, UserError
from watcher.model import Part
from watcher.parse import split
from watcher.sources.imap import ImapSource
from watcher.sources.mailbox import Mailbox
from watcher.sources.memory import MemoryServer, MemorySource

__all__ = ["backend", "bare_dovecot", "cyrus", "demo", "dovecot", "dovecot_without_move", "shape", "source"]


# Reading.


def test_reading_changes_nothing(backend: Backend, source: Mailbox) -> None:
    """Looking, searching, fetching and filling leave every flag and every octet as it was."""
    uid = backend.deliver("INBOX", NESTED, [r"\Flagged"], AT)
    before = backend.mails("INBOX")
    source.look("INBOX")
    source.uids_since("INBOX", AT)
    mail = fetch_one(source, uid)
    source.fill(mail, [part.section for part in mail.parts], 1000)
    assert backend.mails("INBOX") == before
    assert before[uid].flags == {r"\Flagged"}


@pytest.mark.parametrize("raw", [PLAIN, NESTED], ids=["plain", "nested"])
def test_a_mail_is_described_as_parse_describes_it(backend: Backend, source: Mailbox, raw: bytes) -> None:
    """Sections, types, charsets, encodings, names and contents from the server are those of the raw mail."""
    uid = backend.deliver("INBOX", raw, (), AT)
    header, parts = split(raw)
    mail = fetch_one(source, uid)
    filled = source.fill(mail, [part.section for part in mail.parts], 1000)
    assert (mail.header, mail.size, mail.internal_date) == (header, len(raw), AT)
    assert all(part.content is None for part in mail.parts)
    assert [_essence(part) for part in filled.parts] == [_essence(part) for part in parts]


def _essence(part: Part) -> Part:
    """A part without what servers tell differently: sizes, what goes without saying, the line end before a boundary."""
    encoding = "" if part.encoding == "7bit" else part.encoding
    charset = part.charset.lower().removeprefix("us-ascii")
    return replace(part, size=0, encoding=encoding, charset=charset, content=(part.content or b"").rstrip())


def test_japanese_file_names_are_decoded(backend: Backend, source: Mailbox) -> None:
    """A name in encoded words and one by RFC 2231 come out as the sender meant them."""
    mail = fetch_one(source, backend.deliver("INBOX", NESTED))
    assert [part.filename for part in mail.parts] == ["", "", "請求書.zip", "領収書.pdf", "note.eml"]


def test_content_is_cut(backend: Backend, source: Mailbox) -> None:
    """No more than the limit is fetched, of those sections alone."""
    mail = fetch_one(source, backend.deliver("INBOX", NESTED))
    filled = source.fill(mail, ["1.2", "2"], 4)
    assert [part.content for part in filled.parts] == [None, b"PGI+", b"UEsD", None, None]


def test_several_mails_are_filled_at_once(backend: Backend, source: Mailbox) -> None:
    """Each gets its own content, one that has gone meanwhile stays unfetched, and none is left out."""
    uids = [backend.deliver("INBOX", raw) for raw in (PLAIN, NESTED, PLAIN.replace(b"Hello", b"World"))]
    mails = list(source.fetch("INBOX", uids))
    backend.remove("INBOX", uids[0])
    source.look("INBOX")
    filled = source.fill_all([mails[0], mails[2]], ["1"], 1000)
    alone = source.fill(mails[2], ["1"], 1000)
    assert list(filled) == [mails[0], alone]
    assert alone.parts[0].content is not None


def test_new_mail_is_what_comes_after_the_bookmark(backend: Backend, source: Mailbox) -> None:
    """`uids_from` never gives a UID below the one asked for, and sees mail that came while the folder was open."""
    first = backend.deliver("INBOX", PLAIN)
    bookmark = source.look("INBOX").uidnext
    assert bookmark > first
    assert list(source.uids_from("INBOX", bookmark)) == []
    second = backend.deliver("INBOX", NESTED)
    assert list(source.uids_from("INBOX", bookmark)) == [second]
    assert list(source.uids_from("INBOX", 1)) == [first, second]
    assert source.look("INBOX").uidnext > second


def test_the_mails_of_a_folder_are_counted(backend: Backend, source: Mailbox) -> None:
    """A look tells how many mails lie in the folder, whatever has been removed, and none for an empty one."""
    backend.make("Empty")
    uids = [backend.deliver("INBOX", PLAIN) for _ in range(3)]
    backend.remove("INBOX", uids[1])
    assert source.look("INBOX").messages == 2
    assert source.look("Empty").messages == 0


def test_mail_since_a_day_holds_all_of_that_day(backend: Backend, source: Mailbox) -> None:
    """Nothing of the day is missing in any time zone, and what is days older is not there."""
    old = backend.deliver("INBOX", PLAIN, (), AT - timedelta(days=5))
    early = backend.deliver("INBOX", PLAIN, (), AT.replace(hour=0, minute=5))
    late = backend.deliver("INBOX", PLAIN, (), AT.replace(hour=23, minute=55))
    found = source.uids_since("INBOX", AT.replace(hour=0, minute=0))
    assert {early, late} <= set(found)
    assert old not in found


def test_mail_that_is_gone_is_left_out(backend: Backend, source: Mailbox) -> None:
    """Fetching vanished UIDs is no error, and filling a vanished mail leaves it unfetched."""
    gone, kept = backend.deliver("INBOX", PLAIN), backend.deliver("INBOX", NESTED)
    mail = fetch_one(source, gone)
    backend.remove("INBOX", gone)
    source.look("INBOX")
    assert [mail.place.uid for mail in source.fetch("INBOX", [gone, kept, 9999])] == [kept]
    assert source.fill(mail, ["1"], 10) == mail


def test_more_than_a_batch_is_fetched(backend: Backend, source: Mailbox) -> None:
    """A hundred and one mails come in their order, and other work may be done between two of them."""
    uids = [backend.deliver("INBOX", PLAIN) for _ in range(101)]
    backend.make("Other")
    found = []
    for mail in source.fetch("INBOX", uids):
        found.append(mail.place.uid)
        if mail.place.uid == uids[30]:
            source.look("Other")
    assert found == uids


def test_a_missing_folder_is_a_matter_for_the_user(source: Mailbox) -> None:
    """A folder that is not there is told in words, and the connection stays good."""
    with pytest.raises(UserError, match="Nowhere"):
        source.look("Nowhere")
    assert source.look("INBOX").folder == "INBOX"


# Folders.


@pytest.mark.parametrize("folder", [TARGET, "疑わしいメール", "Watcher/A & B"])
def test_a_target_is_made_and_subscribed(backend: Backend, source: Mailbox, folder: str) -> None:
    """A target of any name is there after `prepare`, and once more asked for it stays as it is."""
    source.prepare(folder)
    state = source.look(folder)
    source.prepare(folder)
    assert source.look(folder) == state
    assert backend.subscribed() & {folder, below_inbox(folder)}


# Observing.


def test_observing_changes_nothing_whoever_asks(backend: Backend, source: Mailbox) -> None:
    """A source opened to observe refuses every change, and reads all the same."""
    uid = backend.deliver("INBOX", PLAIN)
    intent = intend(source, uid)
    before = backend.mails("INBOX")
    observer = backend.source(readonly=True)
    observer.open()
    for change in (observer.apply, observer.locate):
        with pytest.raises(ReadOnlyError):
            change(intent)
    with pytest.raises(ReadOnlyError):
        observer.prepare("Another")
    with pytest.raises(ReadOnlyError):
        observer.append("INBOX", PLAIN)
    assert fetch_one(observer, uid).place == intent.place
    observer.close()
    assert backend.mails("INBOX") == before
    assert backend.mails(TARGET) == {}


# Waiting.


def await_news(source: Mailbox, descriptor: int) -> bool:
    """Wait as the daemon does."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if source.check_idle():
            return True
        select.select([descriptor], [], [], 1)
    return False


def test_idle_wakes_when_mail_comes(shape: Shape, backend: Backend, source: Mailbox) -> None:
    """A delivery wakes whoever waits, twice in a row, and commands work in between; without IDLE nobody waits."""
    descriptor = source.start_idle()
    assert (descriptor is not None) == shape.idles
    for _ in range(2 if shape.idles else 0):
        assert descriptor is not None
        assert not source.check_idle()
        uid = backend.deliver("INBOX", PLAIN)
        assert await_news(source, descriptor)
        source.end_idle()
        assert uid in source.uids_from("INBOX", uid)
        descriptor = source.start_idle()


def test_a_sign_of_life_is_no_news(shape: Shape, source: Mailbox) -> None:
    """Asked for once it makes the descriptor stir, without any mail; what comes afterwards is told as before."""
    descriptor = source.start_idle()
    assert source.probe_idle() == shape.idles
    assert not source.probe_idle()
    if descriptor is None:
        return
    assert select.select([descriptor], [], [], 10)[0]
    assert not source.end_idle()
    descriptor = source.start_idle()
    assert descriptor is not None
    shape.backend.deliver("INBOX", PLAIN)
    assert await_news(source, descriptor)


def test_mail_beside_a_sign_of_life_is_not_missed(shape: Shape, source: Mailbox) -> None:
    """What comes between the question and the next IDLE is told by either of them, and there for whoever looks."""
    if source.start_idle() is None:
        return
    source.probe_idle()
    uid = shape.backend.deliver("INBOX", PLAIN)
    is_told = source.end_idle()
    descriptor = source.start_idle()
    assert descriptor is not None
    assert is_told or not shape.prompt or await_news(source, descriptor)
    source.end_idle()
    assert uid in source.uids_from("INBOX", uid)


def test_idle_survives_the_end_of_a_server_in_memory() -> None:
    """A server that goes down is told as TransientError, and again until it is back."""
    server = MemoryServer()
    source = MemorySource("home", server)
    check_outage(source, server.stop, lambda: setattr(server, "running", True))


@pytest.mark.parametrize(
    "server_type", [pytest.param(Dovecot, marks=pytest.mark.dovecot), pytest.param(Cyrus, marks=pytest.mark.cyrus)]
)
def test_idle_survives_the_end_of_a_real_server(server_type: Callable[[], MailServer]) -> None:
    """The same with Dovecot and with Cyrus, over TLS."""
    with server_type() as server:
        source = ImapSource(server.account("taro"), Secret(PASSWORD), server.certificates.client_context)
        check_outage(source, server.stop, server.start)


def test_idle_survives_the_end_of_pymap() -> None:
    """The same with the demonstration's server, which does not come back."""
    with DemoServer() as server:
        source = on_pymap(server).source()
        check_outage(source, server.close, None)


def check_outage(source: Mailbox, stop: Callable[[], object], start: Callable[[], object] | None) -> None:
    """Wait for mail through an outage."""
    source.open()
    descriptor = source.start_idle()
    assert descriptor is not None
    stop()
    with pytest.raises(TransientError):
        await_news(source, descriptor)
    with pytest.raises(TransientError):
        source.open()
    source.close()
    if start is not None:
        start()
        source.open()
        assert source.look("INBOX").folder == "INBOX"
        source.close()

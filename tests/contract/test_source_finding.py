"""Every back end of the port `Source` keeps the port's word: special folders, mails found again, read whole, put in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.kit.backends import Backend
from tests.kit.cyrus import Cyrus, cyrus
from tests.kit.dovecot import PASSWORD, Dovecot, dovecot
from tests.kit.imap_servers import HOST, ScriptedServer, Secret
from tests.kit.ledger import a_case
from tests.kit.sources import (
    AT,
    NESTED,
    PLAIN,
    TARGET,
    Shape,
    backend,
    bare_dovecot,
    crlf,
    demo,
    dovecot_without_move,
    fetch_one,
    shape,
    source,
)
from watcher.errors import TransientError, UserError
from watcher.model import Case, Place, Use
from watcher.sources import mailbox
from watcher.sources.imap import ImapAccount, ImapSource, tls_context
from watcher.sources.mailbox import Mailbox
from watcher.sources.memory import MemoryServer, MemorySource

__all__ = ["backend", "bare_dovecot", "cyrus", "demo", "dovecot", "dovecot_without_move", "shape", "source"]

ELSEWHERE = ["Archive", "ごみ箱", "Watcher/A & B"]
UNSEARCHABLE = crlf('From: a@example.org\nSubject: odd\nMessage-ID: <a) "b\\c {5}@例え>\n\nHello.\n')
NAMELESS = crlf("From: a@example.org\nSubject: no id\n\nHello.\n")


def case_of(source: Mailbox, uid: int, folder: str = "INBOX") -> Case:
    """What the pipeline would note of a mail."""
    mail = fetch_one(source, uid, folder)
    message_id = mail.header.partition(b"Message-ID: <")[2].partition(b">")[0].decode()
    return a_case(place=mail.place, fingerprint=mail.fingerprint, message_id=message_id, date=mail.internal_date)


def move(backend: Backend, uid: int, target: str) -> None:
    """What the user does in another program."""
    backend.copy("INBOX", uid, target)
    backend.remove("INBOX", uid)


# Special folders.


@pytest.mark.parametrize(
    ("use", "name", "usual"),
    [(Use.SENT, "送信済みトレイ", "Sent"), (Use.TRASH, "ごみ箱", "Trash"), (Use.JUNK, "迷惑メール", "Junk")],
)
def test_a_special_folder_is_found(backend: Backend, source: Mailbox, use: Use, name: str, usual: str) -> None:
    """By its name where the server says no more; it can be opened by that, and is looked for again when connected."""
    if not source.special_folder(use):
        backend.make(name)
        assert source.special_folder(use) == "", "it is asked once a connection"
    source.close()
    source.open()
    found = source.special_folder(use)
    assert found in {name, usual}
    assert source.look(found).folder == found


@pytest.mark.dovecot
def test_special_folders_are_found_by_their_use() -> None:
    r"""A folder that Dovecot says is for \Sent, \Trash or \Junk is found under any name."""
    boxes = "".join(
        f"mailbox {name} {{\n  auto = create\n  {special}\n}}\n"
        for name, special in {
            "Sent": "",
            "Trash": "",
            "Gesendet": r"special_use = \Sent",
            "Papierkorb": r"special_use = \Trash",
            "Werbung": r"special_use = \Junk",
        }.items()
    )
    with Dovecot(more=f"namespace inbox {{\n{boxes}}}\n") as server:
        source = ImapSource(server.account("taro"), Secret(PASSWORD), server.certificates.client_context)
        source.open()
        assert [source.special_folder(use) for use in Use] == ["Gesendet", "Papierkorb", "Werbung"]
        source.close()


@pytest.mark.cyrus
def test_special_folders_are_found_whatever_their_case() -> None:
    r"""Cyrus tells in lower case what it made a folder for, such as \junk, and it is found all the same."""
    uses = {"sent": "Gesendet", "trash": "Papierkorb", "junk": "Werbung"}
    made = [f"autocreate_inbox_folders: {'|'.join(uses.values())}"]
    with Cyrus("\n".join(made + [f"xlist-{use}: {name}" for use, name in uses.items()])) as server:
        owner = server.client("taro")
        assert {name for flags, _, name in owner.list_folders() if rb"\junk" in flags} == {"Werbung"}
        owner.shutdown()
        source = ImapSource(server.account("taro"), Secret(PASSWORD), server.certificates.client_context)
        source.open()
        assert [source.special_folder(use) for use in Use] == list(uses.values())
        source.close()


def test_the_folders_are_asked_for_once() -> None:
    """One LIST answers for all uses."""
    server = MemoryServer()
    source = MemorySource("home", server)
    source.open()
    server.commands_left = 1
    assert [source.special_folder(use) for use in Use] == ["", "", ""]


# Finding a mail again.


@pytest.mark.parametrize("raw", [PLAIN, NESTED, UNSEARCHABLE, NAMELESS], ids=["plain", "nested", "odd", "nameless"])
@pytest.mark.parametrize("folder", ELSEWHERE)
def test_a_mail_that_was_moved_by_others_is_found(shape: Shape, source: Mailbox, folder: str, raw: bytes) -> None:
    """In a folder of any name, among others, whatever its Message-ID; and not any more where it was."""
    backend = shape.backend
    backend.make(folder)
    backend.deliver(folder, PLAIN.replace(b"plain", b"other"), (), AT)
    uid = backend.deliver("INBOX", raw, (), AT)
    case = case_of(source, uid)
    assert source.find("INBOX", case) == case.place
    assert source.find(folder, case) is None
    move(backend, uid, folder)
    found = source.find(folder, case)
    assert found is not None
    assert backend.mails(folder)[found.uid].raw == shape.kept(raw)
    assert found == Place("home", folder, source.look(folder).uidvalidity, found.uid)
    assert source.find("INBOX", case) is None


def test_only_the_fingerprint_decides(backend: Backend, source: Mailbox) -> None:
    """Of mails with one Message-ID the right one is found, and none where only the others are."""
    backend.make("Archive")
    early = backend.deliver("INBOX", PLAIN, (), AT - timedelta(days=400))
    late = backend.deliver("INBOX", PLAIN, (), AT)
    longer = backend.deliver("INBOX", PLAIN + b"More.\r\n", (), AT)
    cases = [case_of(source, uid) for uid in (early, late, longer)]
    assert [source.find("INBOX", case) for case in cases] == [case.place for case in cases]
    for uid in (early, longer):
        backend.copy("INBOX", uid, "Archive")
    assert source.find("Archive", cases[1]) is None
    assert source.find("Archive", cases[2]) is not None


@pytest.mark.parametrize("at", [AT.replace(hour=0, minute=1), AT.replace(hour=23, minute=59)])
def test_a_mail_is_found_by_its_date(backend: Backend, source: Mailbox, at: datetime) -> None:
    """At either end of a day, in any time zone, among mails of the days before and after."""
    for days in (-3, -1, 1, 3):
        backend.deliver("INBOX", NAMELESS, (), at + timedelta(days=days))
    case = case_of(source, backend.deliver("INBOX", NAMELESS, (), at))
    assert source.find("INBOX", case) == case.place


def test_a_folder_that_is_not_there_holds_nothing(backend: Backend, source: Mailbox) -> None:
    """It is no error, and the connection stays good."""
    case = case_of(source, backend.deliver("INBOX", PLAIN))
    assert source.find("どこにもない", case) is None
    assert source.find("INBOX", case) == case.place


def test_looking_for_a_mail_changes_nothing(backend: Backend, source: Mailbox) -> None:
    """Not a flag, also for a source that only observes."""
    uid = backend.deliver("INBOX", NAMELESS, (), AT)
    before = backend.mails("INBOX")
    case = case_of(source, uid)
    observer = backend.source(readonly=True)
    observer.open()
    assert observer.find("INBOX", case) == case.place
    assert observer.whole(case.place) == NAMELESS
    observer.close()
    assert backend.mails("INBOX") == before


def test_a_flood_of_namesakes_hides_nothing() -> None:
    """Of a thousand mails with one Message-ID not all are fetched; the one of that second is found all the same."""
    server = MemoryServer()
    source = MemorySource("home", server)
    source.open()
    case = case_of(source, server.deliver("INBOX", PLAIN, (), AT))
    for number in range(1000):
        server.deliver("INBOX", PLAIN, (), AT + timedelta(seconds=1 + number))
    assert source.find("INBOX", case) == case.place


# Reading a mail whole.


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN,
        NESTED,
        crlf("Subject: 生の8ビット\n\n日本語のメールです。\n"),
        b"Subject: raw octets \x82\xa0\r\n\r\n\xff\xfe\x80",
        crlf("Subject: large\n\n" + "0123456789abcdef\n" * 130_000),
    ],
    ids=["plain", "nested", "utf-8", "octets", "2 MB"],
)
def test_a_mail_is_read_octet_by_octet(shape: Shape, source: Mailbox, raw: bytes) -> None:
    """Whatever stands in it comes as it was delivered, and the mail stays unread."""
    uid = shape.backend.deliver("INBOX", raw)
    assert source.whole(fetch_one(source, uid).place) == shape.kept(raw)
    assert shape.backend.mails("INBOX")[uid].flags == frozenset()


def test_a_mail_that_is_gone_cannot_be_read(backend: Backend, source: Mailbox) -> None:
    """It is told in words, and so is a folder whose UIDs mean nothing any more; the connection stays good."""
    uids = [backend.deliver("INBOX", raw) for raw in (PLAIN, NESTED)]
    gone, kept = (fetch_one(source, uid).place for uid in uids)
    backend.remove("INBOX", gone.uid)
    other = Place(kept.account, kept.folder, kept.uidvalidity + 1, kept.uid)
    for place in (gone, other):
        with pytest.raises(UserError, match="INBOX"):
            source.whole(place)
    with pytest.raises(UserError, match="Nowhere"):
        source.whole(Place(kept.account, "Nowhere", kept.uidvalidity, kept.uid))
    assert source.whole(kept) == NESTED


def test_a_mail_without_bounds_is_not_read() -> None:
    """Beyond 64 MiB it is told in words; a mail of just that size comes whole."""
    server = MemoryServer()
    source = MemorySource("home", server)
    source.open()
    largest = PLAIN.ljust(mailbox.LARGEST, b".")
    fits, exceeds = (Place("home", "INBOX", source.look("INBOX").uidvalidity, uid) for uid in (1, 2))
    for raw in (largest, largest + b"."):
        server.deliver("INBOX", raw)
    assert source.whole(fits) == largest
    with pytest.raises(UserError, match="too large"):
        source.whole(exceeds)


# Putting a mail in.


@pytest.mark.parametrize("folder", ["INBOX", *ELSEWHERE])
def test_a_mail_is_put_in_unread(backend: Backend, source: Mailbox, folder: str) -> None:
    """Octet by octet, as new mail without a flag, in a folder of any name; what was open before can be read on."""
    first = backend.deliver("INBOX", PLAIN)
    if folder != "INBOX":
        backend.make(folder)
    mail = fetch_one(source, first)
    raw = crlf("From: a@example.org\nSubject: ours\nContent-Transfer-Encoding: 8bit\n\nお知らせです。\n")
    source.append(folder, raw)
    *_, stored = backend.mails(folder).values()
    assert (stored.raw, stored.flags) == (raw, frozenset())
    assert source.whole(mail.place) == PLAIN


def test_a_mail_put_into_the_first_folder_is_news(source: Mailbox) -> None:
    """It lies at the end of the folder, like mail that came from elsewhere."""
    following = source.look("INBOX").uidnext
    source.append("INBOX", PLAIN)
    assert source.whole(Place("home", "INBOX", source.look("INBOX").uidvalidity, following)) == PLAIN


def test_nothing_is_put_into_a_folder_that_is_not_there(backend: Backend, source: Mailbox) -> None:
    """It is told in words, the folder is not made, and the connection stays good."""
    with pytest.raises(UserError, match="どこにもない"):
        source.append("どこにもない", PLAIN)
    with pytest.raises(UserError, match="どこにもない"):
        source.look("どこにもない")
    source.append("INBOX", PLAIN)
    assert len(backend.mails("INBOX")) == 1


@pytest.mark.dovecot
def test_a_full_mailbox_is_a_matter_for_the_user() -> None:
    """Over quota a mail is refused for good, in the server's words, and the connection stays good."""
    quota = (
        "mail_plugins = quota\nprotocol imap {\n  mail_plugins = quota imap_quota\n}\n"
        "plugin {\n  quota = maildir:User quota\n  quota_rule = *:bytes=1000\n  quota_grace = 0\n}\n"
    )
    with Dovecot(more=quota) as server:
        source = ImapSource(server.account("taro"), Secret(PASSWORD), server.certificates.client_context)
        source.open()
        with pytest.raises(UserError, match="OVERQUOTA"):
            source.append("INBOX", NESTED)
        assert source.look("INBOX").messages == 0
        source.append("INBOX", PLAIN)
        source.close()


@pytest.mark.parametrize(("code", "error"), [(b"[OVERQUOTA]", UserError), (b"[UNAVAILABLE]", TransientError)])
def test_a_refused_mail_is_told_apart(code: bytes, error: type[Exception]) -> None:
    """A server that will not take a mail, and one that cannot now, are different matters."""
    with ScriptedServer({"APPEND": b"{tag} NO " + code + b" no\r\n"}) as server:
        source = ImapSource(ImapAccount("home", HOST, "taro", server.port, "none"), Secret("secret"), tls_context())
        source.open()
        with pytest.raises(error):
            source.append(TARGET, PLAIN)
        source.close()

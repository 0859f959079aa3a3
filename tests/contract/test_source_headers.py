"""Every back end of the port `Source` keeps the port's word: old mail, and headers alone."""

from __future__ import annotations

import pytest

from tests.kit.backends import Backend
from tests.kit.cyrus import cyrus
from tests.kit.dovecot import dovecot
from tests.kit.sources import (
    AT,
    NESTED,
    PLAIN,
    backend,
    bare_dovecot,
    crlf,
    demo,
    dovecot_without_move,
    shape,
    source,
)
from watcher.errors import UserError
from watcher.parse import parse
from watcher.sources.mailbox import Mailbox

__all__ = ["backend", "bare_dovecot", "cyrus", "demo", "dovecot", "dovecot_without_move", "shape", "source"]

LETTER = crlf("""From: a@example.org
To: =?utf-8?B?5pel5pys?= <b@example.org>,
 c@example.org
Subject: letter
Cc: d@example.org

Hello.
""")


def test_named_fields_alone_are_fetched(backend: Backend, source: Mailbox) -> None:
    """Folded fields come whole, others not at all, with the mail's place and date and without its structure."""
    uid = backend.deliver("INBOX", LETTER, (), AT)
    (mail,) = source.headers("INBOX", [uid], ("To", "Cc", "Auto-Submitted"))
    message = parse(mail)
    assert [address.spec for address in message.to] == ["b@example.org", "c@example.org", "d@example.org"]
    assert message.to[0].name == "日本"
    assert {name for name, _ in message.headers} == {"to", "cc"}
    assert (mail.place.uid, mail.internal_date, mail.parts, mail.fingerprint) == (uid, AT, (), "")


def test_fetching_fields_changes_nothing(backend: Backend, source: Mailbox) -> None:
    """Neither a flag nor an octet, nor for a source that only observes."""
    uid = backend.deliver("INBOX", NESTED, (), AT)
    before = backend.mails("INBOX")
    observer = backend.source(readonly=True)
    observer.open()
    for reader in (source, observer):
        assert len(reader.headers("INBOX", [uid], ("From", "Authentication-Results"))) == 1
    observer.close()
    assert backend.mails("INBOX") == before


def test_mails_that_are_gone_have_no_fields(backend: Backend, source: Mailbox) -> None:
    """Vanished UIDs are left out, a mail without any of the fields is not, and nothing asked for is nothing."""
    gone, kept = backend.deliver("INBOX", PLAIN), backend.deliver("INBOX", PLAIN)
    backend.remove("INBOX", gone)
    source.look("INBOX")
    (mail,) = source.headers("INBOX", [gone, kept, 9999], ("X-Nothing",))
    assert mail.place.uid == kept
    assert parse(mail).headers == ()
    assert list(source.headers("INBOX", [], ("From",))) == []


def test_a_huge_field_is_cut(backend: Backend, source: Mailbox) -> None:
    """A mail to a whole town costs no more than a bounded part of its header, or is read whole in memory."""
    crowd = ",\n ".join(f"person{number}@example.org" for number in range(3000))
    uid = backend.deliver("INBOX", crlf(f"From: a@example.org\nTo: {crowd}\n\nHello.\n"))
    (mail,) = source.headers("INBOX", [uid], ("To",))
    assert parse(mail).to[0].spec == "person0@example.org"
    assert len(mail.header) <= 128 * 1024


@pytest.mark.parametrize("gaps", [0, 40])
def test_old_mail_newest_first(backend: Backend, source: Mailbox, gaps: int) -> None:
    """As many as asked for below a UID, the last first, also where most of the folder has been removed."""
    first = backend.deliver("INBOX", PLAIN)
    for uid in [backend.deliver("INBOX", PLAIN) for _ in range(gaps)]:
        backend.remove("INBOX", uid)
    others = [backend.deliver("INBOX", PLAIN) for _ in range(5)]
    end = source.look("INBOX").uidnext
    newest = [*reversed(others), first]
    assert list(source.uids_before("INBOX", end, 3)) == newest[:3]
    assert list(source.uids_before("INBOX", newest[2], 2)) == newest[3:5]
    assert list(source.uids_before("INBOX", newest[2], 100)) == newest[3:]
    assert list(source.uids_before("INBOX", first, 100)) == []


def test_a_folder_that_is_not_there(source: Mailbox) -> None:
    """It is told in words, and the connection stays good."""
    with pytest.raises(UserError, match="Nowhere"):
        source.headers("Nowhere", [1], ("From",))
    assert source.look("INBOX").folder == "INBOX"

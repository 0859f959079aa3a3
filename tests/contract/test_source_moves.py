"""Every back end moves mail so that none is lost, and proves it: the part of the port `Source` that changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.kit.backends import Backend
from tests.kit.cyrus import cyrus
from tests.kit.dovecot import dovecot
from tests.kit.sources import (
    AT,
    NESTED,
    PLAIN,
    STEP,
    TARGET,
    Shape,
    apply,
    backend,
    bare_dovecot,
    demo,
    dovecot_without_move,
    fetch_one,
    intend,
    shape,
    source,
)
from watcher.errors import TransientError
from watcher.model import How, Step, StepKind
from watcher.sources.mailbox import Mailbox
from watcher.sources.memory import ABILITIES, MemoryServer, MemorySource

__all__ = ["backend", "bare_dovecot", "cyrus", "demo", "dovecot", "dovecot_without_move", "shape", "source"]


# Moving.


def test_a_move_keeps_the_mail_as_it_was(shape: Shape, backend: Backend, source: Mailbox) -> None:
    """Octets, date and flags of a moved mail are the same, keywords are added where they are kept."""
    uid = backend.deliver("INBOX", NESTED, [r"\Flagged"], AT)
    intent = intend(source, uid)
    receipt = apply(source, intent)
    moved = backend.mails(TARGET)[receipt.place.uid]
    assert (moved.raw, moved.at) == (NESTED, AT)
    assert moved.flags == {r"\Flagged", *(STEP.add if shape.keywords else ())}
    assert (receipt.how, receipt.intent, receipt.place.folder) == (shape.how, intent, TARGET)
    assert receipt.place.uidvalidity == source.look(TARGET).uidvalidity
    assert fetch_one(source, receipt.place.uid, TARGET).fingerprint == intent.fingerprint


def test_the_label_of_a_moved_mail_is_seen(shape: Shape, backend: Backend, source: Mailbox) -> None:
    """Whoever fetches the moved mail, also from another computer, sees `$Phishing` on it where it is kept."""
    receipt = apply(source, intend(source, backend.deliver("INBOX", PLAIN)))
    other = backend.source(readonly=True)
    other.open()
    for reader in (source, other):
        assert ("$Phishing" in fetch_one(reader, receipt.place.uid, TARGET).flags) == shape.keywords
    other.close()


def test_only_the_moved_mail_leaves(shape: Shape, backend: Backend, source: Mailbox) -> None:
    r"""A mail that the user has marked \Deleted stays, whatever is expunged; a mere copy leaves the original."""
    waiting = backend.deliver("INBOX", PLAIN, [r"\Deleted"])
    uid = backend.deliver("INBOX", NESTED, [r"\Seen"])
    apply(source, intend(source, uid))
    left = backend.mails("INBOX")
    assert left[waiting].flags == {r"\Deleted"}
    if shape.how is How.COPY_ONLY:
        assert left[uid].flags == {r"\Seen", *(["$Phishing"] if shape.keywords else [])}
    else:
        assert set(left) == {waiting}


def test_the_inverse_takes_a_move_back(shape: Shape, backend: Backend, source: Mailbox) -> None:
    """After a move and its inverse the inbox holds the mail once, as it was before, without our keywords."""
    backend.deliver("INBOX", NESTED, [r"\Flagged"], AT)
    (before,) = backend.mails("INBOX").values()
    (uid,) = backend.mails("INBOX")
    receipt = apply(source, intend(source, uid))
    back = apply(source, intend(source, receipt.place.uid, STEP.inverse))
    assert back.place.folder == "INBOX"
    assert backend.mails("INBOX") == {back.place.uid: before}
    assert bool(backend.mails(TARGET)) == (shape.how is How.COPY_ONLY)


def test_a_target_that_was_removed_is_made_again(backend: Backend, source: Mailbox) -> None:
    """A move into a folder that is not there yet makes it (TRYCREATE)."""
    uid = backend.deliver("INBOX", PLAIN)
    intent = replace(intend(source, uid), step=replace(STEP, target="Made/anew"))
    receipt = apply(source, intent)
    assert backend.mails("Made/anew")[receipt.place.uid].raw == PLAIN


def test_a_mail_that_vanished_is_not_moved(backend: Backend, source: Mailbox) -> None:
    """A mail that somebody else was faster with gives no receipt, and nothing appears in the target."""
    uid = backend.deliver("INBOX", PLAIN)
    intent = intend(source, uid)
    backend.remove("INBOX", uid)
    assert source.apply(intent) is None
    assert source.locate(intent) is None
    assert backend.mails(TARGET) == {}


def test_a_flag_step_marks_the_mail_in_its_place(shape: Shape, backend: Backend, source: Mailbox) -> None:
    """FLAG adds keywords where they are kept, its inverse takes them off; other flags stay; a vanished mail is None."""
    uid = backend.deliver("INBOX", PLAIN, [r"\Seen"])
    flag = Step(StepKind.FLAG, "INBOX", "INBOX", add=("$Phishing",))
    intent = intend(source, uid, flag)
    assert source.locate(intent) is None
    receipt = apply(source, intent)
    assert (receipt.how, receipt.place) == (How.STORE, intent.place)
    assert backend.mails("INBOX")[uid].flags == {r"\Seen", *(flag.add if shape.keywords else ())}
    assert (source.locate(intent) is not None) == shape.keywords
    apply(source, replace(intent, step=flag.inverse))
    assert backend.mails("INBOX")[uid].flags == {r"\Seen"}
    backend.remove("INBOX", uid)
    assert source.apply(intent) is None


# After a crash.


def test_a_step_that_was_not_taken_is_not_found(backend: Backend, source: Mailbox) -> None:
    """An intent without a deed is not taken for a deed, even if a like mail lay in the target before."""
    uid = backend.deliver("INBOX", PLAIN, (), AT)
    source.prepare(TARGET)
    backend.copy("INBOX", uid, TARGET)
    assert source.locate(intend(source, uid)) is None
    assert set(backend.mails("INBOX")) == {uid}


def test_a_step_that_was_taken_is_found(shape: Shape, backend: Backend, source: Mailbox) -> None:
    """After a crash behind the last command the receipt is the one that was lost."""
    intent = intend(source, backend.deliver("INBOX", NESTED, (), AT))
    receipt = apply(source, intent)
    found = source.locate(intent)
    assert found is not None
    assert (found.place, found.intent, found.how) == (receipt.place, intent, shape.how)


@pytest.mark.parametrize("message_id", ["", "other@example.org", 'a) b" {5}'])
def test_the_message_id_never_decides(backend: Backend, source: Mailbox, message_id: str) -> None:
    """A move is found again whatever the sender wrote as Message-ID, or if he wrote none."""
    intent = replace(intend(source, backend.deliver("INBOX", PLAIN, (), AT)), message_id=message_id)
    receipt = apply(source, intent)
    found = source.locate(intent)
    assert found is not None
    assert found.place == receipt.place


def test_a_move_that_got_as_far_as_its_copy_is_finished(shape: Shape, backend: Backend, source: Mailbox) -> None:
    """With the mail in both places the proven copy stays, labelled, and the original goes where that is safe."""
    uid = backend.deliver("INBOX", PLAIN, (), AT)
    other = backend.deliver("INBOX", NESTED, [r"\Deleted"])
    intent = intend(source, uid)
    backend.copy("INBOX", uid, TARGET)
    receipt = source.locate(intent)
    assert receipt is not None
    assert set(backend.mails("INBOX")) == ({other} if shape.expunges else {uid, other})
    (copy,) = backend.mails(TARGET).values()
    assert copy.flags == set(STEP.add if shape.keywords else ())


@pytest.mark.parametrize("missing", [(), ("MOVE",), ("MOVE", "UIDPLUS")])
def test_a_crash_at_any_command_loses_nothing(missing: tuple[str, ...]) -> None:
    """Wherever the connection breaks, the mail is still there, and located or moved again it ends up moved once."""
    for broken_at in range(12):
        server = MemoryServer(ABILITIES.difference(missing))
        source = MemorySource("home", server)
        source.open()
        uid = server.deliver("INBOX", PLAIN, [r"\Seen"], AT)
        intent = intend(source, uid)
        server.commands_left = broken_at
        try:
            receipt = source.apply(intent)
        except TransientError:
            assert server.folders["INBOX"].mails or server.folders[TARGET].mails
            server.commands_left = None
            source.open()
            receipt = source.locate(intent) or source.apply(intent)
        assert receipt is not None
        assert len(server.folders[TARGET].mails) == 1
        assert len(server.folders["INBOX"].mails) == ("UIDPLUS" in missing)
        assert server.folders[TARGET].mails[receipt.place.uid].flags == {r"\Seen", *STEP.add}


def test_new_uids_in_both_folders_do_not_confuse() -> None:
    """After a change of UIDVALIDITY the mail is known by its fingerprint: in its origin and in its target."""
    server = MemoryServer()
    source = MemorySource("home", server)
    source.open()
    server.deliver("INBOX", NESTED)
    intent = intend(source, server.deliver("INBOX", PLAIN, (), AT))
    server.folders["INBOX"].mails.pop(1)
    server.renumber("INBOX")
    receipt = apply(source, intent)
    assert not server.folders["INBOX"].mails
    server.renumber(TARGET)
    found = source.locate(intent)
    assert found is not None
    assert found.place.uid == receipt.place.uid
    assert found.place.uidvalidity != receipt.place.uidvalidity

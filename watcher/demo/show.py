"""The demo: a mailbox with a dozen mails, the real daemon on it, and a screen that tells what it does.

Everything is real but the mailbox: the daemon speaks IMAP over loopback, judges with the shipped catalogue and
detectors, opens the attachments in their cage, keeps its ledger (in a folder that is removed again) and uses the
desktop's notifications where there are any.
"""

from __future__ import annotations

import imaplib
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import BytesParser
from functools import partial
from pathlib import Path

from watcher import app as house
from watcher import desktop
from watcher.daemon.control import ask
from watcher.daemon.run import start, watch_all
from watcher.daemon.service import Service
from watcher.demo.mails import AUTHSERV, OWNER, DemoMail, arriving, inbox
from watcher.demo.screen import Screen
from watcher.demo.server import DemoServer
from watcher.errors import TransientError
from watcher.model import By, Case, Choice, Decision, State
from watcher.ports import Store
from watcher.settings import Settings
from watcher.settle import DONE
from watcher.store.ledger import open_ledger
from watcher.vault.memory import MemoryVault

_PATIENCE = 45.0
"""Seconds for any one thing to happen; the whole demo ends within a minute."""
_ACCOUNT = "demo"
_PASSWORD = "demo"  # noqa: S105 - guards nothing but these made-up mails


def show(language: str, *, keep: bool) -> int:
    """Run the demo on the terminal.

    Args:
        language: "ja" or "en".
        keep: stay until interrupted, for a look with Thunderbird.

    Returns:
        The exit status: 0 when everything was found and undone as it should.
    """
    return 0 if tell(Screen(language), keep=keep) else 1


def tell(screen: Screen, *, keep: bool) -> bool:
    """Tell the story on a screen; whether everything was found and undone as it should."""
    screen.opening()
    with DemoServer(OWNER, _PASSWORD) as server, tempfile.TemporaryDirectory() as folder:
        post = _Post(server)
        mails = inbox(datetime.now(UTC))
        post.deliver(mails)
        screen.start(len(mails))
        with _watching(server, Path(folder), screen.language) as store:
            right = _show_verdicts(screen, store, mails)
            right &= _show_arrivals(screen, store, post)
            right &= _show_undo(screen, store, post, Path(folder))
            screen.ending(f"{server.host}:{server.port}", f"{OWNER} / {_PASSWORD}", right=right, keep=keep)
            if keep:
                _stay()
    return right


@contextmanager
def _watching(server: DemoServer, folder: Path, language: str) -> Iterator[Store]:
    """The real daemon on the demo's mailbox; gives its ledger to look at."""
    logging.getLogger("watcher").setLevel(logging.CRITICAL)  # the screen is for the story
    settings = Settings.model_validate(
        {
            "watch": {"history": timedelta(days=1)},
            "accounts": [{**_account(server), "authserv": AUTHSERV}],
            "notify": {"language": language},
        }
    )
    store = open_ledger(folder / "ledger.sqlite")
    parts = house.Parts(
        store=store,
        notifier=desktop.choose("auto"),
        vaults={_ACCOUNT: MemoryVault(_PASSWORD)},
        brands_dir=folder / "brands",
    )
    app = house.build(settings, parts)
    session = start(app, watch_all(app), Service({}), folder)
    try:
        yield store
    finally:
        session.end()
        app.close()


def _account(server: DemoServer) -> Mapping[str, object]:
    return {"name": _ACCOUNT, "host": server.host, "port": server.port, "tls": "none", "user": OWNER}


def _show_verdicts(screen: Screen, store: Store, mails: Sequence[DemoMail]) -> bool:
    _await(lambda: _is_settled(store, len(mails)))
    by_id = {case.message_id: case for case in store.cases(limit=len(mails))}
    for mail in mails:
        screen.verdict(by_id[_message_id(mail)])
    screen.sums(store.cases(limit=100))
    return all(_is_right(mail, by_id[_message_id(mail)]) for mail in mails)


def _show_arrivals(screen: Screen, store: Store, post: _Post) -> bool:
    """Deliver more while the daemon watches, one by one."""
    screen.arrivals()
    right = True
    for mail in arriving(datetime.now(UTC)):
        expected = len(store.cases(limit=100)) + 1
        post.deliver([mail])
        delivered = time.monotonic()
        _await(partial(_is_settled, store, expected))
        case = store.cases(limit=1)[0]
        screen.verdict(case, seconds=time.monotonic() - delivered)
        right &= _is_right(mail, case)
    return right


def _show_undo(screen: Screen, store: Store, post: _Post, runtime_dir: Path) -> bool:
    """Take the newest moved mail back, as the button and `watcher restore` do."""
    case = store.cases((State.MOVED,), limit=1)[0]
    screen.undo(case)
    decision = store.add_decision(Decision(Choice.RESTORE, case.id, By.COMMAND, datetime.now(UTC)))
    ask(runtime_dir, "wake")
    _await(lambda: store.decision(decision.id).outcome != "")
    restored = store.decision(decision.id).outcome == DONE and case.message_id in post.message_ids("INBOX")
    screen.undone(restored=restored, folders={name: len(post.message_ids(name)) for name in ("INBOX", "Suspicious")})
    return restored


def _is_settled(store: Store, count: int) -> bool:
    cases = store.cases(limit=100)
    return len(cases) >= count and not any(case.state is State.MOVING for case in cases)


def _is_right(mail: DemoMail, case: Case) -> bool:
    return case.state is (State.MOVED if mail.suspicious else State.CLEAN)


def _message_id(mail: DemoMail) -> str:
    return _read(mail.octets)["Message-ID"].strip("<> ")


def _read(octets: bytes) -> Message:
    return BytesParser().parsebytes(octets, headersonly=True)


def _await(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            raise TransientError("The demo's daemon did not answer in time.")
        time.sleep(0.01)


def _stay() -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return


@dataclass(frozen=True, slots=True)
class _Post:
    """Whoever else uses the mailbox: it delivers mail and looks into the folders, as Thunderbird would."""

    server: DemoServer

    def deliver(self, mails: Sequence[DemoMail]) -> None:
        """Put mails into the inbox."""
        with self._client() as client:
            for mail in mails:
                client.append("INBOX", "", imaplib.Time2Internaldate(mail.at), mail.octets)

    def message_ids(self, folder: str) -> tuple[str, ...]:
        """The Message-IDs in a folder."""
        with self._client() as client:
            client.select(folder, readonly=True)
            _, answer = client.fetch("1:*", "(BODY.PEEK[HEADER])")
        headers = [part[1] for part in answer if isinstance(part, tuple)]
        return tuple(_read(header)["Message-ID"].strip("<> ") for header in headers)

    @contextmanager
    def _client(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4(self.server.host, self.server.port, timeout=10) as client:
            client.login(self.server.user, self.server.password)
            yield client

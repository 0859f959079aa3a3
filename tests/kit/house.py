"""A whole house in memory: a mailbox, a ledger, a desktop, and the pipeline between them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.kit.archives import PROGRAM, pack_zip
from tests.kit.inquiries import catalogue
from tests.kit.mails import build
from watcher import detectors
from watcher.app import look
from watcher.attachments.in_process import InProcess
from watcher.desktop.memory import Memory, MemoryViewer
from watcher.detectors import Detector
from watcher.model import Case
from watcher.pages import Pages
from watcher.pipeline import Examiner, Pipeline, Rules, Tools
from watcher.ports import Source, Store
from watcher.sources.memory import MemoryServer, MemorySource
from watcher.store.memory import open_memory
from watcher.sweep import Sweep, Swept
from watcher.telling import Manners, Teller

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PARCEL = pack_zip({"委託運送状.exe": PROGRAM})


@cache  # a part's boundary is random: the same mail is the same octets
def hit(number: int = 1) -> bytes:
    """A mail that must be moved."""
    return build(
        author="日本郵便 <info@parcel.example>",
        subject=f"お荷物のお届けについて {number}",
        text="添付の委託運送状を印刷してください。",
        attachments=[("日本郵便追跡.zip", PARCEL)],
        message_id=f"<hit{number}@parcel.example>",
    )


@cache
def wanted(number: int = 1) -> bytes:
    """A mail that must stay."""
    return build(author="Keiko <keiko@friend.example>", subject=f"Lunch {number}?", message_id=f"<w{number}@f.example>")


_look = cache(look)


@dataclass
class House:
    """One account, "home", in memory."""

    rules: Rules = field(default_factory=lambda: Rules("home"))
    server: MemoryServer = field(default_factory=MemoryServer)
    store: Store = field(default_factory=open_memory)
    notifier: Memory = field(default_factory=Memory)
    detectors: tuple[Detector, ...] = field(default_factory=detectors.load)
    now: datetime = NOON
    manners: Manners = field(default_factory=Manners)
    viewer: MemoryViewer = field(default_factory=MemoryViewer)
    folder: TemporaryDirectory[str] = field(default_factory=lambda: TemporaryDirectory(prefix="watcher-"))
    """Of the pages."""
    examiner: Examiner | None = None
    """In place of one with the detectors."""

    def __post_init__(self) -> None:
        self.server.create(self.rules.suspicious_folder)
        self.build()

    def build(self) -> None:
        """All that a process builds when it starts, around what outlives it: server, ledger and desktop."""
        examiner = self.examiner or Examiner(catalogue(), self.detectors, InProcess())
        teller = Teller(self.store, self.notifier, self._clock, self.manners)
        pages = Pages(self.store, examiner.catalogue, self.viewer, Path(self.folder.name), "en", self._clock)
        tools = Tools(self.store, teller, pages, examiner, self._clock, _look())
        self.pipeline = Pipeline(tools, self.rules)

    def _clock(self) -> datetime:
        return self.now

    def source(self) -> Source:
        """A new connection to the mailbox, opened."""
        source = MemorySource(self.rules.account, self.server, readonly=self.rules.action == "observe")
        source.open()
        return source

    def deliver(self, raw: bytes, folder: str = "INBOX", **changes: object) -> int:
        """Put a mail into a folder."""
        at = changes.pop("at", self.now)
        assert isinstance(at, datetime)
        return self.server.deliver(folder, raw, at=at)

    def drag(self, uid: int, origin: str, target: str) -> int:
        """Move a mail by hand, as the user does in Thunderbird: its new UID."""
        return self.server.put(target, self.server.folders[origin].mails.pop(uid))

    def only(self, folder: str) -> int:
        """The UID of the one mail in a folder."""
        (uid,) = self.server.folders[folder].mails
        return uid

    def sweep(self, source: Source | None = None) -> Swept:
        """One sweep."""
        sweep = Sweep(self.pipeline, source or self.source())
        sweep.run()
        return sweep.catch_up()

    def begin(self) -> None:
        """The first sweep of an empty folder: what comes afterwards is new."""
        self.sweep()

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def change(self, **rules: object) -> None:
        """Go on with other rules."""
        self.rules = replace(self.rules, **rules)  # type: ignore[arg-type]  # the names are checked by replace
        self.pipeline = Pipeline(self.pipeline.tools, self.rules)

    def raws(self, folder: str) -> list[bytes]:
        """The mails in a folder, octet by octet."""
        return [mail.raw for mail in self.server.folders[folder].mails.values()]

    def cases(self) -> list[Case]:
        """All cases, oldest first."""
        return list(reversed(self.store.cases(limit=1000)))

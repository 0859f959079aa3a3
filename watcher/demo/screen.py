"""What the demo shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from watcher import report
from watcher.model import Case, State
from watcher.text import clean
from watcher.words import translation


class Screen:
    """Tells the demo's story on a terminal.

    Args:
        language: "ja" or "en".
        width: in columns; that of the terminal by default.
    """

    def __init__(self, language: str, width: int | None = None) -> None:
        self.console = Console(width=width, highlight=False, record=True)
        self.language = language
        self._words = translation(language)

    def opening(self) -> None:
        """What this is."""
        _ = self._words.gettext
        self.console.print(Text("Watcher", style="bold cyan"), _("finds mail that poses as somebody it is not from."))
        self._say(
            _("This demo runs the real daemon on a mailbox of its own, inside this computer. Nothing leaves it."), "dim"
        )

    def start(self, count: int) -> None:
        """The daemon begins."""
        _ = self._words.gettext
        self._heading(_("%d mails lie in the inbox. The daemon starts.") % count)

    def verdict(self, case: Case, seconds: float | None = None) -> None:
        """One mail: moved and why, or left alone."""
        _ = self._words.gettext
        moved = case.state is State.MOVED
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append("● " if moved else "○ ", style="bold red" if moved else "green")
        line.append(_("moved") if moved else _("left alone"), style="bold red" if moved else "green")
        line.append("  " + clean(case.author.name or case.author.spec, 30), style="bold")
        line.append("  " + clean(case.subject, 60), style="italic")
        if seconds is not None:
            line.append("  " + _("after %.2f s") % seconds, style="cyan")
        self.console.print(line)
        why = report.reason(case, self.language) if moved else self._proof(case)
        if why:
            self.console.print(Padding(Text(why, style="" if moved else "dim"), (0, 0, 0, 2)))

    def sums(self, cases: Sequence[Case]) -> None:
        """How many were moved."""
        _ = self._words.gettext
        moved = sum(case.state is State.MOVED for case in cases)
        counts = {"moved": moved, "left": len(cases) - moved}
        self._say(_("%(moved)d moved to Suspicious, %(left)d left alone; none marked as read.") % counts, "bold")

    def arrivals(self) -> None:
        """More mail is delivered."""
        _ = self._words.gettext
        self._heading(_("More mail arrives while the daemon watches."))

    def undo(self, case: Case) -> None:
        """One mail is about to be taken back."""
        _ = self._words.gettext
        self._heading(_("And if it was wrong? One action takes a mail back."))
        self.console.print(Text(f"$ watcher restore {case.id}", style="bold"))

    def undone(self, *, restored: bool, folders: Mapping[str, int]) -> None:
        """It was taken back."""
        _ = self._words.gettext
        self._say(
            _("It is back in the inbox, as it was, and will not be moved again.") if restored else _("It failed.")
        )
        self._say("   ".join(f"{name}: {count}" for name, count in folders.items()), "dim")

    def ending(self, address: str, login: str, *, right: bool, keep: bool) -> None:
        """How it went, and what to do next.

        Args:
            address: of the mail server, with its port.
            login: user and password.
            right: whether everything went as it should.
            keep: whether the mailbox stays.
        """
        _ = self._words.gettext
        self.console.print()
        if not right:
            self._say(_("Something did not go as it should: please report this."), "bold red")
        if keep:
            self._say(_("The mailbox stays, and is watched, until you press Ctrl+C. Look at it with Thunderbird:"))
            self._say("  ".join(("IMAP", address, _("without encryption"), login)), "bold")
        else:
            self._say(_("Next: watcher doctor, or watcher demo --keep to look at it with Thunderbird."), "dim")

    def _proof(self, case: Case) -> str:
        facts = report.in_favour(case)
        return report.in_language(facts[0].text, self.language) if facts else ""

    def _heading(self, words: str) -> None:
        self.console.print()
        self.console.rule(Text(words, style="bold"), align="left", style="dim")

    def _say(self, words: str, style: str = "") -> None:
        self.console.print(Text(words, style=style))

"""The report as a page on disk, and in the reader's browser."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _
from pathlib import Path

from watcher import campaigns
from watcher.errors import UserError
from watcher.model import Catalogue, State
from watcher.ports import Clock, Store, Viewer

_SHOWN = tuple(state for state in State if state not in {State.CLEAN, State.FOREIGN, State.FAILED})
_MOST = 500
"""Mails on one page: a browser shows them at once, and nobody reads more."""
_NAME = "report.html"


@dataclass(frozen=True, slots=True)
class Pages:
    """Writes the report, and has it shown.

    Args:
        store: what there is to tell.
        catalogue: what brands say of their own mail.
        viewer: opens pages.
        folder: where pages are put. Browsers that are confined (Snap, Flatpak) read no hidden folder.
        language: "ja" or "en".
        clock: for the page's date.
    """

    store: Store
    catalogue: Catalogue
    viewer: Viewer
    folder: Path
    language: str
    clock: Clock

    def show(self, focus: int = 0) -> bool:
        """Write the page, that case first, and open it; whether somebody took it. Raises UserError like `write`."""
        name = f"mail-{focus}.html" if focus else _NAME
        return self.viewer.show_page(self.write(self.folder / name, focus))

    def write(self, file: Path | None = None, focus: int = 0) -> Path:
        """Write the page, for its owner alone (0600).

        Args:
            file: where to; the usual place when None.
            focus: number of the case to put first; 0 for none.

        Raises:
            UserError: it cannot be written there, or there is no such case.
        """
        file = file or self.folder / _NAME
        write_private(file, self._render(focus).encode())
        return file

    def forget(self, before: datetime) -> None:
        """Remove the pages of single mails that were written before that time; what cannot be removed stays."""
        for file in self.folder.glob("mail-*.html"):
            with contextlib.suppress(OSError):
                if file.stat().st_mtime < before.timestamp():
                    file.unlink()

    def _render(self, focus: int) -> str:
        from watcher import page  # noqa: PLC0415 - a daemon that is never asked for it need not hold it

        cases = self.store.cases(_SHOWN, limit=_MOST)
        if focus and focus not in {case.id for case in cases}:
            cases = (*cases, self.store.case(focus))
        survey = page.Survey(
            cases=cases,
            campaigns=campaigns.group(cases, is_public=self._is_public),
            catalogue=self.catalogue,
            lessons=self.store.lessons(),
            now=self.clock(),
            focus=focus,
        )
        return page.render(survey, self.language)

    def _is_public(self, host: str) -> bool:
        """Whether a host says nothing of who sent a mail: it offers something to everybody, or is a brand's own."""
        return bool(self.catalogue.offers(host) or self.catalogue.owners(host))


def write_private(file: Path, content: bytes) -> None:
    """Write a file that only its owner can read (0600), in place of a former one.

    Raises:
        UserError: it cannot be written there.
    """
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.unlink(missing_ok=True)  # whatever stood there, and whoever could read it
        file.touch(mode=0o600, exist_ok=False)
        file.write_bytes(content)
    except OSError as error:
        raise UserError(_("{file} cannot be written: {reason}").format(file=file, reason=error.strerror)) from error

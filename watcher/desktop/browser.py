"""Pages by the standard library's `webbrowser`, where there is no session bus to ask: outside Linux."""

from __future__ import annotations

import webbrowser
from pathlib import Path


class Browser:
    """Opens pages in the user's browser, and knows of no mail program."""

    def show_page(self, page: Path) -> bool:
        """Open the page; whether a browser was found."""
        try:
            return webbrowser.open(page.absolute().as_uri())
        except (OSError, webbrowser.Error):
            return False

    def show_mail(self, message_id: str) -> bool:  # noqa: ARG002 - the port's signature
        """Never works: `mid:` is known to the desktops of Linux only."""
        return False

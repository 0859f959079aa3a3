"""The log: one line for each change of state, to standard error, where systemd's journal takes it."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
"""Of syslog, as systemd reads them at the beginning of a line (sd-daemon(3))."""


class _Formatter(logging.Formatter):
    """Keeps terminal escapes, bidi marks and the like out of the log, whatever a mail or a traceback holds."""

    def __init__(self, *, to_journal: bool) -> None:
        super().__init__("%(message)s" if to_journal else "%(asctime)s %(levelname)s %(message)s")
        self._to_journal = to_journal

    def format(self, record: logging.LogRecord) -> str:
        text = _UNPRINTABLE.sub("?", super().format(record))
        if not self._to_journal:
            return text
        priority = f"<{_PRIORITIES.get(record.levelno, 6)}>"
        return "\n".join(priority + line for line in text.splitlines())


def start_log(*, verbose: bool, environ: Mapping[str, str] = os.environ) -> None:
    """Write the log to standard error.

    Args:
        verbose: also what is only of use to a developer.
        environ: of it JOURNAL_STREAM counts, which systemd sets.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter(to_journal="JOURNAL_STREAM" in environ))
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler], force=True)
    for chatty in ("imapclient", "apscheduler", "keyring"):
        logging.getLogger(chatty).setLevel(logging.WARNING)

"""The log: one line for each change of state, to standard error, where systemd's journal takes it."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from gettext import gettext as _

_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
"""Of syslog, as systemd reads them at the beginning of a line (sd-daemon(3))."""

_NUMBER = re.compile(r"(?<!\w)\d+(?!\w)")
"""Of a case, a mail, seconds; not what is part of a name."""
_NOTICES = frozenset({"watcher.desktop.log"})
_OFTEN = 5
_HOUR = 3600.0
"""So often in so many seconds may one line be said."""
_MOST_LINES = 1000
"""Lines that are remembered."""


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


class Moderation(logging.Filter):
    """Lets a line through a few times an hour, and not a thousand times: lines alike but for their numbers are one.

    Notices are left alone, where they are shown in the log.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, tuple[float, int]] = {}
        """Since when each line is counted, and how often it was said."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is to be said."""
        if record.name in _NOTICES:
            return True
        line = _NUMBER.sub("#", f"{record.levelno} {record.getMessage()} {_place(record)}")
        begun, times = self._said.get(line, (record.created, 0))
        if abs(record.created - begun) > _HOUR:
            begun, times = record.created, 0
        if len(self._said) > _MOST_LINES:
            self._said.clear()
        self._said[line] = begun, times + 1
        if times + 1 == _OFTEN:
            record.msg, record.args = "%s [%s]", (record.getMessage(), _("not said again for an hour"))
        return times < _OFTEN


def _place(record: logging.LogRecord) -> str:
    """Where a bug was met; empty for other lines."""
    kind, _error, trace = record.exc_info or (None, None, None)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None or kind is None else f"{kind.__name__} {trace.tb_frame.f_code.co_filename}"


def start_log(*, verbose: bool, environ: Mapping[str, str] = os.environ) -> None:
    """Write the log to standard error.

    Args:
        verbose: also what is only of use to a developer.
        environ: of it JOURNAL_STREAM counts, which systemd sets.
    """
    handler = logging.StreamHandler()
    handler.addFilter(Moderation())
    handler.setFormatter(_Formatter(to_journal="JOURNAL_STREAM" in environ))
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler], force=True)
    for chatty in ("imapclient", "apscheduler", "keyring"):
        logging.getLogger(chatty).setLevel(logging.WARNING)

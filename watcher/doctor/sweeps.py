"""How the running daemon gets on with an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from typing import Any

from watcher.doctor import mending
from watcher.doctor.check import Check, bad, good, warning

_GRACE = timedelta(minutes=5)
"""A sweep that takes its time is no fault."""


def sweep(account: str, interval: timedelta, daemon: Mapping[str, Any]) -> Check | None:
    """When the daemon last looked at the account; None where none runs, which has its own line.

    Args:
        account: its name.
        interval: between two sweeps.
        daemon: what it answers to "status".
    """
    if not daemon:
        return None
    name, anew = f"sweep.{account}", mending.reload(int(daemon.get("pid", 0)))
    standing = next((each for each in daemon.get("accounts", ()) if each["account"] == account), None)
    if standing is None:
        return bad(name, _("The running Watcher does not know this account yet."), anew)
    if standing["health"] in {"refused", "away"}:
        finding = _("The running Watcher had a problem that is gone by now: {problem}")
        return warning(name, finding.format(problem=standing["problem"]), anew)
    if standing["health"] == "paused":
        return None
    return _age(name, interval, standing["swept_at"], anew)


def _age(name: str, interval: timedelta, swept_at: str | None, anew: str) -> Check:
    if swept_at is None:
        return good(name, _("The running Watcher is about to look at this account for the first time."))
    age = datetime.now(UTC) - datetime.fromisoformat(swept_at)
    minutes = int(age.total_seconds() // 60)
    if age > 2 * interval + _GRACE:
        return bad(name, _("The running Watcher last looked {minutes} minutes ago.").format(minutes=minutes), anew)
    if not minutes:
        return good(name, _("Watcher has looked at this account within the last minute."))
    return good(name, _("Watcher last looked at this account {minutes} min ago.").format(minutes=minutes))

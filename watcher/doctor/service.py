"""Whether Watcher runs, and will run again after the next login."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from watcher.doctor import mending
from watcher.doctor.check import Check, bad, good, warning
from watcher.doctor.surroundings import Surroundings
from watcher.errors import UserError
from watcher.service import Standing, choose


def service(around: Surroundings) -> Iterator[Check]:
    """A line for the daemon, and one for the service where that is not the same fault."""
    standing, problem = _standing(around)
    running = bool(around.daemon)
    yield _running(around) if running else _stopped(around, standing, problem)
    if standing is None:
        if running:
            yield warning("service", problem)
    elif running or standing.installed:
        yield _service(standing, around.ours("service", "install"))


def _standing(around: Surroundings) -> tuple[Standing | None, str]:
    """How the service is; or why that cannot be told."""
    try:
        return choose(around.environ, around.platform).standing(), ""
    except UserError as problem:
        return None, str(problem)


def _running(around: Surroundings) -> Check:
    return good("daemon", _("Watcher is running (process {pid}).").format(pid=around.daemon.get("pid")))


def _stopped(around: Surroundings, standing: Standing | None, problem: str) -> Check:
    if standing is None:
        finding = _("Nobody watches your mail. {problem}").format(problem=problem)
        return bad("daemon", finding, around.ours("run"))
    if standing.failed:
        return bad("daemon", _("Nobody watches your mail: the service has ended by a fault."), mending.LOGS)
    if standing.active:
        return bad("daemon", _("The service runs, but Watcher does not answer."), mending.LOGS)
    finding = _("Nobody watches your mail: Watcher is not running.")
    return bad("daemon", finding, around.ours("service", "install"))


def _service(standing: Standing, install: str) -> Check:
    if not standing.installed:
        finding = _("Watcher will not start by itself when you log in next time.")
        return warning("service", finding, install)
    if not standing.enabled:
        return warning("service", _("The service is there, but does not start when you log in."), install)
    if not standing.current:
        return warning("service", _("The service is of another version of Watcher."), install)
    if standing.lingering:
        return good("service", _("The service starts with this computer, also before you log in."))
    return good("service", _("The service starts when you log in, and ends when you log out."))

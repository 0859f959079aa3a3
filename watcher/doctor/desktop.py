"""How the reader is told: notices, their buttons, and when they are wanted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from gettext import gettext as _

from watcher import app as house
from watcher.doctor import mending
from watcher.doctor.check import Check, bad, good, warning
from watcher.doctor.surroundings import Surroundings
from watcher.errors import TransientError
from watcher.model import Notice
from watcher.ports import Store
from watcher.settings import Notify, Settings
from watcher.telling import peace


def desktop(settings: Settings, around: Surroundings, store: Store | None) -> Iterator[Check]:
    """Notices, quiet hours, pause.

    Args:
        settings: of them `notify` counts.
        around: among others whether to show a notice as a trial.
        store: keeps the pause; None where the ledger cannot be opened.
    """
    notices = _notices(settings.notify, around.platform, around.edit)
    yield _tried(notices, settings, around.edit) if around.notify else notices
    if settings.notify.quiet:
        yield _quiet(settings.notify.quiet, datetime.now().astimezone().time())
    if store is not None:
        yield _pause(peace(store, datetime.now(UTC)), datetime.now().astimezone())


def _notices(notify: Notify, platform: str, edit: str) -> Check:
    """By what the configuration asks for, notices would be shown now."""
    wish = _("to see them, set “notify.backend”: {command}").format(command=edit)
    if notify.backend == "none":
        return warning("notifier", _("No notices are shown, as “notify.backend” says."), wish)
    if notify.backend == "log":
        return warning("notifier", _("Notices are only written into the log, as “notify.backend” says."), wish)
    if not platform.startswith("linux"):
        return good("notifier", _("Notices are shown, without buttons: the commands stand in them."))
    try:
        return _by_server(plain=notify.backend == "plyer")
    except TransientError as problem:
        if notify.backend == "auto":
            finding = _("Notices are only written into the log. {problem}")
            mend = _("start the notifications of your desktop, or a program for it such as dunst")
            return warning("notifier", finding.format(problem=problem), mend)
        finding = _("No notice can be shown. {problem}").format(problem=problem)
        return bad("notifier", finding, _("correct “notify.backend”: {command}").format(command=edit))


def _by_server(*, plain: bool) -> Check:
    """The line about the server that answers. Raises TransientError where none does."""
    from watcher.desktop.freedesktop import Freedesktop  # noqa: PLC0415 - loads jeepney, for Linux only

    with closing(Freedesktop()) as notifier:
        server = notifier.probe()
    name = f"{server.name} {server.version}".strip()
    if plain and not shutil.which("notify-send"):
        raise TransientError(_("The program notify-send is missing."))
    if plain:
        return good("notifier", _("{server} shows notices, without buttons as “plyer” wants it.").format(server=name))
    if "actions" in server.capabilities:
        return good("notifier", _("{server} shows notices, with buttons.").format(server=name))
    finding = _("{server} shows notices, but no buttons: the commands stand in them instead.")
    return warning("notifier", finding.format(server=name))


def _tried(notices: Check, settings: Settings, edit: str) -> Check:
    """The same, once a notice has been shown; bad where it was not."""
    with closing(house.notifier(settings)) as notifier:
        if notifier.show(Notice(_("Watcher can show notices."), _("This is a trial."))):
            return notices
    if not notices.works:
        return notices
    finding = _("A trial notice could not be shown.")
    return bad("notifier", finding, _("correct “notify.backend”: {command}").format(command=edit))


def _quiet(hours: tuple[time, time], now: time) -> Check:
    begin, end = (moment.strftime("%H:%M") for moment in hours)
    over_midnight = hours[0] > hours[1]
    within = (now >= hours[0] or now < hours[1]) if over_midnight else hours[0] <= now < hours[1]
    if within:
        finding = _("It is quiet now: notices wait until {end}.").format(end=end)
        return warning("quiet", finding)
    return good("quiet", _("Notices wait from {begin} to {end}.").format(begin=begin, end=end))


def _pause(left: timedelta, now: datetime) -> Check:
    if left:
        moment = (now + left).strftime("%Y-%m-%d %H:%M")
        finding = _("Watcher is paused: nothing is moved or shown until {moment}.").format(moment=moment)
        return warning("pause", finding, mending.RESUME)
    return good("pause", _("Watcher is not paused."))

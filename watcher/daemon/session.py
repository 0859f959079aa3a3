"""One run of the daemon with one configuration: from the first login until it is told to stop or to begin anew."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from gettext import gettext as _
from itertools import cycle
from pathlib import Path
from typing import Any

from watcher import report
from watcher.daemon.control import ControlSocket
from watcher.daemon.crew import Size
from watcher.daemon.schedule import Schedule
from watcher.daemon.service import Service
from watcher.daemon.turns import Turns
from watcher.daemon.waiter import Waiter
from watcher.daemon.watch import Health, Standing, Watch
from watcher.errors import UserError, WatcherError
from watcher.model import By, Choice, Decision
from watcher.pipeline import Tools

_log = logging.getLogger(__name__)

_FEW, _MOST = 4, 16
"""Accounts that are attended to at the same time: those whose turn is short, and all in all."""
_AT_A_TIME, _MOST_PARTS = 50, 20
"""Accounts that are swept, or asked for a sign of life, at a time, so that mail need not wait behind thousands of
answers; and in how many parts at most, each of which gets its turn as often as a single account would."""
_LONGEST_IDLE = timedelta(minutes=20)
"""IDLE is renewed before 25 minutes, since servers and routers forget quiet connections (RFC 2177: 29)."""
_PAGES_KEPT = timedelta(days=1)
"""Pages of single mails: they are written anew when they are wanted."""
_HOUSEKEEPING = timedelta(hours=3)
"""Often enough for a computer that is on for an evening; most of the time there is nothing to forget."""


def time_asleep() -> float:
    """Seconds that this machine has been suspended since it started; 0 where the system does not tell."""
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)


@dataclass(frozen=True, slots=True)
class Times:
    """How often, and how long."""

    interval: timedelta = timedelta(minutes=5)
    """Between two sweeps of each account."""
    keep: timedelta = timedelta(days=730)
    """How long the ledger remembers suspicious mail …"""
    keep_clean: timedelta = timedelta(days=90)
    """… and other mail."""
    probe: timedelta = timedelta(seconds=20)
    """Between two questions to a connection whether it still lives. As long has a server for its answer, and as long
    may a suspend go unnoticed: after both, 20 seconds are left of the minute in which mail is to be watched again."""
    asleep: Callable[[], float] = time_asleep
    """Seconds that the machine has been suspended by now."""


class Session:
    """Watches a set of accounts.

    Args:
        watches: one for each account.
        tools: what they share.
        times: how often they are looked at, and how long is remembered what was found.
        runtime_dir: for the control socket.
        service: the manager to report to.
    """

    def __init__(
        self, watches: Sequence[Watch], tools: Tools, times: Times, runtime_dir: Path, service: Service
    ) -> None:
        self._watches = {watch.account: watch for watch in watches}
        self._tools = tools
        self._times = times
        self._interval = min(times.interval, _LONGEST_IDLE)
        self._service = service
        self._waiter = Waiter()
        self._turns = Turns(self._waiter, self._rest, Size(min(_FEW, len(self._watches) or 1), _MOST))
        number = min(_MOST_PARTS, 1 + len(watches) // _AT_A_TIME)
        self._parts = [watches[part::number] for part in range(number)]
        self._swept, self._asked = cycle(self._parts), cycle(self._parts)
        self._watching: set[str] = set()
        self._told = ""
        self._control = ControlSocket(runtime_dir, self._answer)
        self._schedule = Schedule()
        self._asleep = times.asleep()

    def start(self) -> None:
        """Begin to watch; returns at once, before the network is asked for anything."""
        self._waiter.start()
        self._listen()
        self._tools.teller.listen(self._pressed)
        self._schedule.start()
        self._schedule.every(self._interval / len(self._parts), self._sweep, "sweep")
        self._schedule.every(self._times.probe / len(self._parts), self._probe, "probe")
        self._schedule.every(_HOUSEKEEPING, self._prune, "prune")
        if heartbeat := self._service.heartbeat:
            self._schedule.every(heartbeat, lambda: self._waiter.call(self._service.alive), "heartbeat")
        self._told = self._summary()
        self._service.ready(self._told)
        fields = {"accounts": len(self._watches), "interval": self._interval}
        _log.info(_("ready: accounts: %(accounts)d, a sweep every %(interval)s"), fields)
        self._request_all()

    def end(self) -> None:
        """Stop watching. Turns that have begun come to their end first: no move is left half done."""
        self._schedule.end()
        self._turns.close()
        self._waiter.stop()
        self._control.close()
        self._tools.teller.close()
        for watch in self._watches.values():
            watch.close()

    def standings(self) -> Sequence[Standing]:
        """How the accounts stand."""
        return [watch.standing for watch in self._watches.values()]

    def _request_all(self) -> None:
        self._request(self._watches.values())

    def _sweep(self) -> None:
        """Part by part."""
        self._request(next(self._swept))

    def _request(self, watches: Iterable[Watch]) -> None:
        """Give a turn to each account but those that rest until the user has mended something."""
        for watch in watches:
            if watch.standing.health is not Health.REFUSED:
                self._turns.request(watch)

    def _rest(self, watch: Watch, pause: timedelta | None) -> None:
        """After a turn: say how all stand, where that has changed, and give the account another one after the pause."""
        change = self._watching.add if watch.standing.health is Health.WATCHING else self._watching.discard
        change(watch.account)
        if (summary := self._summary()) != self._told:
            self._told = summary
            self._service.status(summary)
        if pause is not None:
            self._schedule.once(pause, partial(self._turns.request, watch), f"again {watch.account}")

    def _probe(self) -> None:
        """Ask the connections, part by part, whether they still live; after a suspend look at all mailboxes, too.

        Most connections are dead after that without knowing it, and so are those that a network forgot.
        """
        self._turns.probe(next(self._asked))
        asleep = self._times.asleep()
        if asleep - self._asleep > 1:
            _log.info(_("the machine was suspended for %d s"), asleep - self._asleep)
            self._request_all()
        self._asleep = asleep

    # -------------------------------------------------------------------------------- what the user wants

    def _listen(self) -> None:
        self._waiter.watch(self._control.fileno(), self._serve)

    def _serve(self) -> None:
        try:
            self._control.serve()
        finally:
            self._listen()

    def _answer(self, request: str) -> Mapping[str, Any]:
        if request == "wake":
            self._wake()
            return {"ok": True}
        if request == "look":
            self._request_all()
            return {"ok": True}
        if request == "status":
            return {"pid": os.getpid(), "accounts": [_as_json(watch) for watch in self._watches.values()]}
        return {"error": "unknown request"}

    def _wake(self) -> None:
        """Give a turn to each account for which a decision waits."""
        store = self._tools.store
        try:
            concerned = {store.case(decision.case).place.account for decision in store.waiting_decisions()}
        except WatcherError as problem:  # each account finds its own when the ledger can be read again
            _log.warning("%s", problem)
            return
        for account in concerned & self._watches.keys():
            self._turns.request(self._watches[account])

    def _pressed(self, token: str, choice: Choice) -> None:
        """A button of a notice was pressed: the same decision as the command of that name."""
        self._tools.teller.answered(token)
        cases = [int(number) for number in token.split(",") if number.isdigit()]
        try:
            if choice is Choice.DETAILS and cases:
                self._show_details(cases[-1])
                return
            known = [case for case in cases if self._is_known(case)]  # some may have been forgotten since
            for case in known:
                self._tools.store.add_decision(Decision(choice, case, By.BUTTON, self._tools.clock()))
        except WatcherError as problem:
            _log.warning(_("a button could not be answered: %s"), problem)
        self._wake()

    def _is_known(self, number: int) -> bool:
        try:
            self._tools.store.case(number)
        except UserError:
            return False
        return True

    def _show_details(self, number: int) -> None:
        """Open the page at that mail; where nobody shows pages, a notice with all reasons."""
        case = self._tools.store.case(number)
        try:
            if self._tools.pages.show(number):
                return
        except UserError as problem:
            _log.warning(_("the page could not be shown: %s"), problem)
        teller = self._tools.teller
        teller.show_now(report.details(case, teller.manners.language))

    def _prune(self) -> None:
        """Forget what is too old."""
        now = self._tools.clock()
        self._tools.pages.forget(now - _PAGES_KEPT)
        try:
            pruned = self._tools.store.prune(now - self._times.keep_clean, now - self._times.keep)
        except WatcherError as problem:  # next time
            _log.warning("%s", problem)
            return
        if pruned:
            _log.info(_("old cases that were forgotten: %d"), pruned)

    def _summary(self) -> str:
        words = _("watching {number} of {accounts} accounts")
        return words.format(number=len(self._watching), accounts=len(self._watches))


def _as_json(watch: Watch) -> dict[str, Any]:
    standing = asdict(replace(watch.standing))
    standing["health"] = watch.standing.health.value
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in standing.items()}

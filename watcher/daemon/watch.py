"""One account's life: opened, attended to, at rest, and back after a pause when its server is away."""

from __future__ import annotations

import logging
import random
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from gettext import gettext as _

from watcher import digest
from watcher.acquaint import AGAIN, PAUSE, acquaint
from watcher.errors import RefusedError, TransientError, UserError
from watcher.model import Choice, Decision
from watcher.own_moves import OwnMoves
from watcher.pipeline import Pipeline
from watcher.ports import Source
from watcher.settle import carry_out, recover, restrain
from watcher.sweep import Sweep
from watcher.telling import PAUSED

_log = logging.getLogger(__name__)

_SHORTEST = timedelta(seconds=1)
_LONGEST = timedelta(seconds=30)
"""Between two attempts to reach a server: soon watching again once the network is back."""
_REFUSED = timedelta(minutes=10)
"""After a refused login or a missing password: more attempts would only lock the account."""


class Health(Enum):
    """How an account stands, as `status` shows it."""

    STARTING = "starting"
    WATCHING = "watching"
    AWAY = "away"
    """The server or the network: tried again by itself."""
    REFUSED = "refused"
    """The user has to mend something."""
    PAUSED = "paused"
    """The user wants some peace. What he decides is carried out all the same."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What `status` tells of one account."""

    account: str
    health: Health
    since: datetime
    problem: str = ""
    swept_at: datetime | None = None
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Rest:
    """How an account waits for its next turn."""

    waiting_on: int | None = None
    """File descriptor of the connection that idles; None without IDLE."""
    pause: timedelta | None = None
    """After which it wants a turn by itself; None when the next interval is soon enough."""


class Watch:
    """Attends to one account. Used by one thread at a time."""

    def __init__(self, pipeline: Pipeline, source: Source, schedule: digest.Schedule | None = None) -> None:
        self.account = pipeline.rules.account
        self._pipeline = pipeline
        self._source = source
        self._schedule = schedule or digest.Schedule()
        self._own_moves = OwnMoves(pipeline)
        self._is_open = False
        self._failures = 0
        self._has_more = pipeline.rules.acquaintances
        """Whether a step of getting acquainted is wanted soon, and not merely some time."""
        self._step_at = pipeline.tools.clock() + PAUSE
        self.standing = Standing(self.account, Health.STARTING, pipeline.tools.clock())

    def attend(self) -> Rest:
        """Do all that is to be done for the account, and begin to wait for more. Never raises."""
        try:
            descriptor = self._attend()
        except UserError as problem:
            return self._rest_after(self._with_mend(problem), Health.REFUSED, _REFUSED)
        except TransientError as problem:
            return self._rest_after(str(problem), Health.AWAY, self._next_pause())
        except Exception:  # noqa: BLE001 - one account's bug is not the end of the others' watch
            _log.exception("%s: a bug ended this turn", self.account)
            return self._rest_after(_("a bug ended the last turn; the log says more"), Health.AWAY, _LONGEST)
        self._failures = 0
        if pause := self._pause():
            self._stand(Health.PAUSED)
            return Rest(pause=pause)
        self._stand(Health.WATCHING)
        return Rest(waiting_on=descriptor, pause=self._until_step())

    def close(self) -> None:
        """Hang up."""
        self._is_open = False
        self._source.close()

    def settle(self) -> None:
        """Finish open steps and carry out waiting decisions, once, without watching.

        Raises:
            UserError: the login was refused.
            TransientError: the server could not be reached.
        """
        self._open()
        self._carry_out_decisions()

    def _attend(self) -> int | None:
        if self._is_open:
            self._source.end_idle()
        else:
            self._open()
        while True:
            self._carry_out_decisions()
            if self._pause():
                return None
            sweep = Sweep(self._pipeline, self._source)
            sweep.run()
            self._try(lambda: self._own_moves.look(self._source))  # whoever moves mail has seen it: new mail first
            self._try(lambda: digest.give(self._pipeline, self._source, self._schedule))
            swept = sweep.catch_up()
            now = self._pipeline.tools.clock()
            self._stand(Health.WATCHING, swept_at=now, moved=self.standing.moved + swept.moved)
            if self._acquaint():
                continue  # mail may have come meanwhile
            descriptor = self._source.start_idle()
            if descriptor is None or not self._source.check_idle():
                return descriptor
            self._source.end_idle()  # mail came between the last look and IDLE

    def _pause(self) -> timedelta | None:
        """How long the user still wants peace; None where he wants none."""
        until = self._pipeline.tools.store.moment(PAUSED)
        left = until - self._pipeline.tools.clock() if until else timedelta()
        return left if left > timedelta() else None

    def _acquaint(self) -> bool:
        """Take a step of getting acquainted where it is time for one; whether one was taken.

        Where that ends in an error it is left alone for long: a server that cannot bear it must not be kept away by it.
        """
        now = self._pipeline.tools.clock()
        if not self._pipeline.rules.acquaintances or now < self._step_at:
            return False
        self._has_more, self._step_at = False, now + AGAIN
        self._has_more = acquaint(self._pipeline, self._source)
        self._step_at = now + (PAUSE if self._has_more else AGAIN)
        return True

    def _until_step(self) -> timedelta | None:
        """How long until the next step of getting acquainted; None where the next interval is soon enough."""
        return max(timedelta(), self._step_at - self._pipeline.tools.clock()) if self._has_more else None

    def _open(self) -> None:
        self._source.open()
        if self._pipeline.rules.action == "move":
            self._source.prepare(self._pipeline.rules.suspicious_folder)
        recover(self._pipeline, self._source)
        self._is_open = True

    def _carry_out_decisions(self) -> None:
        """Do what the user has decided, with where his mail lies known."""
        if not self._decisions():
            return
        self._try(lambda: self._own_moves.look(self._source))
        waiting = self._decisions()
        for decision in waiting:
            carry_out(self._pipeline, self._source, decision)
        if any(decision.choice in {Choice.RESTORE, Choice.TRUST} for decision in waiting):
            restrain(self._pipeline)

    def _decisions(self) -> list[Decision]:
        store = self._pipeline.tools.store
        return [each for each in store.waiting_decisions() if store.case(each.case).place.account == self.account]

    def _try(self, work: Callable[[], None]) -> None:
        """Do what may fail without an end to the watch. Only a lost connection gets out."""
        try:
            work()
        except TransientError:
            raise
        except Exception:  # noqa: BLE001 - mail is watched all the same
            _log.exception("%s: something besides could not be done", self.account)

    def _next_pause(self) -> timedelta:
        """Twice as long each time, with jitter, so that many accounts do not knock at the same moment."""
        pause = min(_LONGEST, _SHORTEST * 2 ** min(self._failures, 10))
        self._failures += 1
        jitter: float = random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        return timedelta(seconds=pause.total_seconds() * jitter)

    def _with_mend(self, problem: UserError) -> str:
        """What only the user can mend, and the command to begin with: shown by the log and by `status`."""
        if "watcher login" in str(problem):  # the vault has said so already
            return str(problem)
        if isinstance(problem, RefusedError):
            mend = _("To log in anew: {command}").format(command=shlex.join(["watcher", "login", self.account]))
        else:
            mend = _("To find out more: watcher doctor")
        return f"{problem} {mend}"

    def _rest_after(self, problem: str, health: Health, pause: timedelta) -> Rest:
        self.close()
        self._stand(health, problem=problem)
        return Rest(pause=pause)

    def _stand(
        self, health: Health, *, problem: str = "", swept_at: datetime | None = None, moved: int | None = None
    ) -> None:
        """Keep how the account stands; the log gets one line for each change, not one for each attempt."""
        former = self.standing
        changed = former.health is not health
        self.standing = Standing(
            self.account,
            health,
            since=self._pipeline.tools.clock() if changed else former.since,
            problem=problem,
            swept_at=swept_at or former.swept_at,
            moved=former.moved if moved is None else moved,
        )
        if changed:
            self._log_standing()

    def _log_standing(self) -> None:
        """One line, in the words of whoever reads the log."""
        standing, folders = self.standing, ", ".join(self._pipeline.rules.folders)
        fields = {"account": self.account, "folders": folders, "problem": standing.problem}
        match standing.health:
            case Health.WATCHING:
                _log.info(_("%(account)s: watching %(folders)s"), fields)
            case Health.PAUSED:
                _log.info(_("%(account)s: paused"), fields)
            case Health.AWAY:
                _log.warning(_("%(account)s: away: %(problem)s"), fields)
            case _refused:
                _log.warning(_("%(account)s: refused: %(problem)s"), fields)

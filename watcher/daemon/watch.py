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
from watcher.telling import peace

_log = logging.getLogger(__name__)

_SHORTEST = timedelta(seconds=1)
_LONGEST = timedelta(seconds=30)
"""Between two attempts to reach a server: soon watching again once the network is back."""
_STEADY = timedelta(minutes=1)
"""After which a connection counts as one that holds: the next absence begins with a short pause again."""
_REFUSED = timedelta(minutes=10)
"""After a refused login or a missing password: more attempts would only lock the account."""


_ROUNDS = 5
"""Times that a turn begins anew because mail came while it began to wait."""
_FALSE_ALARMS = 20
"""So many turns that were called for in vain …"""
_SOON = timedelta(seconds=10)
"""… within so long: nobody reads mail that fast, it is the server …"""
_DEAF = timedelta(seconds=30)
"""… that is not listened to for so long."""


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
        self._is_probed = False
        self._loss: TransientError | None = None
        """Why the connection that it rested on is gone, where the next turn is to tell that."""
        self._failures = 0
        self._alarms: list[datetime] = []
        """When the last turns were called for in vain."""
        self._came_at: datetime | None = None
        """When the present connection came about."""
        self._has_more = pipeline.rules.acquaintances
        """Whether a step of getting acquainted is wanted soon, and not merely some time."""
        self._step_at = pipeline.tools.clock() + PAUSE
        self.standing = Standing(self.account, Health.STARTING, pipeline.tools.clock())

    def attend(self, *, stirred: bool = False) -> Rest:
        """Do all that is to be done for the account, and begin to wait for more. Never raises.

        Args:
            stirred: the connection that it rested on is why, and it had more to say than that it lives.
        """
        try:
            return self._wait_on(self._attend(stirred=stirred))
        except UserError as problem:
            return self._rest_after(self._with_mend(problem), Health.REFUSED, _REFUSED)
        except TransientError as problem:
            return self._rest_after(str(problem), Health.AWAY, self._next_pause())
        except Exception:  # noqa: BLE001 - one account's bug is not the end of the others' watch
            _log.exception("%s: a bug ended this turn", self.account)
            return self._rest_after(_("a bug ended the last turn; the log says more"), Health.AWAY, _LONGEST)

    def probe(self) -> bool:
        """Ask the connection that it rests on for a sign of life, without waiting. Never raises.

        False: it still owes the last one, or is gone; a turn will find out.
        """
        try:
            self._is_probed = self._source.probe_idle()
        except TransientError:
            self._is_probed = False
        except Exception:  # noqa: BLE001 - one account's bug must not keep the others from being asked
            _log.exception("%s: a bug ended a question to the server", self.account)
            self._is_probed = False
        return self._is_probed

    def hear(self) -> bool:
        """Whether the connection that stirred only gave the sign of life that it was asked for, and is rested on again.

        Never waits, and never raises. False: a turn is due.
        """
        if not self._is_probed:
            return False
        self._is_probed = False
        try:
            renewed = self._source.renew_idle()
        except TransientError as problem:
            self._loss = problem
            return False
        except Exception:  # noqa: BLE001 - one account's bug must not keep the others from being heard
            _log.exception("%s: a bug ended a question to the server", self.account)
            return False
        self._is_probed = renewed is None
        return not renewed

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

    def _attend(self, *, stirred: bool) -> int | None:
        self._is_probed = False
        loss, self._loss = self._loss, None
        if loss is not None:
            raise loss
        if not self._is_open:
            self._open()
        else:
            self._source.end_idle()
        for _round in range(_ROUNDS):
            self._carry_out_decisions()
            if self._pause():
                return None
            self._sweep(stirred=stirred)
            if self._acquaint():
                continue  # mail may have come meanwhile
            is_quiet, descriptor = self._begin_idle()
            if is_quiet:
                return descriptor
        return self._source.start_idle()

    def _sweep(self, *, stirred: bool) -> None:
        """Judge what is new, and see to what the user has done; new mail first, and last once more."""
        sweep = Sweep(self._pipeline, self._source)
        sweep.run()
        self._try(lambda: self._own_moves.look(self._source))  # whoever moves mail has seen it
        self._try(lambda: digest.give(self._pipeline, self._source, self._schedule))
        swept = sweep.catch_up()
        now = self._pipeline.tools.clock()
        self._stand(Health.WATCHING, swept_at=now, moved=self.standing.moved + swept.moved)
        self._note_alarm(in_vain=stirred and not swept.judged)

    def _note_alarm(self, *, in_vain: bool) -> None:
        """Remember that the server told of news where there were none, or that there were some."""
        now = self._pipeline.tools.clock()
        recent = [at for at in self._alarms if timedelta() <= now - at < _SOON]
        self._alarms = [*recent, now] if in_vain else []

    def _is_deaf(self) -> bool:
        """Whether the server has cried wolf so often that it is not listened to for a while."""
        return len(self._alarms) >= _FALSE_ALARMS

    def _begin_idle(self) -> tuple[bool, int | None]:
        """Begin IDLE: whether no mail came between the last look and IDLE, and what to wait on then."""
        descriptor = None if self._is_deaf() else self._source.start_idle()
        if descriptor is None or not self._source.check_idle():
            return True, descriptor
        self._source.end_idle()
        return False, None

    def _wait_on(self, descriptor: int | None) -> Rest:
        """Rest after a turn that came to its end."""
        if pause := self._pause():
            self._stand(Health.PAUSED)
            return Rest(pause=pause)
        self._stand(Health.WATCHING)
        return Rest(waiting_on=descriptor, pause=_DEAF if self._is_deaf() else self._until_step())

    def _pause(self) -> timedelta | None:
        """How long the user still wants peace; None where he wants none."""
        return peace(self._pipeline.tools.store, self._pipeline.tools.clock()) or None

    def _acquaint(self) -> bool:
        """Take a step of getting acquainted where it is time for one; whether one was taken.

        Where that ends in an error it is left alone for long: a server that cannot bear it must not be kept away by it.
        """
        now = self._pipeline.tools.clock()
        if not self._pipeline.rules.acquaintances or now < self._step_at <= now + AGAIN:
            return False  # a step that is further off was put there by a clock that has been set back since
        self._has_more, self._step_at = False, now + AGAIN
        self._has_more = acquaint(self._pipeline, self._source)
        self._step_at = now + (PAUSE if self._has_more else AGAIN)
        return True

    def _until_step(self) -> timedelta | None:
        """How long until the next step of getting acquainted; None where the next interval is soon enough."""
        if not self._has_more:
            return None
        return min(PAUSE, max(timedelta(), self._step_at - self._pipeline.tools.clock()))

    def _open(self) -> None:
        self._pipeline.tools.store.set_moment(f"opened {self.account}", self._pipeline.tools.clock())
        # A ledger that is full or locked, in which nothing could be noted, has no server bothered with a login.
        self._source.open()
        self._came_at = self._pipeline.tools.clock()
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
        except UserError as problem:
            _log.warning(_("%s: something besides could not be done: %s"), self.account, problem)
        except Exception:  # noqa: BLE001 - mail is watched all the same
            _log.exception("%s: something besides could not be done", self.account)

    def _next_pause(self) -> timedelta:
        """Twice as long each time, with jitter, so that many accounts do not knock at the same moment.

        A server that lets us in and hangs up at once is none that has come back.
        """
        came_at, self._came_at = self._came_at, None
        if came_at and self._pipeline.tools.clock() - came_at >= _STEADY:
            self._failures = 0
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

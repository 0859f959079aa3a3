"""What is done at each interval or after a pause: APScheduler, made proof against a clock that is set.

APScheduler goes by the clock on the wall. Where that is set back by a year nothing would be due for a year, and where
it is set forward each of the intervals in between would be counted, one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

_DEFAULTS = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}


class Schedule:
    """Calls back in threads of its own, from its start to its end.

    However the clock is set, each call comes after its pause, as time really passes, and that of the shortest interval.
    """

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            jobstores={"default": SteadyJobs()}, timezone=UTC, job_defaults=dict(_DEFAULTS)
        )

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def end(self) -> None:
        """Begin no more calls. Those that have begun come to their end by themselves."""
        self._scheduler.shutdown(wait=False)

    def every(self, interval: timedelta, work: Callable[[], None], name: str) -> None:
        """Call `work` at each interval; what was missed, during a suspend for instance, is made up for by one call."""
        self._scheduler.add_job(work, After(interval, again=True), id=name)

    def once(self, pause: timedelta, work: Callable[[], None], name: str) -> None:
        """Call `work` after the pause, in place of what was to be called under that name."""
        self._scheduler.add_job(work, After(pause, again=False), id=name, replace_existing=True)


class After(BaseTrigger):  # type: ignore[misc]  # APScheduler is not typed
    """Due so long after now, whenever that is asked.

    Args:
        pause: how long.
        again: whether it is due after each time, too.
    """

    def __init__(self, pause: timedelta, *, again: bool) -> None:
        self.pause = pause
        self._again = again

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """See APScheduler."""
        return now + self.pause if self._again or previous_fire_time is None else None


class SteadyJobs(MemoryJobStore):  # type: ignore[misc]  # APScheduler is not typed
    """Jobs with `After` for their trigger, none of which lies further off than when it was put there."""

    def get_due_jobs(self, now: datetime) -> list[Job]:
        """See APScheduler. What lies further off was put there by a clock that has been set back since."""
        for job in self.get_all_jobs():
            latest = now + job.trigger.pause
            if job.next_run_time > latest:
                job.modify(next_run_time=latest)
        due: list[Job] = super().get_due_jobs(now)
        return due

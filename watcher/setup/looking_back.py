"""What would have been moved lately: a look into one's own mail that changes nothing."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import UTC, datetime, timedelta
from gettext import gettext as _

from watcher import app as house
from watcher import report
from watcher.app import App
from watcher.errors import WatcherError
from watcher.model import Case
from watcher.replay import Replay, Tally, sentence
from watcher.setup.config_file import ConfigFile
from watcher.setup.dialogue import Tone
from watcher.setup.given import Given
from watcher.setup.surroundings import Surroundings
from watcher.text import clean

DAYS = 30
_MOST = 10
"""Mails that are listed; `watcher replay` has them all."""


def look_back(given: Given, around: Surroundings, config: ConfigFile) -> None:
    """Judge the mail of the last days in all accounts and tell what would have been moved. Ctrl-C ends it there."""
    since = datetime.now(UTC) - timedelta(days=DAYS)
    logging.getLogger("watcher").setLevel(logging.CRITICAL)  # what failed is told, or counted
    tally = Tally()
    with closing(house.build_looking_back(config.settings, since)) as app:
        for account in config.settings.accounts:
            tally += _judge(given, app, account.name, since)
    if not tally.total:
        given.say(_("There is no mail of the last {days} days.").format(days=DAYS))
        return
    given.say(sentence(tally, DAYS), Tone.HEADING)
    for case in tally.moved[-_MOST:]:
        _tell(given, case, around.language)
    if len(tally.moved) > _MOST:
        given.say(_("All of them are listed by: watcher replay --days {days}").format(days=DAYS), Tone.ASIDE)


def _judge(given: Given, app: App, name: str, since: datetime) -> Tally:
    """One account, as far as one gets."""
    tally = Tally()
    try:
        with closing(app.source(name)) as source:
            replay = Replay(app.pipelines[name], source, since)
            with given.waiting(_("{account}: finding out whom you know …").format(account=name)):
                tally = Tally(replay.prepare())
            for replayed in given.follow(name, replay.judge(), tally.total):
                tally = tally.add(replayed)
    except KeyboardInterrupt:
        pass  # as far as it went
    except WatcherError as problem:
        given.say(f"{name}: {problem}", Tone.BAD)
    return tally


def _tell(given: Given, case: Case, language: str) -> None:
    given.say(f"{case.date.astimezone():%Y-%m-%d %H:%M}  {report.author(case)}  {clean(case.subject, 80)}")
    given.say(f"→ {report.reason(case, language)}", Tone.ASIDE)

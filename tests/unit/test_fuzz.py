"""A minute of what `python -m tests.fuzz` does for hours."""

from __future__ import annotations

import re
from random import Random

import pytest

from tests.fuzz.journey import Journey, WrongError
from tests.fuzz.loop import Loop
from tests.fuzz.mutate import LARGEST, mutate
from tests.fuzz.seeds import seeds

SECONDS = 15.0


@pytest.mark.parametrize("seed", range(4))
def test_no_damaged_mail_does_harm(seed: int) -> None:
    """Whatever is done to a mail, it is judged in time, and what is told of it can be shown."""
    mails = list(seeds())
    loop = Loop(mails[seed::4], Random(seed))  # noqa: S311 - the same mails every time

    findings = list(loop.run(SECONDS))

    assert not [finding.problem for finding in findings]
    assert loop.executions > 200, "this minute proves nothing"


def test_damage_is_damage_and_bounded() -> None:
    """Most damaged mails differ from the sound one and from each other, and none grows without end."""
    mails = list(seeds())
    chance = Random(1)  # noqa: S311 - the same mails every time
    damaged = [mutate(mails[0], chance, mails) for _ in range(500)]

    assert len(set(damaged)) > 450
    assert max(map(len, damaged)) <= LARGEST


def test_the_journey_notices_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail by which a notice would speak to the terminal is found."""
    monkeypatch.setattr("tests.fuzz.journey.UNPRINTABLE", re.compile("郵"))

    with pytest.raises(WrongError, match="郵"):
        Journey().travel(seeds()[0])

"""No regular expression of the package can be made to take more than linear time."""

from __future__ import annotations

import re
import time

import pytest

from tests.kit.patterns import Used, attacks, patterns

LENGTHS = (20, 250, 4_000, 8_000)
"""Characters of a subject: the short ones first, for which even an exponential pattern does not take for ever."""
QUICK = 0.005
"""Seconds that need no second look: a quadratic pattern takes longer for the longest subject."""

BOUNDED = {
    r"(?:\basync\s{0,4})?(?:\([^()]*+\)|[\w$]++)\s{0,8}=>\s{0,8}\Z": "sees `at_once._HEADER` characters, 200",
    r"([\w$]++)\s{0,8}[=:]\s{0,8}\Z": "sees `at_once._HEADER` characters, 200",
}
"""Quadratic ones, with what bounds their subjects."""


def test_every_pattern_is_linear() -> None:
    """Of all patterns, driven to each of their repeats, none takes four times as long for twice as much."""
    known = patterns()
    slow = {used.pattern.pattern: name for name, used in known.items() if _is_slow(used)}

    assert {name for words, name in slow.items() if words not in BOUNDED} == set()
    assert slow.keys() == BOUNDED.keys(), "what is linear by now needs no excuse"
    assert len(known) > 250, "there must be more patterns than these"


@pytest.mark.parametrize("words", [r"(a+)+b", r"\s*x", r"[a-z-]+\s*:", r"(?:a|b|ab)*c", r"\(.*[,/]\s*0*\.?0+\)"])
def test_what_is_not_linear_is_noticed(words: str) -> None:
    """Patterns of the kinds that are known to fail are found by the same way."""
    assert _is_slow(Used(re.compile(words), anchored=False))


@pytest.mark.parametrize("words", [r"(?<!\s)\s*+x", r"(?<![a-z-])[a-z-]++\s*+:", r"a{1,50}b"])
def test_what_is_linear_is_not_accused(words: str) -> None:
    """The forms that the package has instead pass."""
    assert not _is_slow(Used(re.compile(words), anchored=False))


def _is_slow(used: Used) -> bool:
    """Whether any attack takes more than linear time."""
    for length in LENGTHS:
        for subject in attacks(used.pattern, length):
            seconds = _seconds(used, subject)
            if seconds > QUICK and (
                seconds > 1 or _seconds(used, subject) > 3 * _seconds(used, subject[: length // 2])
            ):
                return True
    return False


def _seconds(used: Used, subject: str | bytes) -> float:
    """Of CPU: the least of three times, or the only one where that is long."""
    times: list[float] = []
    while len(times) < 3 and sum(times) < 0.5:
        started = time.process_time()
        used.apply(subject)
        times.append(time.process_time() - started)
    return min(times)

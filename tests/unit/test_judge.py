"""How doubt is weighed."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.judge import judge
from watcher.model import Direction, Evidence, Facet, Sentence, Strength, Where

WEAK, MEDIUM, STRONG, DECISIVE = Strength
WORDS = Sentence(ja="事実", en="a fact")


def fact(facet: Facet, strength: Strength, direction: Direction = Direction.AGAINST) -> Evidence:
    """One piece of evidence."""
    return Evidence(WORDS, strength, facet, Where.HEADER, direction)


def genuine(strength: Strength) -> Evidence:
    """Evidence for the sender."""
    return fact(Facet.AUTHENTICATION, strength, Direction.FOR)


SUSPICIOUS = {
    "two facets, one of them strong": [fact(Facet.NAME, STRONG), fact(Facet.LINK, MEDIUM)],
    "two strong ones": [fact(Facet.NAME, STRONG), fact(Facet.ROUTE, STRONG)],
    "three medium ones": [fact(Facet.NAME, MEDIUM), fact(Facet.LINK, MEDIUM), fact(Facet.ROUTE, MEDIUM)],
    "a decisive one alone": [fact(Facet.ATTACHMENT, DECISIVE)],
    "a decisive one against a confirmed address": [fact(Facet.ATTACHMENT, DECISIVE), genuine(STRONG)],
    "two against a medium one in favour": [fact(Facet.NAME, STRONG), fact(Facet.LINK, STRONG), genuine(MEDIUM)],
}
CLEAN = {
    "nothing": [],
    "one strong fact": [fact(Facet.NAME, STRONG)],
    "two strong facts of one facet": [fact(Facet.NAME, STRONG), fact(Facet.NAME, STRONG)],
    "a strong and a weak one": [fact(Facet.NAME, STRONG), fact(Facet.LINK, WEAK)],
    "two medium ones": [fact(Facet.NAME, MEDIUM), fact(Facet.LINK, MEDIUM)],
    "wording as the second": [fact(Facet.NAME, STRONG), fact(Facet.WORDING, STRONG)],
    "history as the second": [fact(Facet.NAME, STRONG), fact(Facet.HISTORY, STRONG)],
    "two, but confirmed": [fact(Facet.NAME, STRONG), fact(Facet.LINK, STRONG), genuine(STRONG)],
    "decisive, but explicitly trusted": [fact(Facet.ATTACHMENT, DECISIVE), genuine(DECISIVE)],
}


@pytest.mark.parametrize("evidence", SUSPICIOUS.values(), ids=SUSPICIOUS)
def test_suspicious(evidence: list[Evidence]) -> None:
    """Two independent facts, or one decisive one, and nothing that outweighs them."""
    assert judge(evidence).suspicious


@pytest.mark.parametrize("evidence", CLEAN.values(), ids=CLEAN)
def test_clean(evidence: list[Evidence]) -> None:
    """Where the facts do not suffice, the mail stays."""
    assert not judge(evidence).suspicious


facts = st.builds(fact, st.sampled_from(Facet), st.sampled_from(Strength), st.sampled_from(Direction))


@given(st.lists(facts, max_size=12))
def test_the_score_repeats_the_verdict(evidence: list[Evidence]) -> None:
    """The score is at least 0.5 exactly when the verdict is suspicious, and always between 0 and 1."""
    verdict = judge(evidence)

    assert 0 <= verdict.score <= 1
    assert (verdict.score >= 0.5) is verdict.suspicious


@given(st.lists(facts, max_size=4))
def test_the_order_of_the_evidence_does_not_matter(evidence: list[Evidence]) -> None:
    """The same evidence gives the same verdict."""
    verdicts = {(judge(order).suspicious, judge(order).score) for order in permutations(evidence)}

    assert len(verdicts) == 1


@given(st.lists(facts, max_size=8), facts)
def test_more_against_never_clears(evidence: list[Evidence], more: Evidence) -> None:
    """A further fact against the sender never turns a suspicious mail into a clean one."""
    if more.direction is Direction.AGAINST and judge(evidence).suspicious:
        assert judge([*evidence, more]).suspicious


def test_the_fact_that_decided_comes_first() -> None:
    """The reader is told the strongest fact; among equals the one that can be seen in the mail."""
    name, route, link = fact(Facet.NAME, STRONG), fact(Facet.ROUTE, STRONG), fact(Facet.LINK, MEDIUM)

    assert judge([link, route, name]).reasons == (name, route, link)


def test_the_reasons_begin_with_the_side_that_decided() -> None:
    """The first reason of a suspicious mail speaks against it, also beside equal proof; that of a clean one for it."""
    case = [genuine(STRONG), fact(Facet.ATTACHMENT, DECISIVE), fact(Facet.NAME, STRONG)]

    assert [reason.direction for reason in judge(case).reasons] == [Direction.AGAINST, Direction.AGAINST, Direction.FOR]
    assert judge([fact(Facet.NAME, STRONG), genuine(STRONG)]).reasons[0].direction is Direction.FOR

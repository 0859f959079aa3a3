"""How doubt is weighed.

Nobody can prove from a mail alone that it is a fraud. What can be proved is that it is *not from whom it says*, and
even that only by facts that each have an innocent twin somewhere: a shop's newsletter comes from a mailing service, a
forwarded mail fails every check, a small firm's server has no name in the DNS. One such fact is an accident. Two of
different kinds, on one mail, hardly ever are. So this is the law of the house:

1. **A wanted mail moved is worse than a bad mail missed.** Where the facts do not suffice, the mail stays.

2. **Two independent facts, or one decisive one.** Facts are independent when they look at different sides of the mail
   (`Facet`): the name it bears, the address, what the receiving server vouches for, the machine that handed it over,
   where its links go, what is attached. Two facts of the same facet are one fact told twice. At least one of the two
   must be strong, both at least medium; three medium ones of three facets do as well.

3. **Words and history never count as one of the two.** Genuine mail hurries its readers with the same words, and
   everybody writes for a first time. They add to the score and to the explanation.

4. **Decisive** is what has no innocent twin: a program inside an archive from a stranger who poses as a brand.

5. **Genuine mail is proved, not excused.** A strong fact *for* the sender (the receiving server confirms the brand's
   own domain; the user took such a mail back) outweighs everything but a decisive fact. A decisive fact is outweighed
   only by a decisive one: the user's explicit trust in a sender whose address is confirmed.

6. **What the user has said suffices.** Mail from a confirmed sender whom the user has reported as an impostor needs no
   second fact. Proof of genuine mail outweighs it all the same: people report the wrong mail, too.

7. **"Could not tell" is nothing.** It speaks neither way, and no detector may turn it into a fact.

The score repeats the verdict as a number, for sorting: each fact against the sender takes away its part of what is
left of belief in him. It is capped so that 0.5 divides the verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from watcher.model import Claim, Direction, Evidence, Facet, Strength, Verdict

_SUPPORTING = frozenset({Facet.WORDING, Facet.HISTORY})
_DOUBT = {Strength.WEAK: 0.1, Strength.MEDIUM: 0.35, Strength.STRONG: 0.6, Strength.DECISIVE: 0.95}


def judge(evidence: Iterable[Evidence], claims: tuple[Claim, ...] = (), versions: str = "") -> Verdict:
    """What the evidence comes to. The same evidence gives the same verdict.

    Args:
        evidence: all that the detectors found, in any order.
        claims: whom the mail presents; kept with the verdict.
        versions: which detectors and lessons it rests on; kept with the verdict.
    """
    facts = sorted(evidence, key=_weight, reverse=True)
    against = [fact for fact in facts if fact.direction is Direction.AGAINST]
    in_favour = max((fact.strength for fact in facts if fact.direction is Direction.FOR), default=None)
    suspicious = _outweighs(_weigh(against), in_favour)
    deciding = Direction.AGAINST if suspicious else Direction.FOR
    facts.sort(key=lambda fact: fact.direction is not deciding)
    return Verdict(suspicious, _score(against, suspicious=suspicious), tuple(facts), claims, versions)


def _weight(fact: Evidence) -> tuple[int, bool, str, str]:
    """Sorts the fact that decided first: by strength, then what a layman can check for himself, then for stability."""
    return fact.strength, fact.facet in {Facet.NAME, Facet.ATTACHMENT}, fact.detector, fact.text.en


def _weigh(against: list[Evidence]) -> Strength | None:
    """The strength of the case against the sender: decisive, strong (two independent facts, a report), or none."""
    if any(fact.strength is Strength.DECISIVE for fact in against):
        return Strength.DECISIVE
    if any(fact.facet is Facet.REPORT for fact in against):
        return Strength.STRONG
    best: dict[Facet, Strength] = {}
    for fact in against:
        if fact.facet not in _SUPPORTING and fact.strength >= Strength.MEDIUM:
            best[fact.facet] = max(best.get(fact.facet, fact.strength), fact.strength)
    two = len(best) >= 2 and Strength.STRONG in best.values()
    return Strength.STRONG if two or len(best) >= 3 else None


def _outweighs(case: Strength | None, in_favour: Strength | None) -> bool:
    if case is None:
        return False
    return in_favour is None or in_favour < Strength.STRONG or case > in_favour


def _score(against: list[Evidence], *, suspicious: bool) -> float:
    belief = prod((1 - _DOUBT[fact.strength] for fact in against), start=1.0)
    doubt = round(1 - belief, 2)
    return max(doubt, 0.5) if suspicious else min(doubt, 0.49)

"""What the pipeline makes of whom this person knows: from the judged mail into the ledger, and back into a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.kit.house import House
from tests.kit.ledger import VERDICT
from tests.kit.letters import MX, RULES, ago, arrived, correspondence, known, letter
from watcher.acquaint import acquaint
from watcher.detectors import Detector
from watcher.model import By, Choice, Context, Decision, Evidence, Inquiry, State, Strength
from watcher.settle import carry_out

KEIKO = "Keiko Mori <keiko@friend.example>"
POSER = "日本郵便 <info@parcel.example>"


class Ear:
    """A detector that finds nothing and remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[Context] = []

    def detect(self, inquiry: Inquiry) -> Iterator[Evidence]:
        """Listen."""
        self.heard.append(inquiry.context)
        yield from ()


def listening(house: House) -> tuple[House, Ear]:
    """The same house with somebody who hears what detectors are told."""
    ear = Ear()
    detectors = (Detector("ear", ear.detect, "", ""),)
    return House(house.rules, house.server, house.store, detectors=detectors, now=house.now), ear


@pytest.fixture
def house() -> House:
    """An account whose owner has written to Keiko, read to its end."""
    house = correspondence()
    house.deliver(letter(KEIKO), "Sent", at=ago(house, days=9))
    house.begin()
    source = house.source()
    while acquaint(house.pipeline, source):
        pass
    return house


def told(house: House, raw: bytes) -> Context:
    """What detectors are told as that mail is judged, after it was read ahead."""
    house, ear = listening(house)
    house.deliver(raw)
    house.sweep()
    return ear.heard[-1]


def reasons(house: House, raw: bytes) -> dict[str, str]:
    """The strength of what each detector of history or names says of a mail that comes, by its name."""
    house.deliver(raw)
    house.sweep()
    verdict = house.cases()[-1].verdict
    assert verdict is not None
    return {reason.detector: reason.strength.name for reason in verdict.reasons}


# Who is known.


def test_who_was_written_to_is_known(house: House) -> None:
    """A confirmed mail of hers is from an acquaintance, and that speaks for it strongly."""
    context = told(house, arrived(KEIKO))
    assert (context.acquainted, context.written_to, context.namesake) == (True, True, "")
    assert reasons(house, arrived(KEIKO, 2)) == {"acquaintance": "STRONG"}


def test_her_address_alone_proves_nothing(house: House) -> None:
    """Without confirmation it is not known whether it is she: neither an acquaintance nor a stranger."""
    context = told(house, arrived(KEIKO, results=""))
    assert (context.acquainted, context.written_to) == (None, False)


def test_a_stranger_is_one(house: House) -> None:
    """In a mailbox that was read to its end, and only there, nobody knows him."""
    assert told(house, arrived("x@stranger.example")).acquainted is False
    unread = correspondence()
    unread.begin()
    assert told(unread, arrived("x@stranger.example")).acquainted is None


def test_a_stranger_who_poses_is_told_as_one(house: House) -> None:
    """Beside other facts the verdict says that there never was a mail from there."""
    assert reasons(house, arrived(POSER))["first_contact"] == "WEAK"


# Learning from judged mail.


def test_a_judged_mail_makes_its_author_known_a_day_later(house: House) -> None:
    """The first mails of an address are a stranger's, and from the next day on it is known."""
    seen = []
    for number, hours in enumerate((0, 12, 12, 1)):
        house.later(hours=hours)
        seen.append(told(house, arrived("News <news@shop.example>", number)).acquainted)
    assert seen == [False, None, True, True]
    assert known(house, "news@shop.example").mails == 4


def test_an_unconfirmed_mail_makes_nobody_known(house: House) -> None:
    """Anybody could have written it."""
    house.deliver(arrived("News <news@shop.example>", results=""))
    house.sweep()
    assert house.store.acquaintance("news@shop.example") is None


def test_a_suspicious_mail_makes_nobody_known_until_it_is_released() -> None:
    """The user's word counts: taken back, the mail is from somebody known, once."""
    house = correspondence()
    house.begin()
    house.deliver(arrived(POSER, results="dkim=pass header.d=parcel.example"))
    house = _convicting(house)
    house.sweep()
    (case,) = house.cases()
    assert case.state is State.MOVED
    assert house.store.acquaintance("info@parcel.example") is None

    for _ in range(2):
        decision = house.store.add_decision(Decision(Choice.RESTORE, case.id, By.COMMAND, house.now))
        carry_out(house.pipeline, house.source(), decision)

    assert known(house, "info@parcel.example").mails == 1


def _convicting(house: House) -> House:
    """The same house where a decisive fact speaks against every mail."""

    def detect(_inquiry: Inquiry) -> Iterator[Evidence]:
        yield replace(VERDICT.reasons[0], strength=Strength.DECISIVE)

    return House(house.rules, house.server, house.store, detectors=(Detector("judge", detect, "", ""),))


def test_nothing_is_learnt_where_the_user_does_not_want_it() -> None:
    """With `acquaintances = false` the ledger stays empty, and nobody is called a stranger."""
    house = correspondence(replace(RULES, acquaintances=False))
    house.begin()
    assert told(house, arrived(KEIKO)).acquainted is None
    assert house.store.acquaintance("keiko@friend.example") is None


# Names.


@pytest.mark.parametrize("name", ["Keiko Mori", "KEIKO MORI", "Keikο Mоri", "Keiko Mori (iPhone)"])
def test_a_stranger_under_her_name(house: House, name: str) -> None:
    """From another address her name, or one that looks like it, is a namesake's, confirmed or not."""
    assert told(house, arrived(f"{name} <k.mori.1987@free.example>")).namesake == "Keiko Mori"
    assert told(house, arrived(f"{name} <k.mori.1987@free.example>", 2, results="")).namesake == "Keiko Mori"


def test_the_namesake_is_told_with_medium_strength(house: House) -> None:
    """She may have a second mailbox: the mail stays."""
    assert reasons(house, arrived("Keiko Mori <k.mori.1987@free.example>", results="")) == {"contact_name": "MEDIUM"}
    assert house.cases()[-1].state is State.CLEAN


@pytest.mark.parametrize(
    "author",
    [KEIKO, "Keiko Mori <office@friend.example>", "Ken Mori <ken@free.example>", "Keiko <keiko@free.example>"],
    ids=["herself", "her own domain", "another name", "half a name"],
)
def test_no_namesake(house: House, author: str) -> None:
    """She herself, a colleague of hers, and people of other names bear nobody's name."""
    assert told(house, arrived(author)).namesake == ""


def test_her_second_mailbox_is_learnt(house: House) -> None:
    """Once he has answered her there, it is hers."""
    house.deliver(letter("Keiko Mori <k.mori.1987@free.example>", 2), "Sent")
    assert acquaint(house.pipeline, house.source())
    assert told(house, arrived("Keiko Mori <k.mori.1987@free.example>", results="")).namesake == ""


def test_whoever_merely_writes_has_no_name_to_lose(house: House) -> None:
    """A name that a stranger gave himself is not protected: he could make the real bearer look like a fraud."""
    house.deliver(arrived("Ken Mori <ken@free.example>"))
    house.sweep()
    assert told(house, arrived("Ken Mori <ken@company.example>", 2)).namesake == ""


def test_results_of_others_are_not_believed(house: House) -> None:
    """An Authentication-Results that the sender wrote himself makes nobody an acquaintance."""
    forged = arrived(KEIKO).replace(MX.encode(), b"mx.elsewhere.example")
    assert told(house, forged).acquainted is None

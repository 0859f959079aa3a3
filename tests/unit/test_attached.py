"""Mail with attachments on its whole way: fetched as far as needed, really opened, judged by all detectors together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.kit.attachments import SAMPLES
from tests.kit.deceiving_pages import DECEIVING
from tests.kit.pages import Page
from tests.kit.poisoned import CARD, LOCKS_AND_BOMBS, POISONED, PROGRAMS
from tests.kit.posted import Posted, judge, posted
from tests.kit.samples import Sample
from tests.kit.saved_pages import INNOCENT
from tests.kit.wholesome import FRIEND, SOFT, WHOLESOME
from watcher.model import Facet, Opened, Strength
from watcher.plan import ATTACHMENT_LIMIT

FROM_ATTACHMENTS = {Facet.ATTACHMENT, Facet.LINK}
AUTHORS = sorted({mail.parts["author"] for mail in POISONED.values()})
HARMFUL = [sample for sample in SAMPLES if not sample.is_innocent and sample.filename != "parcel.a"]
"""All but one that the system declares a text by its name, so that it is never fetched."""
BOMBS = [name for name, mail in LOCKS_AND_BOMBS.items() if callable(mail.content)]


def titles(pages: tuple[Page, ...]) -> dict[str, Page]:
    """The pages by their titles."""
    return {page.title: page for page in pages}


@pytest.mark.parametrize("mail", POISONED.values(), ids=POISONED)
def test_poisoned(mail: Posted) -> None:
    """What a stranger who poses as somebody attaches gives him away, and the reader is told so."""
    verdict = judge(mail)

    assert verdict.suspicious
    assert any(fact.facet in FROM_ATTACHMENTS and fact.strength >= Strength.MEDIUM for fact in verdict.reasons)


@pytest.mark.parametrize("author", AUTHORS)
def test_without_it_the_name_does_not_suffice(author: str) -> None:
    """Each sender of the table would pass with a plain text: it is the attachment that gives him away."""
    assert not judge(posted("メモ.txt", b"abc", author)).suspicious or author.startswith("日本郵便")


@pytest.mark.parametrize("mail", WHOLESOME.values(), ids=WHOLESOME)
def test_wholesome(mail: Posted) -> None:
    """What people send each other stays, even where nobody confirms who they are."""
    assert not judge(mail).suspicious


@pytest.mark.parametrize("mail", POISONED.values(), ids=POISONED)
def test_a_friend_may_send_it_once(mail: Posted) -> None:
    """The very same attachment from somebody to whom the reader writes, and who is confirmed, stays."""
    known = {"author": FRIEND, "acquainted": True, "written_to": True, "results": "dkim=pass header.d=friend.example"}

    assert not judge(replace(mail, parts=mail.parts | known)).suspicious


@pytest.mark.parametrize("mail", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_decides(mail: Posted) -> None:
    """Only a program from a stranger who poses as a brand is decisive, however it is packed."""
    assert judge(mail).reasons[0].strength is Strength.DECISIVE


@pytest.mark.parametrize("name", sorted(POISONED.keys() - PROGRAMS.keys() - set(BOMBS)))
def test_nothing_else_decides(name: str) -> None:
    """Whatever else is attached needs a second fact."""
    assert all(fact.strength < Strength.DECISIVE for fact in judge(POISONED[name]).reasons)


@pytest.mark.parametrize("page", titles(DECEIVING).values(), ids=titles(DECEIVING))
def test_deceiving_pages(page: Page) -> None:
    """Every page that deceives gives away a sender in a brand's name, unless it is larger than is ever fetched."""
    mail = posted(page.filename, page.content(), CARD)

    assert judge(mail).suspicious or len(mail.raw()) > ATTACHMENT_LIMIT


@pytest.mark.parametrize("page", titles(INNOCENT).values(), ids=titles(INNOCENT))
def test_saved_pages(page: Page) -> None:
    """Every page that people save or export stays, whoever sends it under his own name."""
    assert not judge(posted(page.filename, page.content(), FRIEND, results=SOFT)).suspicious


@pytest.mark.parametrize("sample", HARMFUL, ids=lambda each: each.filename)
def test_harmful_samples(sample: Sample) -> None:
    """What runs or withstands being looked into gives away who poses as a brand; what nobody reads is named."""
    verdict = judge(posted(sample.filename, sample.build, CARD))

    assert verdict.suspicious or (sample.state is Opened.NOT_YET and verdict.unseen == (sample.filename,))


@pytest.mark.parametrize("sample", [each for each in SAMPLES if each.is_innocent], ids=lambda each: each.filename)
def test_innocent_samples(sample: Sample) -> None:
    """Every sound attachment stays, whoever sends it under his own name."""
    assert not judge(posted(sample.filename, sample.build, FRIEND, results=SOFT)).suspicious


def test_what_was_too_much_is_named() -> None:
    """The verdict names the archives that could not be looked at whole, and the one that was too large to fetch."""
    bomb = LOCKS_AND_BOMBS["a thousand deep"]
    huge = ("huge.zip", bytes(7 << 20))

    assert judge(replace(bomb, parts=bomb.parts | {"more": [huge]})).unseen == ("明細.zip", "huge.zip")


def test_the_table_is_large_and_balanced() -> None:
    """At least 120 attachments, half of them innocent."""
    assert len(POISONED) + len(WHOLESOME) >= 120
    assert len(WHOLESOME) >= len(POISONED)

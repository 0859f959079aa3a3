"""A brand's name at a domain that does nothing against being forged."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.unprotected_sender import detect

NOTHING = "spf=none smtp.mailfrom=x1y2z3.example; dkim=none; dmarc=none"
POSER = "Walmart <offer@x1y2z3.example>"
FLAGS = {
    "neither record nor signature": mail(author=POSER, results=NOTHING),
    "without a word on DMARC": mail(author=POSER, results="spf=none; dkim=none"),
    "without a word on signatures, for there is none": mail(author=POSER, results="spf=none"),
    "a Japanese brand": mail(author="三井住友カード <a@x1y2z3.example>", results=NOTHING),
}
QUIET = {
    "a record that passes": mail(author=POSER, results="spf=pass smtp.mailfrom=x1y2z3.example; dkim=none"),
    "a record that fails, which others tell": mail(author=POSER, results="spf=fail; dkim=none"),
    "a record that says nothing": mail(author=POSER, results="spf=neutral; dkim=none"),
    "a server that could not ask": mail(author=POSER, results="spf=temperror; dkim=none"),
    "a signature that passes": mail(author=POSER, results="spf=none; dkim=pass header.d=x1y2z3.example"),
    "a signature that broke": mail(author=POSER, results="spf=none; dkim=fail header.d=x1y2z3.example"),
    "a server that wrote nothing": mail(author=POSER),
    "the brand's own domain": mail(author="Walmart <help@walmart.com>", results=NOTHING),
    "a confirmed stranger": mail(author=POSER, results=passed("x1y2z3.example")),
    "an everyday word": mail(author="Orange <cafe@orange.example>", results=NOTHING),
    "a role": mail(author="Webmail Administrator <a@x1y2z3.example>", results=NOTHING),
    "a friend who writes about the brand": mail(
        author="Keiko <keiko@friend.example>", subject="Walmart opens", results=NOTHING
    ),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The domain has nothing that large senders have."""
    assert len(list(detect(row()))) == 1


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """Something speaks for the domain, or nobody can tell, or no brand is given for the sender."""
    assert list(detect(row())) == []


def test_the_sentence_names_both() -> None:
    """The reader is told the domain and the brand, in both languages."""
    (evidence,) = detect(FLAGS["neither record nor signature"]())

    assert evidence.text.en == (
        "The domain x1y2z3.example has none of the protection against forgery (SPF, DKIM) that Walmart would have."
    )
    assert "x1y2z3.example" in evidence.text.ja

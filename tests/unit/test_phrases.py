"""Phrases are read in all their spellings, and found wherever they can begin."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.lures import LANGUAGES, LURES
from watcher.phrases import Beginnings, beginnings, pattern


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        ("rechnung", {"rechnu"}),
        ("fax|nft", {"fax", "nft"}),
        ("pae?ckchen", {"paeckc", "packch"}),
        ("(ihr )?konto", {"ihr ko", "ihr-ko", "ihrkon", "konto"}),
        ("(a|bc?)d", {"ad", "bd", "bcd"}),
        ("n[oa]t", {"not", "nat"}),
        ("荷物…できません", {"荷物"}),
        ("(colis|paquet)…retenu", {"colis", "paquet"}),
        (r"\babo", {"abo"}),
        ("(?<!配信)停止", {"停止"}),
    ],
)
def test_a_phrase_begins_in_all_its_spellings(phrases: str, expected: set[str]) -> None:
    """What may be missing, be another letter or be anything changes the first letters as it changes the phrase."""
    assert beginnings(phrases) == expected


@pytest.mark.parametrize("kind", LURES)
def test_every_beginning_says_something(kind: str) -> None:
    """No phrase begins with so little that it would be tried everywhere."""
    for code in LANGUAGES:
        assert all(len(letters) >= (2 if code == "ja" else 3) for letters in beginnings(getattr(LURES[kind], code)))


def test_the_places_are_told_by_kind_and_in_order() -> None:
    """A place counts for each kind of which a phrase can begin there, once."""
    found = Beginnings({"one": "konto|kon(to)?…zu", "two": "konto gesperrt", "three": "paket"})

    assert found.find("konto und konto") == {"one": [0, 10], "two": [0]}


@pytest.mark.parametrize("kind", LURES)
@pytest.mark.parametrize("code", LANGUAGES)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_nothing_is_missed(kind: str, code: str, data: st.DataObject) -> None:
    """Wherever a lure is found in a text, there it can begin, however it is spelt."""
    phrases = getattr(LURES[kind], code)
    written = re.compile(pattern(phrases, 3))
    text = data.draw(st.from_regex(written))

    found = written.search(text)
    assert found is not None
    assert found.start() in Beginnings({kind: phrases}).find(text)[kind]

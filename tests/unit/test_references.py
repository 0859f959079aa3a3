"""Where the targets of a document lie, and what its fields ask for."""

from __future__ import annotations

import pytest

from tests.kit.documents import LOCAL_TEMPLATE
from watcher.attachments.references import is_link, is_remote, of_field
from watcher.model import Trait


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("http://a.example", (True, True)),
        (" HTTPS://a.example", (True, True)),
        ("//a.example/b", (True, True)),
        ("\\\\a.example\\b", (True, True)),
        ("file:////a.example/b", (True, True)),
        ("file:///\\\\a.example\\b", (True, True)),
        ("file:%5C%5Ca.example%5Cb", (True, True)),
        ("\\\\?\\UNC\\a.example\\b", (True, True)),
        ("\\\\?\\C:\\b", (False, False)),
        ("mailto:a@example.jp", (True, True)),
        (LOCAL_TEMPLATE, (False, True)),
        ("C:\\a.dotx", (False, False)),
        ("/Users/a.dotx", (False, False)),
        ("file:///Users/a.dotx", (False, True)),
        ("a.dotx", (False, False)),
        ("../a.dotx", (False, False)),
        ("#_Toc1", (False, False)),
        ("", (False, False)),
    ],
)
def test_targets(target: str, expected: tuple[bool, bool]) -> None:
    """A target is remote when another machine is asked, and a link when it has a scheme besides."""
    assert (is_remote(target), is_link(target)) == expected


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        (" DDEAUTO a b", {(Trait.MACRO, "DDE")}),
        ('"dde" a b', {(Trait.MACRO, "DDE")}),
        ("hyperlink https://a.example/", {(Trait.LINK, "https://a.example/")}),
        ('HYPERLINK "https://a.example/" \\t "_blank"', {(Trait.LINK, "https://a.example/")}),
        ('HYPERLINK "https://a.example/', {(Trait.LINK, "https://a.example/")}),
        ('INCLUDEPICTURE "\\\\\\\\a.example\\\\b.png" \\d', {(Trait.LINK, "\\\\\\\\a.example\\\\b.png")}),
        ('INCLUDETEXT "C:\\\\a.docx"', set()),
        ('HYPERLINK \\l "_Toc1"', set()),
        ("DDENOTE", set()),
        ("PAGE https://a.example/", set()),
        ("", set()),
        ("   ", set()),
    ],
)
def test_fields(instruction: str, expected: set[tuple[Trait, str]]) -> None:
    """A field is told by its first word, whatever its case, and its targets by their form."""
    assert {(finding.trait, finding.detail) for finding in of_field(instruction)} == expected

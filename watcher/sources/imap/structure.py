"""The leaves of a mail's MIME tree, as BODYSTRUCTURE describes them (RFC 9051, 7.5.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from watcher.model import Part
from watcher.parse import MOST_PARTS, decode_filename

_FIELDS = 7
"""type, subtype, parameters, id, description, encoding, size: what every leaf has."""

_DEPTH = 40
"""Deeper nesting is no mail that anybody reads."""

_PAIR = re.compile(r';\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]*)')
_ESCAPED = re.compile(r"\\(.)")


def leaves(body: Any) -> tuple[Part, ...]:
    """The leaves in their order, `MOST_PARTS` at most; an attached message is one of them.

    Args:
        body: what imapclient makes of BODYSTRUCTURE.

    Raises:
        ValueError: it is no structure at all; the mail itself has to be asked.
    """
    try:
        parts = tuple(islice(_walk(body), MOST_PARTS))
    except (TypeError, LookupError, AttributeError) as error:
        raise ValueError("not a BODYSTRUCTURE") from error
    if not parts:
        raise ValueError("a BODYSTRUCTURE without leaves")
    return parts


def _walk(body: Any, section: str = "", alternative: str = "", depth: int = 0) -> Iterator[Part]:
    if not isinstance(body[0], list):
        yield _leaf(body, section or "1", alternative)
        return
    if depth > _DEPTH:
        raise ValueError("nested too deep")
    if _text(body[1]).lower() == "alternative":
        alternative = section or "0"
    for number, child in enumerate(body[0], start=1):
        yield from _walk(child, f"{section}.{number}" if section else str(number), alternative, depth + 1)


def _leaf(body: Any, section: str, alternative: str) -> Part:
    if len(body) < _FIELDS:
        raise ValueError("a leaf without size")
    parameters = _parameters(body[2])
    content_type = f"{_text(body[0])}/{_text(body[1])}".lower()
    disposition, of_disposition = _disposition(body, content_type)
    return Part(
        section=section,
        content_type=content_type,
        size=body[6] if isinstance(body[6], int) else 0,
        charset=parameters.get("charset", ""),
        encoding=_text(body[5]).lower(),
        disposition=disposition,
        filename=decode_filename({**parameters, **of_disposition}),
        alternative=alternative,
    )


def _disposition(body: Any, content_type: str) -> tuple[str, dict[str, str]]:
    """Content-Disposition and its parameters: the field behind the MD5 sum."""
    place = _FIELDS + 1
    if content_type.startswith("text/"):
        place += 1  # its lines come before that
    elif content_type in ("message/rfc822", "message/global"):
        place += 3  # its envelope, its structure and its lines
    field = body[place] if len(body) > place else None
    if isinstance(field, bytes):  # pymap gives the header field as it stands
        value = _text(field)
        return value.partition(";")[0].strip().lower(), {
            name.lower(): _bare(word) for name, word in _PAIR.findall(value)
        }
    if not isinstance(field, tuple) or not field:
        return "", {}
    return _text(field[0]).lower(), _parameters(field[1] if len(field) > 1 else None)


def _parameters(pairs: Any) -> dict[str, str]:
    if not isinstance(pairs, tuple):
        return {}
    values = [_text(item) for item in pairs]
    return {name.lower(): value for name, value in zip(values[::2], values[1::2], strict=False)}


def _bare(word: str) -> str:
    """A parameter's value without its quotes."""
    return _ESCAPED.sub(r"\1", word[1:-1]) if word.startswith('"') else word


def _text(value: Any) -> str:
    """A string of the protocol. Octets that are no UTF-8 are kept as surrogates, so that nothing is lost."""
    if value is None:
        return ""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)

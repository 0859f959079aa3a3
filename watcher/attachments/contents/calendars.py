"""Invitations and other calendar files (RFC 5545): the addresses that they show."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from watcher import kinds
from watcher.attachments.references import links
from watcher.model import Finding, Trait

_BEGIN: Final = re.compile(rb"[\s\xef\xbb\xbf]*BEGIN:VCALENDAR", re.IGNORECASE)
_FOLD: Final = re.compile(r"\r?\n[ \t]")  # 3.1
_LINE: Final = re.compile(
    r"^(?:DESCRIPTION|LOCATION|URL|ATTACH|X-ALT-DESC|CONFERENCE|COMMENT|SUMMARY)"
    r'(?P<parameters>(?:;[^:;"\n]*+(?:"[^"\n]*+"[^:;"\n]*+)*+)*+):(?P<value>.*)$',
    re.IGNORECASE | re.MULTILINE,
)
_ESCAPED: Final = re.compile(r"\\(.)")  # 3.3.11
_URL: Final = re.compile(r"https?://(?:[^\x00-\x7f\s]{1,60}\.)?[!#-;=?-Z_a-z~\[\]]{1,2000}", re.IGNORECASE)
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")
_NAME: Final = re.compile(r';(?:X-)?FILENAME="?([^":;\n]{1,300})', re.IGNORECASE)
_MOST_LINKS: Final = 50
_MOST_URLS: Final = 5_000
_PEEK: Final = 64 * 1024
_OF_NOTE: Final = frozenset({"program", "disk", "html"})


def recognises(filename: str, head: bytes) -> bool:
    """Whether it begins like a calendar, or is called one."""
    return bool(_BEGIN.match(head)) or kinds.extension(filename) in {"ics", "ifb", "vcs"}


def look(_filename: str, content: bytes) -> Iterator[Finding]:
    """Files carried along that run, and the addresses in what a reader is shown."""
    text = _FOLD.sub("", content.decode("utf-8", "replace").removeprefix("\ufeff"))
    lines = [(match["parameters"], match["value"]) for match in _LINE.finditer(text)]
    for parameters, value in islice((line for line in lines if "BASE64" in line[0].upper()), _MOST_LINKS):
        yield from _carried(parameters, value)
    urls = (url for parameters, value in lines for url in _urls(parameters, value))
    yield from links(islice(urls, _MOST_URLS), _MOST_LINKS)


def _carried(parameters: str, value: str) -> Iterator[Finding]:
    """A file in the line itself (3.8.1.1): its name, if it is one that acts."""
    named = _NAME.search(parameters)
    name = named[1] if named else ""
    figures = _NOT_BASE64.sub("", value[:_PEEK])
    kind = kinds.kind(name, base64.b64decode(figures[: len(figures) // 4 * 4]))
    if kind in _OF_NOTE:
        yield Finding(Trait.EMBEDDED_FILE, name or kind)


def _urls(parameters: str, value: str) -> Iterator[str]:
    if "BASE64" in parameters.upper():
        return
    plain = _ESCAPED.sub(lambda escape: "\n" if escape[1] in "nN" else escape[1], value)
    if "<" in plain:
        plain = html.unescape(plain)
    for match in _URL.finditer(plain):
        yield match[0].rstrip(".,:;!?)]*")

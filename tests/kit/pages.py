"""Pages as they are attached to mail, built in memory; `deceiving_pages` and `saved_pages` are made of these."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from watcher.model import Trait

FORM, PASSWORD, LINK = Trait.FORM, Trait.PASSWORD_FIELD, Trait.LINK
SCRIPT, SMUGGLES, EMBEDDED = Trait.SCRIPT, Trait.ASSEMBLES_DOWNLOAD, Trait.EMBEDDED_FILE

Expected = tuple[tuple[Trait, str], ...]


@dataclass(frozen=True)
class Page:
    """An attached page and everything that has to be found in it."""

    title: str
    filename: str
    build: Callable[[], str | bytes]
    expected: Expected = ()

    def content(self) -> bytes:
        """The page as it is attached."""
        built = self.build()
        return built.encode() if isinstance(built, str) else built


def page(
    title: str, filename: str, content: str | bytes | Callable[[], str | bytes], *expected: tuple[Trait, str]
) -> Page:
    """One row of the table."""
    return Page(title, filename, content if callable(content) else lambda: content, expected)


def encode(octets: str | bytes) -> str:
    """Base64 on one line."""
    return base64.b64encode(octets.encode() if isinstance(octets, str) else octets).decode()


def noise(octets: int, seed: int = 1) -> bytes:
    """What an encrypted or compressed file looks like."""
    return random.Random(seed).randbytes(octets)  # noqa: S311 - no secret


def html(body: str, head: str = "") -> str:
    """A whole HTML page."""
    return f"<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>{head}</head><body>{body}</body></html>\n"


def script(code: str) -> str:
    """A script element."""
    return f"<script>{code}</script>"


def svg(body: str, attributes: str = "") -> str:
    """A whole drawing."""
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<svg {names} viewBox="0 0 9 9" {attributes}>{body}</svg>\n'


def mhtml(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A page with its parts in one file, as browsers save it (RFC 2557)."""
    head = b'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b0"\r\n\r\n'
    written = (
        f"--b0\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        + base64.encodebytes(content)
        for kind, content in parts
    )
    return head + b"\r\n".join(written) + b"\r\n--b0--\r\n"

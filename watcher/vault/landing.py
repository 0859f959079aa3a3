"""Where the browser ends after consent: a page of this computer's own, for as long as consent is waited for.

Every program on this computer can reach the port. What does not bring the state that only the browser was given is
turned away, and nobody's silence keeps anybody else waiting (RFC 8252, 8.3 and 8.9).
"""

from __future__ import annotations

import html
import os
import secrets
from collections.abc import Mapping
from gettext import gettext as _
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from watcher import words

HOST = "127.0.0.1"
_LONGEST_SILENCE = 5.0
"""Seconds that a connection may say nothing."""
_MOST_FIELDS = 20

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Watcher</title>
</head>
<body>
<h1>{heading}</h1>
<p>{words}</p>
</body>
</html>
"""

_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Connection": "close",
}


class Landing:
    """A port of this computer, open while the context lasts."""

    def __init__(self) -> None:
        self.state = secrets.token_urlsafe(32)
        """What a redirect has to bring (RFC 6749, 10.12)."""
        self._answers: SimpleQueue[Mapping[str, str]] = SimpleQueue()
        self._server = _Server(self.state, self._answers)
        self._thread = Thread(target=self._server.serve_forever, args=[0.05], daemon=True)

    @property
    def port(self) -> int:
        """Chosen by the system."""
        return self._server.server_port

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self, seconds: float) -> Mapping[str, str] | None:
        """The fields of the first redirect that brought the state: a code or an error; None where none came in time."""
        try:
            return self._answers.get(timeout=seconds)
        except Empty:
            return None


class _Server(ThreadingHTTPServer):
    """Serves each connection in a thread of its own, none of which is waited for."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, state: str, answers: SimpleQueue[Mapping[str, str]]) -> None:
        super().__init__((HOST, 0), _Handler)
        self._state = state
        self._answers = answers
        self._open = True

    def recognise(self, target: str) -> Mapping[str, str]:
        """The fields of a redirect; none where it is no redirect that was asked for."""
        fields = _fields(target)
        is_ours = secrets.compare_digest(fields.get("state", "").encode(), self._state.encode())
        return fields if is_ours and ("code" in fields or "error" in fields) else {}

    def hand_on(self, fields: Mapping[str, str]) -> None:
        """Give the answer to whoever waits for it, if it is the first."""
        if self._open:
            self._open = False
            self._answers.put(fields)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever hung up in the midst knows it, and a traceback might show what was sent."""


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: _Server
    timeout = _LONGEST_SILENCE
    server_version = "Watcher"
    sys_version = ""

    def do_GET(self) -> None:
        """The page on which the browser ends."""
        fields = self.server.recognise(self.path) if self._is_addressed() else {}
        if not fields:
            self._show(HTTPStatus.BAD_REQUEST, _("This page is not for you"), _("You can close it."))
            return
        try:
            if "code" in fields:
                self._show(HTTPStatus.OK, _("Thank you"), _("Watcher goes on by itself. You can close this page."))
            else:
                self._show(HTTPStatus.OK, _("No access was given"), _("Nothing was changed. You can close this page."))
        finally:
            self.server.hand_on(fields)  # last, since the program may end with it, and the page would not come

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has there
        """Nothing: the address of a request holds the code."""

    def _is_addressed(self) -> bool:
        """Whether the browser knows this page by a name of this computer, and not by one that somebody else made up."""
        return self.headers.get("Host", "") in {f"{name}:{self.server.server_port}" for name in (HOST, "localhost")}

    def _show(self, status: HTTPStatus, heading: str, sentence: str) -> None:
        language = words.language("auto", os.environ)
        page = _PAGE.format(language=language, heading=html.escape(heading), words=html.escape(sentence)).encode()
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Length": str(len(page))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page)
        self.close_connection = True


def _fields(target: str) -> Mapping[str, str]:
    """The fields of a request for "/"; none where it is for anything else, or repeats a field (RFC 6749, 3.1)."""
    try:
        parts = urlsplit(target)
        pairs = parse_qsl(parts.query, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    fields = dict(pairs)
    return fields if parts.path in {"", "/"} and len(fields) == len(pairs) else {}

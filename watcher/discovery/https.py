"""Getting one small file over HTTPS from a server that is not trusted, by way of requests.

Nothing is sent but the address of the file: no cookies, and no password that lies in .netrc for that host. A proxy of
the environment is used.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin

import requests

LARGEST = 256 * 1024
"""Octets of a file that is still read."""
_PATIENCE = 5.0
"""Seconds for connecting, and for each piece of the answer."""
LONGEST = 10.0
"""Seconds for a whole file."""
_MOST_REDIRECTIONS = 3
_HEADERS = {"User-Agent": "watcher-mail", "Accept": "text/xml, application/xml", "Accept-Encoding": "identity"}


class Fetcher:
    """Gets files.

    Args:
        authorities: a file of certificates that servers are verified with; those of requests unless given.
        proxies: as requests wants them; those of the environment unless given.
        longest: seconds for the content of a file.
    """

    def __init__(
        self, authorities: Path | None = None, proxies: Mapping[str, str] | None = None, longest: float = LONGEST
    ) -> None:
        self._longest = longest
        self._verify = str(authorities) if authorities else True
        self._proxies = dict(proxies or {})

    def fetch(self, url: str) -> bytes | None:
        """The file; None where there is none, or it is too large, too slow, or not to be had by HTTPS alone."""
        try:
            with requests.Session() as session:
                return self._follow(session, url)
        except (requests.RequestException, OSError, ValueError):  # ValueError: a URL that cannot be taken apart
            return None

    def _follow(self, session: requests.Session, url: str) -> bytes | None:
        for _ in range(1 + _MOST_REDIRECTIONS):
            if not url.startswith("https://"):
                return None
            with self._get(session, url) as response:
                if not response.is_redirect:
                    return self._content(response) if response.status_code == requests.codes.ok else None
                url = urljoin(url, response.headers["Location"])
            session.cookies.clear()
        return None

    def _get(self, session: requests.Session, url: str) -> requests.Response:
        return session.get(
            url,
            auth=_nobody,
            headers=_HEADERS,
            timeout=_PATIENCE,
            stream=True,
            allow_redirects=False,
            verify=self._verify,
            proxies=self._proxies,
        )

    def _content(self, response: requests.Response) -> bytes | None:
        until = time.monotonic() + self._longest
        content = b""
        while piece := response.raw.read1(LARGEST):
            content += piece
            if len(content) > LARGEST or time.monotonic() > until:
                return None
        return content


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Log in as nobody: without this requests looks into .netrc."""
    return request

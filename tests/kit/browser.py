"""A browser without a window, talked to by the DevTools protocol over a pipe: no port, nothing between it and a test.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.kit.programs import require

_ANSWER = 30.0
"""Seconds in which everything is answered."""
_SWITCHES = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # nothing outside has an address
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-default-browser-check",
    "--lang=en",
)


class Browser:
    """One tab of Chromium. What the page and the browser do meanwhile is kept in `events`.

    Args:
        to_browser: file descriptor that orders are written to.
        from_browser: file descriptor that answers and events are read from.
    """

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self.events: list[dict[str, Any]] = []
        self._to, self._from = to_browser, from_browser
        self._rest = b""
        self._number = 0
        self._session = ""
        target = self.order("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.order("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.order(f"{domain}.enable")

    def order(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give an order, and wait for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        answer = self._await(lambda each: each.get("id") == self._number)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, page: Path, anchor: str = "") -> None:
        """Show a page, from nothing, and wait until it is loaded."""
        self.order("Page.navigate", url="about:blank")
        self.events.clear()
        self.order("Page.navigate", url=page.as_uri() + anchor)
        self._await(lambda each: each.get("method") == "Page.loadEventFired")
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression. The page's own policy does not bind its tester."""
        answer = self.order("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def look(self, width: int, height: int = 900, *, dark: bool = False, sharpness: float = 1) -> None:
        """Give the window a size in CSS pixels, and the desktop a scheme of colours."""
        size = {"width": width, "height": height, "deviceScaleFactor": sharpness, "mobile": width < 600}
        self.order("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.order("Emulation.setEmulatedMedia", features=[scheme])

    def photograph(self, height: int = 0) -> bytes:
        """The page as PNG: from its top so many pixels down, all of it when 0."""
        size = self.order("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"], "scale": 1}
        taken = self.order("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(taken["data"])

    def requests(self) -> list[str]:
        """What the browser has asked for since the page was opened."""
        sent = [each for each in self.events if each.get("method") == "Network.requestWillBeSent"]
        return [each["params"]["request"]["url"] for each in sent]

    def refused(self) -> list[str]:
        """Of that, what the page's policy has kept it from asking for."""
        failed = [each["params"] for each in self.events if each.get("method") == "Network.loadingFailed"]
        numbers = {each["requestId"] for each in failed if each.get("blockedReason") == "csp"}
        sent = [each["params"] for each in self.events if each.get("method") == "Network.requestWillBeSent"]
        return [each["request"]["url"] for each in sent if each["requestId"] in numbers]

    def complaints(self) -> list[str]:
        """What stands in the console since the page was opened: violations of its policy, errors, messages."""
        logged = [e["params"]["entry"]["text"] for e in self.events if e.get("method") == "Log.entryAdded"]
        thrown = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Page.javascriptDialogOpening")
        return logged + [json.dumps(e["params"]) for e in self.events if e.get("method") in thrown]

    def _await(self, is_wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline = time.monotonic() + _ANSWER
        while True:
            for message in self._messages(deadline):
                self.events.append(message)
                if is_wanted(message):
                    return message

    def _messages(self, deadline: float) -> Iterator[dict[str, Any]]:
        """The next message, once it is whole; none if what has come so far is not."""
        if b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], max(deadline - time.monotonic(), 0))
            assert ready, f"no answer within {_ANSWER} s"
            came = os.read(self._from, 1 << 20)
            assert came, "the browser has ended"
            self._rest += came
        if b"\0" in self._rest:
            message, self._rest = self._rest.split(b"\0", 1)
            yield json.loads(message)


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser with a profile of its own, ended afterwards with all that it has started."""
    program = require("chromium")
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = [program, *_SWITCHES, f"--user-data-dir={profile}", *(("--no-sandbox",) * (os.getuid() == 0))]
        (browser_reads, we_write), (we_read, browser_writes) = _pipe(), _pipe()
        process = os.posix_spawn(  # the browser wants its pipe at 3 and 4, which `subprocess` cannot give
            program, arguments, {**os.environ, "HOME": profile}, file_actions=_plumbing(browser_reads, browser_writes)
        )
        os.close(browser_reads)
        os.close(browser_writes)
        try:
            browser = Browser(we_write, we_read)
            yield browser
            _close(browser)
        finally:
            os.close(we_write)  # also what ends it where it does not answer any more
            os.close(we_read)
            os.waitpid(process, 0)


def _close(browser: Browser) -> None:
    browser._session = ""  # an order to the browser, not to its tab
    browser.order("Browser.close")


def _pipe() -> tuple[int, int]:
    """A pipe whose ends lie well above 3 and 4: what is put there must not close them."""
    ends = os.pipe()
    high = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return high[0], high[1]


def _plumbing(reads: int, writes: int) -> list[tuple[int, ...] | tuple[int, int, str, int, int]]:
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    return [*quiet, (os.POSIX_SPAWN_DUP2, reads, 3), (os.POSIX_SPAWN_DUP2, writes, 4)]

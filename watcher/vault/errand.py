"""What is left to a child process: a request on its standard input, answers on its output, one JSON object a line."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any


class Errand:
    """A request, carried out by a child process.

    Args:
        module: a module of ours, which is run. Nothing secret stands in its arguments.
        request: what it is asked.
        environment: the child's; None for our own.
        detached: whether it goes on when our terminal is interrupted.
    """

    def __init__(
        self, module: str, request: Mapping[str, Any], environment: Mapping[str, str] | None, *, detached: bool = False
    ) -> None:
        self._begun = time.monotonic()
        # -P: nothing in the working folder may pose as a module.
        command = [sys.executable, "-P", "-m", module]
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's traceback could hold anything
            env=environment,
            start_new_session=detached,
        )
        assert self._child.stdin is not None  # noqa: S101 - for the type checker: it was asked for
        with suppress(BrokenPipeError):  # then there will be no answer either
            self._child.stdin.write(json.dumps(request).encode() + b"\n")

    def age(self) -> float:
        """Seconds since the request."""
        return time.monotonic() - self._begun

    def wait(self, seconds: float) -> dict[str, Any] | None:
        """The next answer; None where it has not come in time, nothing in it where the child ended without one."""
        assert self._child.stdout is not None  # noqa: S101 - for the type checker: it was asked for
        ready = select.poll()
        ready.register(self._child.stdout, select.POLLIN)
        if not ready.poll(seconds * 1000):
            return None
        line = self._child.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
        if not answer.get("more"):
            self.end()
        return answer

    def end(self) -> None:
        """End the child, whatever it is doing; may be called again."""
        self._child.kill()
        with self._child:  # closes the pipes and waits
            pass

"""What a process and its children have asked of the kernel: which programs were started, and who was talked to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.kit.daemon import await_that

_CALLS = "execve,connect,sendto,sendmsg,sendmmsg"
_UNIX = re.compile(r'sa_family=AF_UNIX, sun_path=(@?)"([^"]*)"')
_INET = re.compile(r'sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)')
_INET6 = re.compile(r'sa_family=AF_INET6, sin6_port=htons\((\d+)\),.*?inet_pton\(AF_INET6, "([^"]+)"')
_OTHER = re.compile(r"sa_family=(AF_(?!UNIX|INET)\w+|AF_INET(?!6?,)\w+)")


@dataclass(frozen=True)
class Trace:
    """The record of strace(1).

    Args:
        file: where it is kept; what is recorded comes behind what is there.
    """

    file: Path

    def of(self, command: Sequence[str]) -> list[str]:
        """That command, recorded with all its children; it stays the child of whoever starts it."""
        options = ["-D", "-f", "-A", "-v", "-s", "8192", "-e", f"trace={_CALLS}", "-o", str(self.file)]
        return ["strace", *options, *command]

    def wait_for_end(self, pid: int) -> None:
        """Return when the end of that process has been recorded."""
        await_that(lambda: re.search(rf"^{pid} +\+\+\+ ", self.file.read_text(), re.MULTILINE) is not None)

    def programs(self) -> list[str]:
        """A line for each program that was started, with its arguments and its whole environment."""
        return [line for line in self._lines() if "execve(" in line]

    def peers(self) -> list[str]:
        """With whom it was talked, each as often as that was: "/run/bus", "127.0.0.1:993", "AF_NETLINK"."""
        return [peer for line in self._lines() if "execve(" not in line for peer in _peers(line)]

    def _lines(self) -> list[str]:
        return self.file.read_text().splitlines()


def _peers(line: str) -> Iterator[str]:
    """Whoever is named in a call."""
    yield from (at + path for at, path in _UNIX.findall(line))
    yield from (f"{address}:{port}" for pattern in (_INET, _INET6) for port, address in pattern.findall(line))
    yield from _OTHER.findall(line)

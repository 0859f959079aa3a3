"""Which lines of ours have run, by PEP 669: each is told of once, after which it costs nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import watcher

PACKAGE = Path(watcher.__file__).parent

ON_THE_WAY = (
    "addresses attachments authentication brands campaigns charsets claims detectors display_names domains headers "
    "html judge kinds leads letters links lures markup mime model page parse plan posing presenting quotes report text"
).split()
"""The rooms and files that a mail passes on its way from octets to verdict, notice and page …"""

_BESIDE = ("attachments/cage.py", "attachments/child.py", "attachments/frames.py", "model/case.py", "page/lessons.py")
"""… and what there is in them for other purposes."""

Line = tuple[str, int]


class Lines:
    """The lines that have run since `start`."""

    def __init__(self) -> None:
        self.seen: set[Line] = set()
        self._monitoring = getattr(sys, "monitoring", None)

    def start(self) -> bool:
        """Begin to listen; False where this Python cannot."""
        if self._monitoring is None:
            return False
        tool, event = self._monitoring.COVERAGE_ID, self._monitoring.events.LINE
        self._monitoring.use_tool_id(tool, "watcher fuzz")
        self._monitoring.register_callback(tool, event, self._ran)
        self._monitoring.set_events(tool, event)
        return True

    def _ran(self, code: CodeType, number: int) -> object:
        if code.co_filename.startswith(str(PACKAGE)):
            self.seen.add((code.co_filename[len(str(PACKAGE)) + 1 :], number))
        return self._monitoring.DISABLE if self._monitoring else None


def executable() -> Iterator[Line]:
    """All lines within functions that lie on the way; what runs at import is left out, since it always has."""
    for room in ON_THE_WAY:
        folder = PACKAGE / room
        for file in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]:
            name = str(file.relative_to(PACKAGE))
            if name in _BESIDE:
                continue
            module = compile(file.read_text(encoding="utf-8"), name, "exec")
            for function in _functions(module):
                yield from {(name, line) for _, _, line in function.co_lines() if line is not None} - {
                    (name, function.co_firstlineno)
                }


def _functions(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_flags & 0x2:  # CO_NEWLOCALS: a function, not the body of a class
                yield constant
            yield from _functions(constant)

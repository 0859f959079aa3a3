"""The detectors: one file each, found by scanning this folder, so that a new one is listed nowhere.

A detector is a module with one public function `detect(inquiry) -> Iterator[Evidence]`, pure and without memory. Its
name is its file's name, its page in `docs/detectors.md` its docstring.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from watcher import claims, display_names, leads, links, lures, phrases, posing, presenting
from watcher.model import Evidence, Inquiry


@dataclass(frozen=True, slots=True)
class Detector:
    """One loaded detector."""

    name: str
    detect: Callable[[Inquiry], Iterator[Evidence]]
    manual: str
    """Its docstring, in five headed parts."""
    source: str
    """Its code, from which the version of the set is made."""


def load() -> tuple[Detector, ...]:
    """All detectors of this folder, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
    return tuple(
        Detector(name, module.detect, inspect.getdoc(module) or "", inspect.getsource(module))
        for name, module in modules.items()
    )


def version(detectors: Sequence[Detector]) -> str:
    """Eight hexadecimal digits that change whenever the code of a detector, or of what all of them ask, does."""
    sources = [*(detector.source for detector in detectors), *map(inspect.getsource, _ASKED)]
    return hashlib.sha256("".join(sources).encode()).hexdigest()[:8]


_ASKED = (claims, display_names, leads, links, lures, phrases, posing, presenting)


def examine(inquiry: Inquiry, detectors: Sequence[Detector]) -> tuple[Evidence, ...]:
    """What all detectors have to say of a mail, each piece stamped with its detector's name."""
    return tuple(
        replace(evidence, detector=detector.name) for detector in detectors for evidence in detector.detect(inquiry)
    )

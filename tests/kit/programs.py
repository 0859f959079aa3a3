"""Programs outside Python that some tests cannot do without."""

from __future__ import annotations

import os
import shutil

import pytest


def require(program: str) -> str:
    """The path of a program. Without it the test is skipped, but fails under CI, where nothing may be missing."""
    path = shutil.which(program)
    if path is None:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up(f"{program} is not installed")
    return str(path)

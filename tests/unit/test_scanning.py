"""How files are divided into what is judged at a stretch."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.house import wanted
from watcher.errors import UserError
from watcher.scanning import portions
from watcher.sources.folder import FolderReader


def test_a_large_file_that_cannot_be_read_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is among the files all the same, to be told of, and those behind it are judged."""
    names = ["a.eml", "b.eml", "c.eml"]
    for name in names:
        (tmp_path / name).write_bytes(wanted() + b"." * (2 << 20) * (name == "b.eml"))

    def refuse(_reader: FolderReader, folder: str) -> bool:
        raise UserError(f"{folder}: cannot be read.")

    monkeypatch.setattr(FolderReader, "indexed", refuse)
    items = [item for portion in portions([tmp_path]) for item in portion]

    assert [(Path(item.path).name, item.problem) for item in items] == [(name, "") for name in names]


def test_a_large_mbox_is_divided(tmp_path: Path) -> None:
    """Each message is in one piece, none in two."""
    (tmp_path / "box").write_bytes((b"From x Tue Nov 24 09:00:00 2026\n" + wanted() + b"." * 20_000 + b"\n\n") * 120)

    items = [item for portion in portions([tmp_path]) for item in portion]

    assert [number for item in items for number in item.numbers or ()] == list(range(1, 121))
    assert len(items) > 1

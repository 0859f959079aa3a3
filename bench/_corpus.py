"""Real mail to measure with, where there is some, and made-up mail where there is none.

The environment variable WATCHER_CORPUS names a folder of .eml files, of folders of them, or of archives (SET.tar.xz);
without it there may be one beside the repository. The mail is other people's: nothing of it is kept.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

BESIDE = Path(__file__).parent.parent.parent / "shared" / "corpus" / "dev"

_LOOSE = "mail"
"""The set of files that lie in no folder of their own."""


def place() -> Path:
    """The folder of real mail; nothing is in it where there is none."""
    return Path(os.environ.get("WATCHER_CORPUS") or BESIDE)


def unpack(corpus: Path, scratch: Path) -> dict[str, list[Path]]:
    """The files of each set of mail, all of a set and nothing else in one folder of that name.

    Args:
        corpus: the folder of real mail.
        scratch: an empty folder, or none yet, to put the sets in.
    """
    scratch.mkdir(exist_ok=True)
    for archive in sorted(corpus.glob("*.tar.xz")):
        with tarfile.open(archive) as packed:
            packed.extractall(scratch / archive.name.partition(".")[0], filter="data")
    for file in sorted(corpus.rglob("*.eml")):
        name, _, rest = file.relative_to(corpus).as_posix().rpartition("/")[0].partition("/")
        copy = scratch / (name or _LOOSE) / rest / file.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    sets = {folder.name: sorted(folder.rglob("*.eml")) for folder in sorted(scratch.iterdir())}
    return {name: files for name, files in sets.items() if files}


def make_up(folder: Path, writer: Callable[[int], bytes], number: int) -> list[Path]:
    """So many made-up mails, as files in a new folder."""
    folder.mkdir(parents=True)
    files = [folder / f"{each}.eml" for each in range(number)]
    for each, file in enumerate(files):
        file.write_bytes(writer(each))
    return files


def spread(files: Sequence[Path], number: int) -> list[Path]:
    """That many of them, from all over the sequence; all where there are fewer."""
    count = min(number, len(files))
    return [files[each * len(files) // count] for each in range(count)]


def share(sets: Mapping[str, Sequence[Path]], number: int) -> list[Path]:
    """As many from the phish sets as from the others, in turns; where there is but one kind, of that."""
    phish = [file for name, files in sets.items() if name.startswith("phish") for file in files]
    wanted = [file for name, files in sets.items() if not name.startswith("phish") for file in files]
    if not (phish and wanted):
        return spread([*phish, *wanted], number)
    pairs = zip(spread(phish, number // 2), spread(wanted, number // 2), strict=False)
    return [file for pair in pairs for file in pair]

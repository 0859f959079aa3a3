"""The catalogue of brands: who is posed as, under which names, and from where they really write.

A brand is one TOML file; `README.md` says what stands in it. The file's name is the brand's identifier.
"""

from __future__ import annotations

from pathlib import Path

from watcher.brands.catalogue import BrandCatalogue
from watcher.brands.files import read_brands, read_real_names
from watcher.brands.glyphs import read_glyphs
from watcher.brands.organisations import read_organisations
from watcher.brands.services import read_services

__all__ = ["BrandCatalogue", "load"]


def load(extra: Path | None = None) -> BrandCatalogue:
    """Read the brands that come with Watcher, and the user's own.

    Args:
        extra: a directory of further files, read with all below it; a file named like one of ours takes its place.
            A directory that does not exist holds none.

    Raises:
        UserError: something in the files is wrong; names every problem with its file and key.
    """
    here = Path(__file__).parent
    folders = [path for path in here.iterdir() if path.is_dir()]
    return BrandCatalogue(
        read_brands(*folders, *([extra] if extra else [])),
        read_real_names(here / "real_names.txt"),
        read_glyphs(here / "glyphs.toml"),
        index=read_organisations(here / "organisations.bin"),
        offers=read_services(here / "offers").offers,
    )

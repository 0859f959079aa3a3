"""The report on disk: where it lies, who can read it, and which mail comes first."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.kit.house import House, hit, wanted
from watcher import paths
from watcher.errors import UserError
from watcher.pages import write_private


@pytest.fixture
def house() -> House:
    """An account in which two hits were moved and another mail stayed."""
    house = House()
    house.begin()
    for raw in (hit(1), hit(2), wanted()):
        house.deliver(raw)
    house.sweep()
    return house


def test_it_holds_what_was_found(house: House) -> None:
    """Every suspicious mail has its place, a clean one none, and both hits are one campaign."""
    text = house.pipeline.tools.pages.write().read_text("utf-8")

    assert set(re.findall(r'<article id="mail-(\d+)"', text)) == {"1", "2"}
    assert "Lunch" not in text
    assert 'href="#mail-1"' in text


def test_details_come_first_in_a_file_of_their_own(house: House) -> None:
    """The page of one mail begins with it, and is what the viewer is given."""
    pages = house.pipeline.tools.pages
    assert pages.show(1)
    (page,) = house.viewer.pages

    assert page.name == "mail-1.html"
    assert re.findall(r'<article id="mail-(\d+)"', page.read_text("utf-8"))[0] == "1"
    house.viewer.works = False
    assert not pages.show(1)


def test_old_pages_are_removed(house: House) -> None:
    """Pages of single mails go after a while; the report itself, and whatever else lies there, stays."""
    pages = house.pipeline.tools.pages
    pages.write()
    pages.show(1)
    (pages.folder / "mine.html").touch()
    pages.forget(datetime.now(UTC) - timedelta(hours=1))
    assert {file.name for file in pages.folder.iterdir()} == {"report.html", "mail-1.html", "mine.html"}

    pages.forget(datetime.now(UTC) + timedelta(hours=1))
    assert {file.name for file in pages.folder.iterdir()} == {"report.html", "mine.html"}


def test_a_case_that_is_not_there(house: House) -> None:
    """Nothing is written for a number that no case has."""
    pages = house.pipeline.tools.pages
    with pytest.raises(UserError, match="no case 99"):
        pages.write(focus=99)
    assert list(pages.folder.iterdir()) == []


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    """A file that others could read, or a link to somewhere else, is replaced and not written through."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("kept")
    page = tmp_path / "new" / "page.html"
    page.parent.mkdir()
    page.symlink_to(elsewhere)
    write_private(page, b"secret")

    assert elsewhere.read_text() == "kept"
    assert page.read_bytes() == b"secret"
    assert page.stat().st_mode & 0o777 == 0o600


def test_where_it_cannot_be_written(tmp_path: Path) -> None:
    """The file is named, in words."""
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be written"):
        write_private(tmp_path / "file" / "page.html", b"")


def test_no_folder_on_the_way_is_hidden() -> None:
    """A browser that comes as a Snap can read the page: below the home no folder's name begins with a dot."""
    below = paths.pages_dir().relative_to(Path.home())
    assert not any(part.startswith(".") for part in below.parts)

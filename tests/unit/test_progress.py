"""What a progress bar leaves alone: the steps that it shows, and whoever does not sit at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from watcher.cli.progress import ProgressBar, follow


def three_steps() -> Iterator[int]:
    """Two steps, and a third one during which somebody presses Ctrl-C."""
    yield from (1, 2)
    raise KeyboardInterrupt


def test_steps_are_followed(capfd: pytest.CaptureFixture[str]) -> None:
    """All of them come through in their order, and nothing is printed where nobody looks."""
    assert list(follow("Counting", range(5), 5)) == [0, 1, 2, 3, 4]
    assert capfd.readouterr() == ("", "")


def test_steps_can_be_ended(capfd: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends the steps, and what was done until then is kept."""
    assert list(follow("Counting", three_steps(), 3)) == [1, 2]
    assert capfd.readouterr() == ("", "")


def test_what_is_known_to_take_a_while_is_shown_to_nobody_but_a_person(capfd: pytest.CaptureFixture[str]) -> None:
    """A bar that is wanted at once is not drawn into a pipe either."""
    with ProgressBar("Counting") as bar:
        bar.show(1, None, "1", at_once=True)

    assert capfd.readouterr() == ("", "")

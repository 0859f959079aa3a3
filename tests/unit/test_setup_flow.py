"""The end of setup: what is said, and whether it succeeded, where there is a service and where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.kit.dialogue import Person
from watcher.discovery.search import Internet
from watcher.errors import UserError
from watcher.service import Service, Standing
from watcher.setup.flow import serve
from watcher.setup.given import Given
from watcher.setup.surroundings import Surroundings


@dataclass
class Kept:
    """A service in memory."""

    name: str = "memory"
    commands: list[tuple[str, ...]] = field(default_factory=list)

    def install(self, command: Sequence[str], *, replace: bool = False) -> None:
        """Kept."""
        assert not replace
        self.commands.append(tuple(command))

    def uninstall(self) -> bool:
        """Taken away."""
        return bool(self.commands)

    def standing(self) -> Standing:
        """As it was left."""
        return Standing(installed=bool(self.commands))

    def logs(self, lines: int, *, follow: bool) -> Sequence[str]:
        """None."""
        return (str(lines), str(follow))

    def reload(self) -> None:
        """Nothing to be done."""


def around(service: Service | None, *, runs: bool = False) -> Surroundings:
    """A computer with that service, and perhaps a daemon that runs."""

    def choose() -> Service:
        if service is None:
            raise UserError("Nothing starts programs here.")
        return service

    return Surroundings(
        config=Path("config.toml"),
        home=Path("home"),
        environ={},
        platform="linux",
        language="en",
        network=Internet(),
        service=choose,
        reread=lambda: runs,
        command=("watcher", "run"),
        browse=lambda _: False,
    )


def test_it_is_started_where_that_is_wished() -> None:
    """By a word at the terminal or by an option; a script that says nothing starts nothing."""
    for person, answers in ((Person(True), {}), (Person(interactive=False), {"--service": True})):
        service = Kept()
        serve(Given(answers, person), around(service))
        assert service.commands == [("watcher", "run")]
    for person, answers in ((Person(False), {}), (Person(interactive=False), {})):
        service = Kept()
        serve(Given(answers, person), around(service))
        assert service.commands == []
        assert person.told[0] == "To watch: watcher run"


def test_a_daemon_that_runs_is_told() -> None:
    """Then nothing is asked, and no service is started beside it."""
    service, person = Kept(), Person()

    serve(Given({}, person), around(service, runs=True))

    assert (service.commands, person.asked) == ([], [])


def test_no_service_is_an_error_only_where_one_was_wished() -> None:
    """A person is told how to watch without; a script that asked for it fails."""
    person = Person(True)
    serve(Given({}, person), around(None))
    assert "Nothing starts programs here." in person.told

    with pytest.raises(UserError):
        serve(Given({"--service": True}, Person(interactive=False)), around(None))
    serve(Given({}, Person(interactive=False)), around(None))

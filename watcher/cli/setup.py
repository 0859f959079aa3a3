"""`watcher setup`: the dialogue, and the same by options."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from watcher import paths
from watcher.cli import COMMANDS
from watcher.cli.dialogue import dialogue
from watcher.cli.output import language, print_json
from watcher.daemon.control import reread
from watcher.discovery.found import Way
from watcher.discovery.search import Internet
from watcher.service import choose
from watcher.service.command import present
from watcher.setup.finding import in_thunderbird
from watcher.setup.flow import run
from watcher.setup.given import Given
from watcher.setup.surroundings import Surroundings

_FILE = click.Path(exists=True, dir_okay=False, resolve_path=True)
_LISTED = ("address", "user", "host", "port", "tls", "ways", "name")
"""What `--list` tells of an account."""


@click.command("setup", help=COMMANDS["setup"].help)
@click.option("--address", help="The mail address. Its server is found by itself, or asked for.")
@click.option("--name", help="What to call the account.")
@click.option("--host", help="The IMAP server.")
@click.option("--port", type=click.IntRange(1, 65535), help="Its port.")
@click.option("--tls", type=click.Choice(["implicit", "starttls", "none"]), help="How the connection is protected.")
@click.option("--ca-file", type=_FILE, help="Certificates (PEM) to trust instead.")
@click.option("--user", help="The name to log in with.")
@click.option("--login", type=click.Choice([way.value for way in Way]), help="How to log in.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@click.option("--password-command", help="A command that prints the password, such as: pass show mail/home")
@click.option("--credential", help="The systemd credential that holds the password.")
@click.option("--plaintext", is_flag=True, default=None, help="Allow a key ring that keeps passwords in plain text.")
@click.option("--client", help="The table [[oauth]] to log in by, for a server of your own.")
@click.option("--client-id", help="The client id for OAuth 2.0.")
@click.option("--client-secret-stdin", is_flag=True, help="Read the client's secret from standard input.")
@click.option("--device", is_flag=True, default=None, help="Give access on another device, by a code.")
@click.option("--folder", multiple=True, help="A folder to watch in place of INBOX; may be repeated.")
@click.option("--suspicious-folder", help="The folder for suspicious mail.")
@click.option("--action", type=click.Choice(["move", "notify", "observe"]), help="What becomes of suspicious mail.")
@click.option("--network/--no-network", default=None, help="Whether the network may be asked for the server.")
@click.option("--look-back/--no-look-back", default=None, help="Look through the mail of the last 30 days.")
@click.option("--service/--no-service", default=None, help="Start Watcher now, and at every login.")
@click.option("--remove", metavar="NAME", help="Remove this account instead.")
@click.option("--yes", is_flag=True, default=None, help="Agree to removing it.")
@click.option("--list", "listing", is_flag=True, help="Only list the accounts of Thunderbird, one JSON object a line.")
@click.pass_obj
def setup_command(config: Path, /, *, listing: bool, **options: Any) -> None:
    """Set up, or list what could be."""
    around = _surroundings(config)
    if not listing:
        run(Given(_answers(options), dialogue()), around)
        return
    for candidate in in_thunderbird(around):
        print_json({key: value for key, value in asdict(candidate).items() if key in _LISTED})


def _answers(options: dict[str, Any]) -> dict[str, object]:
    """By option, as they are written; secrets in place of the wish to have them read."""
    answers = {"--" + name.replace("_", "-"): value for name, value in options.items()}
    for option in ("--password-stdin", "--client-secret-stdin"):
        answers[option] = sys.stdin.readline().rstrip("\r\n") or None if answers[option] else None
    return answers


def _surroundings(config: Path) -> Surroundings:
    environ = os.environ
    return Surroundings(
        config=config,
        home=Path.home(),
        environ=environ,
        platform=sys.platform,
        language=language(),
        network=Internet(),
        service=partial(choose, environ),
        reread=partial(reread, paths.runtime_dir()),
        command=present(config),
        browse=lambda address: click.launch(address) == 0,
    )

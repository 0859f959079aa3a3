"""The text of the user unit: what stands in `watcher.service` beside this module, with the command that is to run.

Whoever wants to change a line does so in a drop-in. A file that somebody has changed all the same is told by its seal,
a checksum in its first line, so that nobody's work is overwritten unasked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files

NAME = "watcher.service"
_OWN = ("ExecStart=", "Environment=")
"""Lines in which each installation differs."""
_SEAL = "# Written by “watcher service install”; your own settings belong into “systemctl --user edit watcher”. Seal: "
_UNFIT = re.compile(r"""["'\\\x00-\x1f\x7f]""")
"""What systemd takes in no program's path; in an argument it may stand."""
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')


def template() -> str:
    """The unit with the usual command: where pipx and `pip install --user` put it."""
    return (files("watcher.service") / NAME).read_text("utf-8")


def unit(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """The unit that starts this command, sealed.

    Args:
        command: the program by its absolute path, and its arguments; each is given to it as it stands here.
        environment: variables that it is to find, beside those of the user manager.
    """
    lines = [_exec_start(command), *(f"Environment={_quoted(f'{key}={environment[key]}')}" for key in environment)]
    body = re.sub(r"^ExecStart=.*$", lambda _: "\n".join(lines), template(), flags=re.MULTILINE)
    return f"{_SEAL}{_seal(body)}\n{body}"


def is_untouched(text: str) -> bool:
    """Whether nobody has changed the unit since it was written or copied."""
    first, _, body = text.partition("\n")
    return first == _SEAL + _seal(body) or list(_settings(text)) == list(_settings(template()))


def is_current(text: str) -> bool:
    """Whether the unit says what this version's says, whatever command it starts."""

    def common(text: str) -> list[str]:
        return [line for line in _settings(text) if not line.startswith(_OWN)]

    return common(text) == common(template())


def _settings(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line.strip() and not line.startswith(("#", ";")))


def _seal(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _exec_start(command: Sequence[str]) -> str:
    """With ":" before the program, no $ in a word has a meaning (systemd.service(5), "Command lines")."""
    if _UNFIT.search(command[0]):
        command = ("/usr/bin/env", *command)
    program, *arguments = command
    prefix = ":" if any("$" in word for word in command) else ""
    return f"ExecStart={' '.join(map(_quoted, (prefix + program, *arguments)))}"


def _quoted(word: str) -> str:
    """A word as systemd reads it back: quotes and escapes (systemd.syntax(7)), and % for itself (systemd.unit(5))."""
    escaped = _SPECIAL.sub(lambda found: f"\\x{ord(found[0]):02x}", word.replace("%", "%%"))
    return f'"{escaped}"' if escaped != word or not word or re.search(r"[\s';]", word) else word

"""Where the password of an account comes from: never the file itself."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from watcher.settings.values import Many, Options, Text, check_filled, problem


class FromKeyring(Options):
    """The desktop's key ring, service `watcher/<account>`."""

    keyring: Literal[True] = True
    plaintext: bool = False
    """Whether also one that keeps secrets in a file which anybody can read who has it."""


class FromCommand(Options):
    """The first line that a command prints."""

    command: Annotated[Many[Text], AfterValidator(check_filled)] = Field(repr=False)


class FromCredential(Options):
    """A systemd credential of this name (`LoadCredential=` and its like)."""

    credential: Annotated[Text, StringConstraints(pattern=r"^[^/]*$")]


class FromOAuth(Options):
    """No password: access that the provider grants to the client of that name, in `[[oauth]]`."""

    oauth: Text
    plaintext: bool = False
    """Whether what renews access, and the client's secret, may be kept in such a key ring, too."""


def _choose_password(value: object) -> object:
    """The way that its one key names. A password itself is refused, and not repeated anywhere."""
    if isinstance(value, Options):
        return value
    if isinstance(value, str):
        raise problem("plain_password")
    ways: dict[str, type[Options]] = {
        "keyring": FromKeyring,
        "command": FromCommand,
        "credential": FromCredential,
        "oauth": FromOAuth,
    }
    chosen = [way for key, way in ways.items() if isinstance(value, dict) and key in value]
    if len(chosen) != 1:
        raise problem("password_source")
    return chosen[0].model_validate(value)


Password = Annotated[FromKeyring | FromCommand | FromCredential | FromOAuth, BeforeValidator(_choose_password)]

"""All options there are. A field's description is its comment in `config.example.toml`.

Validators name a kind of problem; what is said about it stands in `problems`, so that it can be translated.
"""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from watcher.settings.duration import parse_duration
from watcher.settings.hours import parse_hours, parse_time

T = TypeVar("T")

Action = Literal["move", "notify", "observe"]
Tls = Literal["implicit", "starttls", "none"]
NotifyBackend = Literal["auto", "freedesktop", "plyer", "log", "none"]
Language = Literal["auto", "ja", "en"]
Detail = Literal["full", "sender", "none"]
Digest = Literal["off", "notice", "mail", "both"]


# What a value can be


def _problem(kind: str, **values: object) -> PydanticCustomError:
    return PydanticCustomError(kind, kind, values)


def _to_duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    try:
        return parse_duration(value if isinstance(value, str) else "")
    except ValueError:
        raise _problem("duration") from None


def _to_time(value: object) -> object:
    if isinstance(value, time):
        return value
    try:
        return parse_time(value if isinstance(value, str) else "")
    except ValueError:
        raise _problem("time") from None


def _to_hours(value: object) -> object:
    if value is None or isinstance(value, tuple):
        return value
    try:
        return parse_hours(value if isinstance(value, str) else "")
    except ValueError:
        raise _problem("hours") from None


def _to_tuple(value: object) -> object:
    if isinstance(value, dict):
        raise _problem("single_brackets")
    return tuple(value) if isinstance(value, list) else value


def _to_file(value: object, info: ValidationInfo) -> object:
    """An existing file; a relative path starts at the folder of the configuration file."""
    if not isinstance(value, str | Path):
        return value
    try:
        path = (info.context or {}).get("folder", Path()) / Path(value).expanduser()
        found = path.is_file()
    except (OSError, RuntimeError, ValueError):
        found = False
    if not found:
        raise _problem("no_file")
    return path


def _check_host(host: str) -> str:
    if not re.fullmatch(r"[\w.:-]+", host):
        raise _problem("host")
    return host


def _check_sender(sender: str) -> str:
    if not re.fullmatch(r"[^@\s]*@[^@\s]+", sender):
        raise _problem("sender")
    return sender


def _check_filled(values: tuple[T, ...]) -> tuple[T, ...]:
    if not values:
        raise _problem("empty")
    return values


def _check_differ(values: tuple[T, ...]) -> tuple[T, ...]:
    if len(set(values)) < len(values):
        raise _problem("repeated")
    return values


def _between(least: timedelta, most: timedelta) -> AfterValidator:
    def check(duration: timedelta) -> timedelta:
        if duration < least:
            raise _problem("greater_than_equal", ge=least)
        if duration > most:
            raise _problem("less_than_equal", le=most)
        return duration

    return AfterValidator(check)


Duration = Annotated[timedelta, BeforeValidator(_to_duration)]
Time = Annotated[time, BeforeValidator(_to_time)]
Hours = Annotated[tuple[time, time], BeforeValidator(_to_hours)]
File = Annotated[Path, BeforeValidator(_to_file)]
Host = Annotated[str, AfterValidator(_check_host)]
Many = Annotated[tuple[T, ...], BeforeValidator(_to_tuple)]
Sender = Annotated[str, AfterValidator(_check_sender)]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Options(BaseModel):
    """A table of options: frozen, strict about types, without any key that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


# Where a password comes from


class FromKeyring(Options):
    """The desktop's key ring, service `watcher/<account>`."""

    keyring: Literal[True] = True


class FromCommand(Options):
    """The first line that a command prints."""

    command: Annotated[Many[Text], AfterValidator(_check_filled)] = Field(repr=False)


class FromCredential(Options):
    """A systemd credential of this name (`LoadCredential=` and its like)."""

    credential: Annotated[Text, StringConstraints(pattern=r"^[^/]*$")]


Password = FromKeyring | FromCommand | FromCredential


def _choose_password(value: object) -> object:
    """The way that its one key names. A password itself is refused, and not repeated anywhere."""
    if isinstance(value, Options):
        return value
    if isinstance(value, str):
        raise _problem("plain_password")
    ways: dict[str, type[Options]] = {
        "keyring": FromKeyring,
        "command": FromCommand,
        "credential": FromCredential,
    }
    if isinstance(value, dict) and "oauth" in value:
        raise _problem("oauth")
    chosen = [way for key, way in ways.items() if isinstance(value, dict) and key in value]
    if len(chosen) != 1:
        raise _problem("password_source")
    return chosen[0].model_validate(value)


# The tables


class Watch(Options):
    """`[watch]`."""

    interval: Annotated[Duration, _between(timedelta(seconds=10), timedelta(days=1))] = Field(
        default=timedelta(minutes=5),
        description="How often every folder is looked at, also where the server tells at once what has arrived.",
    )
    history: Annotated[Duration, _between(timedelta(0), timedelta(days=3650))] = Field(
        default=timedelta(0),
        description="How far to look back when a folder is seen for the first time. 0d: only new mail is looked at.",
    )
    action: Action = Field(
        default="move",
        description="What becomes of suspicious mail. move: it is moved to the suspicious folder, and you are told."
        " notify: it stays where it is and is marked, and you are told. observe: nothing is changed on the server and"
        " nothing is shown; `watcher list` tells what was found.",
    )
    most_moves: int = Field(
        default=100,
        ge=1,
        description="The most mails to move at one time in one account. What goes beyond waits for your word"
        " (`watcher confirm --held`): so many at once may be a mistake of ours.",
    )
    acquaintances: bool = Field(
        default=True,
        description="Learn whom you write to and who has written to you before, from the headers of your sent mail and"
        " of the watched folders, a few at a time and without changing anything; kept on this computer only, addresses"
        " as hashes.",
    )


class Account(Options):
    """`[[accounts]]`."""

    name: Text = Field(max_length=64, description="What to call the account; each has another name.", examples=["home"])
    host: Host = Field(description="The IMAP server.", examples=["imap.example.jp"])
    tls: Tls = Field(
        default="implicit",
        description="implicit: TLS from the first octet. starttls: TLS after a greeting in the clear. none: no TLS,"
        " only for a server on this very computer.",
    )
    port: int = Field(
        default_factory=lambda given: 993 if given.get("tls") == "implicit" else 143,
        ge=1,
        le=65535,
        description="Without it 993, or 143 where tls is not implicit.",
        examples=[993],
    )
    ca_file: File | None = Field(
        default=None,
        description="Certificates (PEM) to trust instead of those of the system, for a server with its own. A relative"
        " path starts at the folder of this file.",
        examples=["ca.pem"],
    )
    user: Text = Field(description="The name to log in with.", examples=["taro@example.jp"])
    password: Annotated[Password, BeforeValidator(_choose_password)] = Field(
        default=FromKeyring(),
        description="Where to get the password; never the password itself. { keyring = true }: from the desktop's key"
        ' ring, where `keyring set watcher/ACCOUNT USER` puts it. { command = ["pass", "show", "mail/home"] }: the'
        ' first line that a command prints. { credential = "imap-home" }: from a systemd credential.',
    )
    folders: Annotated[Many[Text], AfterValidator(_check_filled), AfterValidator(_check_differ)] = Field(
        default=("INBOX",),
        description="The folders to watch. New mail is heard of soonest in the first.",
    )
    suspicious_folder: Text = Field(
        default="Suspicious",
        validate_default=True,
        description="The folder that suspicious mail is moved to; made when it is first needed.",
    )
    authserv: Text = Field(
        default="auto",
        description="Whose Authentication-Results to believe: the name that your provider's servers write into them"
        " (authserv-id, RFC 8601). auto: learnt from your mail.",
    )

    @field_validator("tls")
    @classmethod
    def _tls_needed(cls, tls: Tls, info: ValidationInfo) -> Tls:
        if tls == "none" and "host" in info.data and not _is_loopback(info.data["host"]):
            raise _problem("tls_needed")
        return tls

    @field_validator("suspicious_folder")
    @classmethod
    def _folder_apart(cls, folder: str, info: ValidationInfo) -> str:
        watched = info.data.get("folders", ())
        if folder in watched or folder.upper() == "INBOX":  # INBOX in any case is one folder: RFC 9051, 5.1
            raise _problem("folder_watched")
        return folder


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")  # RFC 6761, 6.3


class Notify(Options):
    """`[notify]`."""

    backend: NotifyBackend = Field(
        default="auto",
        description="By what means. freedesktop: the desktop's notifications, with buttons. plyer: those of another"
        " kind of desktop, without buttons. log: a line in the log. none: not at all. auto: the best that works.",
    )
    language: Language = Field(default="auto", description="ja, en, or auto: that of the desktop.")
    detail: Detail = Field(
        default="full",
        description="What a notice shows, also on a lock screen. full: the sender and why. sender: the sender only."
        " none: only that there was something.",
    )
    quiet: Hours | None = Field(
        default=None,
        description="From when to when nothing is shown; what is found meanwhile is told afterwards. Mail is moved all"
        " the same.",
        examples=["22:00-07:00"],
    )
    digest: Digest = Field(
        default="off",
        description="Whether to be told once a day what was moved. notice: on the desktop. mail: by a mail that is put"
        " into your inbox. both. off.",
    )
    digest_at: Time = Field(default=time(8), description="When that is, by the clock of this computer.")


class Keep(Options):
    """`[keep]`."""

    cases: Annotated[Duration, _between(timedelta(days=7), timedelta(days=36500))] = Field(
        default=timedelta(days=730),
        description="How long to remember mail that was found suspicious, and what became of it: so long it can be"
        " taken back, and is shown in the report. What waits for your word is never forgotten.",
    )
    clean: Annotated[Duration, _between(timedelta(days=1), timedelta(days=36500))] = Field(
        default=timedelta(days=90),
        description="How long to remember which mail was found clean: so long a mail that you move to the suspicious"
        " folder by hand is known, and learnt from.",
    )


class Trust(Options):
    """`[[trust]]`."""

    sender: Sender = Field(
        description="An address, or @ and a domain. Counts only when the mail is proved to come from there.",
        examples=["news@example.org"],
    )


class Settings(Options):
    """The whole of `config.toml`."""

    watch: Watch = Field(default=Watch(), description="When mail is looked at, and what becomes of it.")
    accounts: Many[Account] = Field(
        default=(), validate_default=True, description="Your mailboxes, one such table for each."
    )
    notify: Notify = Field(default=Notify(), description="How you are told of it.")
    keep: Keep = Field(default=Keep(), description="How long the ledger on this computer remembers.")
    trust: Many[Trust] = Field(
        default=(), description="Senders that you trust whatever else is found, one such table for each."
    )

    @field_validator("accounts", mode="wrap")
    @classmethod
    def _names_differ(cls, value: Any, validate: ValidatorFunctionWrapHandler) -> tuple[Account, ...]:
        """Look for repeated names before the accounts are checked: each problem is told, not only the first kind."""
        if not value:
            raise _problem("no_accounts")
        repeated = list(_repeated_names(value)) if isinstance(value, list | tuple) else []
        try:
            accounts: tuple[Account, ...] = validate(value)
        except ValidationError as error:
            repeated += map(_again, error.errors(include_url=False))
        if repeated:
            raise ValidationError.from_exception_data(cls.__name__, repeated, hide_input=True)
        return accounts


def _repeated_names(accounts: list[Any] | tuple[Any, ...]) -> Iterator[InitErrorDetails]:
    names = [
        account.get("name") if isinstance(account, dict) else getattr(account, "name", None) for account in accounts
    ]
    for index, name in enumerate(names):
        if isinstance(name, str) and name in names[:index]:
            yield InitErrorDetails(type=_problem("repeated_name"), loc=(index, "name"), input=None)


def _again(error: ErrorDetails) -> InitErrorDetails:
    """An error that has been caught, to be raised once more: kind, place and limits, without the input."""
    return InitErrorDetails(type=_problem(error["type"], **error.get("ctx", {})), loc=error["loc"], input=None)

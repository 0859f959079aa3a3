"""All options there are. A field's description is its comment in `config.example.toml`.

Validators name a kind of problem; what is said about it stands in `problems`, so that it can be translated.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import time, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails

from watcher.domains import is_loopback
from watcher.settings.oauth import OAuthClient
from watcher.settings.passwords import FromKeyring, FromOAuth, Password
from watcher.settings.values import (
    Address,
    Duration,
    File,
    Host,
    Hours,
    Many,
    Options,
    Sender,
    Text,
    Time,
    between,
    check_differ,
    check_filled,
    problem,
)

Action = Literal["move", "notify", "observe"]
Tls = Literal["implicit", "starttls", "none"]
NotifyBackend = Literal["auto", "freedesktop", "plyer", "log", "none"]
Language = Literal["auto", "ja", "en"]
Detail = Literal["full", "sender", "none"]
Digest = Literal["off", "notice", "mail", "both"]


class Watch(Options):
    """`[watch]`."""

    interval: Annotated[Duration, between(timedelta(seconds=10), timedelta(days=1))] = Field(
        default=timedelta(minutes=5),
        description="How often every folder is looked at, also where the server tells at once what has arrived.",
    )
    history: Annotated[Duration, between(timedelta(0), timedelta(days=3650))] = Field(
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
    address: Address | None = Field(
        default=None,
        description="The mail address of this mailbox, where user is another name: some mail poses as its reader.",
        examples=["taro@example.jp"],
    )
    password: Password = Field(
        default=FromKeyring(),
        description="Where to get the password; never the password itself. { keyring = true }: from the desktop's key"
        " ring, where `watcher login ACCOUNT` puts it; with plaintext = true also from one that does not encrypt."
        ' { command = ["pass", "show", "mail/home"] }: the'
        ' first line that a command prints. { credential = "imap-home" }: from a systemd credential.'
        ' { oauth = "microsoft" }: none; access is granted by OAuth, to the client of that name below, and what renews'
        " it is kept in the key ring; with plaintext = true as above.",
    )
    folders: Annotated[Many[Text], AfterValidator(check_filled), AfterValidator(check_differ)] = Field(
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

    @property
    def owner(self) -> str:
        """The addr-spec of whoever reads this mailbox, in lower case; empty where it is not known."""
        return (self.address or (self.user if "@" in self.user else "")).lower()

    @field_validator("tls")
    @classmethod
    def _tls_needed(cls, tls: Tls, info: ValidationInfo) -> Tls:
        if tls == "none" and "host" in info.data and not is_loopback(info.data["host"]):
            raise problem("tls_needed")
        return tls

    @field_validator("suspicious_folder")
    @classmethod
    def _folder_apart(cls, folder: str, info: ValidationInfo) -> str:
        watched = info.data.get("folders", ())
        if folder in watched or folder.upper() == "INBOX":  # INBOX in any case is one folder: RFC 9051, 5.1
            raise problem("folder_watched")
        return folder


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

    cases: Annotated[Duration, between(timedelta(days=7), timedelta(days=36500))] = Field(
        default=timedelta(days=730),
        description="How long to remember mail that was found suspicious, and what became of it: so long it can be"
        " taken back, and is shown in the report. What waits for your word is never forgotten.",
    )
    clean: Annotated[Duration, between(timedelta(days=1), timedelta(days=36500))] = Field(
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
    oauth: Many[OAuthClient] = Field(
        default=(), description="As whom to ask a provider for access by OAuth, one such table for each."
    )
    notify: Notify = Field(default=Notify(), description="How you are told of it.")
    keep: Keep = Field(default=Keep(), description="How long the ledger on this computer remembers.")
    trust: Many[Trust] = Field(
        default=(), description="Senders that you trust whatever else is found, one such table for each."
    )

    @field_validator("accounts", mode="wrap")
    @classmethod
    def _accounts_differ(
        cls, value: Any, validate: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> tuple[Account, ...]:
        if not value and not (info.context or {}).get("unfinished"):
            raise problem("no_accounts")
        accounts: tuple[Account, ...] = _validate(value, validate, _repeated_names(value, "repeated_name"))
        return accounts

    @field_validator("oauth", mode="wrap")
    @classmethod
    def _clients_differ(cls, value: Any, validate: ValidatorFunctionWrapHandler) -> tuple[OAuthClient, ...]:
        clients: tuple[OAuthClient, ...] = _validate(value, validate, _repeated_names(value, "repeated_client"))
        return clients

    @model_validator(mode="wrap")
    @classmethod
    def _clients_exist(cls, value: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:
        settings: Self = _validate(value, validate, _missing_clients(value))
        return settings


def _validate(value: Any, validate: Callable[[Any], Any], found: Iterable[InitErrorDetails]) -> Any:
    """Look for what concerns several tables before each is checked: every problem is told, not only the first kind."""
    problems = list(found)
    try:
        checked = validate(value)
    except ValidationError as error:
        problems += map(_again, error.errors(include_url=False))
    if problems:
        raise ValidationError.from_exception_data(Settings.__name__, problems, hide_input=True)
    return checked


def _again(error: ErrorDetails) -> InitErrorDetails:
    """An error that has been caught, to be raised once more: kind, place and limits, without the input."""
    return InitErrorDetails(type=problem(error["type"], **error.get("ctx", {})), loc=error["loc"], input=None)


def _repeated_names(tables: Any, kind: str) -> Iterator[InitErrorDetails]:
    names = [_value(table, "name") for table in _listed(tables)]
    for index, name in enumerate(names):
        if isinstance(name, str) and name in names[:index]:
            yield InitErrorDetails(type=problem(kind), loc=(index, "name"), input=None)


def _missing_clients(settings: Any) -> Iterator[InitErrorDetails]:
    """The accounts that name a client which there is not."""
    clients = [_value(client, "name") for client in _listed(_value(settings, "oauth"))]
    for index, account in enumerate(_listed(_value(settings, "accounts"))):
        password = _value(account, "password")
        name = _value(password, "oauth")
        # with further keys it may be another way that is meant
        alone = not isinstance(password, dict) or password.keys() <= FromOAuth.model_fields.keys()
        if isinstance(name, str) and alone and name not in clients:
            yield InitErrorDetails(type=problem("no_client"), loc=("accounts", index, "password", "oauth"), input=None)


def _value(table: Any, key: str) -> Any:
    """What is written there, or was given, before it is checked; None where nothing is."""
    return table.get(key) if isinstance(table, dict) else getattr(table, key, None)


def _listed(tables: Any) -> Sequence[Any]:
    return tables if isinstance(tables, list | tuple) else ()

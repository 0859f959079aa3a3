"""What the user has set: `config.toml`, read once and checked whole.

`models`, with `passwords` and `oauth`, has one documented field for each option; the checks and `config.example.toml`
come from there. `loading` reads a file, `problems` says in plain words what is wrong with it, `example` writes the
example, and `values` has the types that all of them are made of.
"""

from watcher.settings.duration import format_duration, parse_duration
from watcher.settings.example import example
from watcher.settings.loading import check, load
from watcher.settings.models import (
    Account,
    Action,
    Detail,
    Language,
    Notify,
    NotifyBackend,
    Settings,
    Tls,
    Trust,
    Watch,
)
from watcher.settings.oauth import OAuthClient
from watcher.settings.passwords import FromCommand, FromCredential, FromKeyring, FromOAuth, Password

__all__ = [
    "Account",
    "Action",
    "Detail",
    "FromCommand",
    "FromCredential",
    "FromKeyring",
    "FromOAuth",
    "Language",
    "Notify",
    "NotifyBackend",
    "OAuthClient",
    "Password",
    "Settings",
    "Tls",
    "Trust",
    "Watch",
    "check",
    "example",
    "format_duration",
    "load",
    "parse_duration",
]

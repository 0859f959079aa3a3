"""What the user has set: `config.toml`, read once and checked whole.

`models` has one documented field for each option; the checks and `config.example.toml` come from there. `loading`
reads a file, `problems` says in plain words what is wrong with it, `example` writes the example.
"""

from watcher.settings.duration import format_duration, parse_duration
from watcher.settings.example import example
from watcher.settings.loading import load
from watcher.settings.models import (
    Account,
    Action,
    Detail,
    FromCommand,
    FromCredential,
    FromKeyring,
    Language,
    Notify,
    NotifyBackend,
    Password,
    Settings,
    Tls,
    Trust,
    Watch,
)

__all__ = [
    "Account",
    "Action",
    "Detail",
    "FromCommand",
    "FromCredential",
    "FromKeyring",
    "Language",
    "Notify",
    "NotifyBackend",
    "Password",
    "Settings",
    "Tls",
    "Trust",
    "Watch",
    "example",
    "format_duration",
    "load",
    "parse_duration",
]

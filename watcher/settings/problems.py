"""What is wrong with a configuration, in plain words. No word of a value is repeated: it may be a password."""

import re
from collections.abc import Iterator
from datetime import timedelta
from difflib import get_close_matches
from gettext import gettext as _
from typing import Any, get_args

from pydantic_core import ErrorDetails

from watcher.settings.duration import format_duration
from watcher.settings.models import Settings
from watcher.settings.values import Options

Path = tuple[int | str, ...]


def explain(error: ErrorDetails) -> str:
    """One finished sentence: the key's path, and what is the matter with it."""
    kind, path = error["type"], error["loc"]
    words = _unknown_key(path) if kind == "extra_forbidden" else _describe(kind, error.get("ctx", {}))
    return f"{_format_path(path)}: {words}"


def _format_path(path: Path) -> str:
    """As in accounts[1].port."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def _describe(kind: str, limits: dict[str, Any]) -> str:
    sentence = (_type_sentences() | _limit_sentences() | _own_sentences()).get(kind, _("is not valid"))
    return sentence.format(**{name: _format_limit(limit) for name, limit in limits.items()})


def _format_limit(limit: object) -> str:
    if isinstance(limit, timedelta):
        return format_duration(limit)
    if isinstance(limit, str):  # pydantic's "'move', 'notify' or 'observe'", or its "True"
        return ", ".join(f'"{word}"' for word in re.findall("'([^']*)'", limit)) or limit.lower()
    return str(limit)


def _type_sentences() -> dict[str, str]:
    return {
        "missing": _("is missing"),
        "string_type": _('must be text in quotes, such as "text"'),
        "int_type": _("must be a whole number without quotes"),
        "is_instance_of": _('must be text in quotes, such as "text"'),
        "path_type": _('must be text in quotes, such as "text"'),
        "tuple_type": _('must be a list, such as ["one", "two"]'),
        "model_type": _("must be a table of options"),
    }


def _limit_sentences() -> dict[str, str]:
    return {
        "literal_error": _("must be one of: {expected}"),
        "greater_than_equal": _("must be at least {ge}"),
        "less_than_equal": _("must be at most {le}"),
        "string_too_short": _("must not be empty"),
        "string_too_long": _("must have at most {max_length} characters"),
        "string_pattern_mismatch": _("holds a character that cannot be there"),
    }


def _own_sentences() -> dict[str, str]:
    return {
        "empty": _("must not be empty"),
        "duration": _('must be a whole number and s, m, h or d, in quotes, such as "30s", "5m", "1h" or "7d"'),
        "time": _('must be a time of the day in quotes, such as "08:00"'),
        "hours": _('must be two times of the day in quotes, such as "22:00-07:00"'),
        "single_brackets": _("is a list of tables: write its name in double brackets, such as [[accounts]]"),
        "no_file": _("there is no such file"),
        "host": _('must be the name of a server, such as "imap.example.jp"'),
        "address": _('must be a mail address, such as "taro@example.jp"'),
        "sender": _('must be an address, such as "news@example.org", or a domain, such as "@example.org"'),
        "repeated": _("names the same thing twice"),
        "repeated_name": _("another account has this name already"),
        "repeated_client": _("another client has this name already"),
        "no_accounts": _("there is no account: add a table [[accounts]]"),
        "tls_needed": _('"none" is only for a server on this computer: anybody could read the password on its way'),
        "folder_watched": _("must be another folder than those that are watched"),
        "plain_password": _(
            "a password does not belong in this file. Remove it, write {{ keyring = true }} and put the password into"
            " the key ring with `watcher login ACCOUNT`; or write"
            ' {{ command = ["pass", "show", "mail/home"] }}'
        ),
        "password_source": _(
            "must name exactly one place to get the password from: {{ keyring = true }},"
            ' {{ command = ["pass", "show", "mail/home"] }}, {{ credential = "imap-home" }} or'
            ' {{ oauth = "microsoft" }}'
        ),
        "endpoint": _('must be an address that begins with "https://"'),
        "no_consent": _("is missing: give it or authorization_endpoint, or else nobody can be asked for consent"),
        "no_client": _("there is no table [[oauth]] of this name"),
    }


# Unknown keys


def _unknown_key(path: Path) -> str:
    *outer, key = path
    near = get_close_matches(str(key).lower(), _names_at(tuple(outer)), n=1)
    if near:
        return _("there is no such option; did you mean {name}?").format(name=near[0])
    table = next((name for name in Settings.model_fields if key in _names_at((name,))), None)
    if table:
        return _("there is no such option here; it belongs to the table [{name}]").format(name=table)
    return _("there is no such option")


def _names_at(path: Path) -> list[str]:
    """The options that the table at that path can have."""
    models: list[type[Options]] = [Settings]
    for step in path:
        if isinstance(step, str):
            models = [
                inner
                for model in models
                if step in model.model_fields
                for inner in _models_in(model.model_fields[step].annotation)
            ]
    return [name for model in models for name in model.model_fields]


def _models_in(annotation: Any) -> Iterator[type[Options]]:
    if isinstance(annotation, type) and issubclass(annotation, Options):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)

"""Forms: where what is filled in goes, and whether it is more than a search."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from watcher.model import Finding, Trait

# fmt: off
_NOT_FILLED_IN = frozenset((
    "button", "checkbox", "color", "hidden", "image", "radio", "range", "reset", "submit",
))
_SEARCHING = frozenset((
    "find", "fulltext", "keyword", "keywords", "kw", "p", "q", "query", "s", "search", "search_query", "searchterm",
    "term", "wd",
))
# fmt: on
_SEARCHES = re.compile(r"search|query|suche|recherche|buscar|検索", re.IGNORECASE)
_ELSEWHERE = re.compile(r"https?:[/\\]*[^\s/\\]|[/\\]{2}[^\s/\\]", re.IGNORECASE)
_NOWHERE = re.compile(r"#|javascript:|about:|\Z", re.IGNORECASE)


def is_elsewhere(url: str) -> bool:
    """Whether a URL names a host of the web."""
    return bool(_ELSEWHERE.match(url))


@dataclass(slots=True)
class Form:
    """A form whose fields are being gathered."""

    action: str
    """Resolved; as it stands where it is relative to nothing."""
    is_search: bool = False
    names: list[str] = field(default_factory=list)
    """Of the fields that somebody fills in by typing."""
    has_password: bool = False

    def add(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note a field."""
        kind = attributes.get("type", "").lower() if tag == "input" else ""
        if tag not in {"input", "textarea"} or kind in _NOT_FILLED_IN:
            return
        name = attributes.get("name") or attributes.get("id") or ""
        self.has_password |= kind == "password"
        label = f"{attributes.get('placeholder', '')} {attributes.get('aria-label', '')}"
        self.is_search |= kind == "search" or name.lower() in _SEARCHING or bool(_SEARCHES.search(label))
        self.names.append(name)

    def finding(self) -> Finding | None:
        """What the form is: one that sends what is filled in, merely a link, or nothing."""
        scheme = self.action.partition(":")[0].lower()
        only_searches = len(self.names) == 1 and self.is_search and not self.has_password
        if scheme == "mailto" or not self.names or only_searches:
            leads = scheme == "mailto" or is_elsewhere(self.action)
            return Finding(Trait.LINK, self.action) if leads else None
        return Finding(Trait.FORM, "" if _NOWHERE.match(self.action) else self.action)


def begin(attributes: Mapping[str, str], action: str) -> Form:
    """A form with the attributes of its tag; `action` is resolved."""
    words = " ".join(attributes.get(name, "") for name in ("role", "class", "id", "name"))
    return Form(action, bool(_SEARCHES.search(f"{words} {action.partition('?')[0]}")))

"""One walk through a page, and through the pages that are folded up in it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final
from urllib.parse import unquote, urljoin

from watcher.attachments.contents.pages import forms, literals, smuggling, strings
from watcher.attachments.contents.pages.at_once import at_once, redirects, submits
from watcher.attachments.contents.pages.tags import Tag, tags
from watcher.model import Finding, Trait

LONGEST: Final = 1 << 20
"""Characters of one page that are read, and of all its scripts together."""
_TAIL: Final = LONGEST // 4
"""Of these, how many are taken from the end, where the code stands that uses what fills the page."""
_ALL: Final = 3 << 20
"""Characters read of a page and of all that is folded up in it."""
_DEEPEST: Final = 3
"""Texts within texts: what is decoded twice, and a page in that."""
_LONGEST_URL: Final = 4_096
_AT_ONCE: Final = 10.0
"""Seconds until a page leads on by itself, up to which nobody reads it."""
_SMALL: Final = 100_000
"""Characters of a script that somebody wrote for this page; a longer one is taken for a library."""
_MOST_HELD: Final = 20

_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_PAGE_URI: Final = re.compile(r"\s*data:(?:text/html|application/xhtml\+xml|image/svg\+xml|text/xml)", re.IGNORECASE)
_SCRIPT_URI: Final = re.compile(r"\s*data:(?:text|application)/(?:x-)?(?:java|ecma)script", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<[a-z!?]", re.IGNORECASE)
_CODE: Final = re.compile(r"\b(?:document|window|location|function|eval|atob|unescape|var|let|const)\b")
_REFRESH: Final = re.compile(r"\s*([\d.]*)[\s;,]*(?:url\s*=\s*)?[\"']?([^\"']*)", re.IGNORECASE)
_RUN: Final = re.compile(r"\s{0,200}[A-Za-z0-9+/_-]{60}")
_MAKES_PASSWORD: Final = re.compile(
    r'\.\s*+type\s*+=(?!=)\s*+"password"|\(\s*+"type"\s*+,\s*+"password"\s*+\)|-security\s*+:\s*+(?:disc|circle|square)\b'
)
_MASKED: Final = re.compile(r"-text-security\s*+:\s*+(?:disc|circle|square)\b", re.IGNORECASE)
_RUNS_BY_ITSELF: Final = frozenset(("onload", "onerror", "onpageshow", "onbegin", "onanimationstart", "ontoggle"))
_FRAMES: Final = {"iframe": "src", "frame": "src", "embed": "src", "object": "data", "use": "href", "portal": "src"}


@dataclass(frozen=True, slots=True)
class Text:
    """A page, or a piece of one, that is still to be read."""

    text: str
    is_xml: bool = False
    is_drawing: bool = False
    depth: int = 0
    is_quoted: bool = False
    """It stands in a script, in clear: perhaps written into the page, perhaps never."""


def findings(page: Text) -> Iterator[Finding]:
    """What is found in a page and in what is folded up in it, in order; the same finding may come twice."""
    reader = _Reader(page)
    while reader.has_more:
        yield from reader.read()
    yield from reader.conclude()


class _Reader:
    """What has been seen so far."""

    def __init__(self, page: Text) -> None:
        self._texts = deque([page])
        self._left = _ALL
        self._scripts: list[str] = []
        self._script_room = LONGEST
        self._at_load: list[str] = []
        self._held: list[str] = []
        self._actions: list[str] = []
        self._is_drawing = page.is_drawing
        self._begin(page)

    def _begin(self, text: Text) -> None:
        self._text = text
        self._page = ""
        self._base = ""
        self._form: forms.Form | None = None
        self._is_unscripted = False  # inside <noscript>
        self._fresh: list[str] = []  # scripts of this text

    @property
    def has_more(self) -> bool:
        """Whether a text is still to be read."""
        return bool(self._texts) and self._left > 0

    def read(self) -> Iterator[Finding]:
        """Read the next text."""
        text = self._texts.popleft()
        self._begin(text)
        self._page = both_ends(literals.shorten(text.text), min(LONGEST, self._left))
        self._left -= len(self._page)
        yield from _embedded(self._page)
        if _MASKED.search(self._page):
            yield Finding(Trait.PASSWORD_FIELD)
        for tag in tags(self._page, is_xml=text.is_xml):
            yield from self._visit(tag)
        yield from self._end_form()
        for script in self._fresh:
            yield from self._read_script(script)

    def conclude(self) -> Iterator[Finding]:
        """What the scripts do, all together."""
        small = [script for script in self._scripts if len(script) <= _SMALL]
        running = at_once("\n".join([*small, *self._at_load]))
        known = strings.names(running)
        pieces = [running, *(at_once(script) for script in self._scripts if len(script) > _SMALL)]
        for target in (target for piece in pieces for target in redirects(piece, known)):
            yield Finding(Trait.SCRIPT, target)
            yield Finding(Trait.LINK, target)
        if self._actions and submits(running):
            yield Finding(Trait.SCRIPT, self._actions[0])
        marked = [smuggling.mark(script, self._held) for script in self._scripts]
        if found := smuggling.download(marked, running):
            yield Finding(Trait.ASSEMBLES_DOWNLOAD, found.name)

    # Tags.

    def _visit(self, tag: Tag) -> Iterator[Finding]:
        if tag.name == "noscript":
            self._is_unscripted = not tag.is_end
        if tag.is_end:
            yield from self._end_form() if tag.name == "form" else ()
            return
        self._note_held(tag)
        if visit := self._VISITS.get(tag.name):
            yield from visit(self, tag)
        yield from self._visit_handlers(tag)

    def _visit_handlers(self, tag: Tag) -> Iterator[Finding]:
        for name, code in tag.attributes.items():
            if not name.startswith("on") or not code:
                continue
            if self._text.is_drawing:
                yield Finding(Trait.SCRIPT, name)
            if name in _RUNS_BY_ITSELF and not self._text.is_quoted:
                self._at_load.append(strings.plain(code[:_SMALL]))

    def _note_held(self, tag: Tag) -> None:
        """Note an element that holds a file in its text or in an attribute."""
        name = tag.attributes.get("id", "")
        if not name or len(self._held) == _MOST_HELD:
            return
        places = [value for value in tag.attributes.values() if len(value) >= literals.LONG]
        if _RUN.match(self._page, tag.place):
            places.append(self._page[tag.place : tag.place + 2 * literals.LONG])
        if any(map(literals.holds_file, places)):
            self._held.append(name[:100])

    def _visit_form(self, tag: Tag) -> Iterator[Finding]:
        if self._form is None:  # one inside another is passed over, as in a browser
            self._form = forms.begin(tag.attributes, self._resolve(tag.attributes.get("action", "")))
        yield from ()

    def _visit_field(self, tag: Tag) -> Iterator[Finding]:
        if tag.name == "input" and tag.attributes.get("type", "").lower() == "password":
            yield Finding(Trait.PASSWORD_FIELD, tag.attributes.get("name") or tag.attributes.get("id") or "")
        if self._form:
            self._form.add(tag.name, tag.attributes)
            if not self._form.action and (action := tag.attributes.get("formaction")):
                self._form.action = self._resolve(action)

    def _end_form(self) -> Iterator[Finding]:
        form, self._form = self._form, None
        if form is None:
            return
        found = form.finding()
        if forms.is_elsewhere(form.action) and not self._text.is_quoted:
            self._actions.append(form.action)
        is_template = self._text.is_quoted and not (forms.is_elsewhere(form.action) or form.has_password)
        if found and not is_template:
            yield found

    def _visit_link(self, tag: Tag) -> Iterator[Finding]:
        written = _CONTROL.sub("", tag.attributes.get("href", "")[:_LONGEST_URL]).strip()
        if self._text.is_drawing and written.lower().startswith("javascript:"):
            yield Finding(Trait.SCRIPT, written)
        if "download" in tag.attributes and written.lower().startswith("data:"):
            yield from _ready_made(tag.attributes["download"], tag.attributes["href"])
        self._unfold(tag.attributes.get("href", ""))
        yield from self._lead(written)

    def _visit_frame(self, tag: Tag) -> Iterator[Finding]:
        url = tag.attributes.get(_FRAMES[tag.name], "")
        self._unfold(url)
        if inner := tag.attributes.get("srcdoc"):
            self._add(inner)
        if tag.name != "use":
            yield from self._lead(url)

    def _visit_animation(self, tag: Tag) -> Iterator[Finding]:
        """SMIL can set a link or a handler long after a filter has read the drawing (SVG 1.1, 19.2)."""
        for name in ("to", "from", "by", "values"):
            if "javascript:" in _CONTROL.sub("", tag.attributes.get(name, "")).lower():
                yield Finding(Trait.SCRIPT, tag.attributes[name])

    def _visit_base(self, tag: Tag) -> Iterator[Finding]:
        self._base = self._base or tag.attributes.get("href", "")[:_LONGEST_URL].strip()
        yield from ()

    def _visit_meta(self, tag: Tag) -> Iterator[Finding]:
        if tag.attributes.get("http-equiv", "").lower() != "refresh":
            return
        refresh = _REFRESH.match(tag.attributes.get("content", ""))
        seconds, written = refresh.groups() if refresh else ("", "")
        target = self._resolve(written)
        self._unfold(written)
        yield from self._lead(target)
        is_soon = seconds.strip(".").count(".") <= 1 and float(seconds.strip(".") or 0) <= _AT_ONCE
        if is_soon and forms.is_elsewhere(target) and not self._is_unscripted and not self._text.is_quoted:
            yield Finding(Trait.SCRIPT, target)

    def _visit_script(self, tag: Tag) -> Iterator[Finding]:
        source = tag.attributes.get("src") or tag.attributes.get("href") or ""
        if self._text.is_drawing:
            yield Finding(Trait.SCRIPT, source or " ".join(tag.body[: literals.LONG].split())[:120])
        if _SCRIPT_URI.match(source):
            self._fresh.append(_uri_text(source))
        self._fresh.append(tag.body)

    # What pages hold besides.

    def _lead(self, url: str) -> Iterator[Finding]:
        target = self._resolve(url)
        if forms.is_elsewhere(target) and not self._text.is_quoted:
            yield Finding(Trait.LINK, target)

    def _resolve(self, url: str) -> str:
        url = _CONTROL.sub("", url[:_LONGEST_URL]).strip()
        try:
            return urljoin(self._base, url) if self._base and url else url
        except ValueError:
            return url

    def _unfold(self, url: str) -> None:
        if _PAGE_URI.match(url):
            self._add(_uri_text(url), is_drawing="svg" in url[:30].lower())

    def _add(self, text: str, *, is_drawing: bool = False, is_quoted: bool = False) -> None:
        """Note a text within this one, to be read later."""
        if self._text.depth < _DEEPEST:
            depth = self._text.depth + 1
            self._texts.append(Text(text, is_drawing, is_drawing, depth, is_quoted and not is_drawing))

    def _read_script(self, script: str) -> Iterator[Finding]:
        script = both_ends(script, self._script_room)
        self._script_room -= len(script)
        if not script.strip():
            return
        marked = smuggling.mark(script)
        plain = strings.plain(script)
        self._scripts.append(plain if marked == script else strings.plain(marked))
        if _MAKES_PASSWORD.search(plain):
            yield Finding(Trait.PASSWORD_FIELD)
        yield from _embedded(plain)
        for text, was_hidden in strings.decoded(plain):
            self._unfold_string(text, was_hidden=was_hidden)

    def _unfold_string(self, text: str, *, was_hidden: bool) -> None:
        again = strings.reveal(text) if was_hidden else ""
        for said in filter(None, (text, again)):
            self._unfold(said)
            is_code = was_hidden and _CODE.search(said) and not said.lstrip().startswith("<")
            if is_code:
                self._add(f"<script>{said}</script>")
            elif _MARKUP.search(said):
                self._add(said, is_quoted=not was_hidden)

    _VISITS: ClassVar[Mapping[str, Callable[[_Reader, Tag], Iterator[Finding]]]] = {
        "form": _visit_form,
        **dict.fromkeys(("input", "textarea", "button"), _visit_field),
        **dict.fromkeys(("a", "area"), _visit_link),
        **dict.fromkeys(_FRAMES, _visit_frame),
        **dict.fromkeys(("animate", "set"), _visit_animation),
        "base": _visit_base,
        "meta": _visit_meta,
        "script": _visit_script,
    }


def _ready_made(name: str, url: str) -> Iterator[Finding]:
    """A link that is the file itself."""
    for file in literals.data_uris(url):
        if file.is_grave or smuggling.is_grave_name(name) or (file.length >= literals.LONG and not file.is_inert):
            yield Finding(Trait.ASSEMBLES_DOWNLOAD, name)


def _embedded(text: str) -> Iterator[Finding]:
    """Programs and archives that stand in the text as characters."""
    for found in (*literals.data_uris(text), *literals.literals(text)):
        if found.is_grave:
            yield Finding(Trait.EMBEDDED_FILE, found.kind or found.declared)


def both_ends(text: str, most: int) -> str:
    """The text, of which the middle is left out where it has more than so many characters."""
    if len(text) <= most:
        return text
    tail = min(_TAIL, most // 4)
    return f"{text[: most - tail]}\n{text[len(text) - tail :]}"


def _uri_text(url: str) -> str:
    """The text in a data: URI (RFC 2397)."""
    header, _, body = url.partition(",")
    bare = "".join(unquote(body.partition("#")[0]).split())
    return strings.from_base64(bare) if ";base64" in header.lower() else unquote(body)

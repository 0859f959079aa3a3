"""Writes HTML anew so that no parser needs more than linear time for it.

Browsers' parsers take quadratic time, or make millions of nodes, for some short inputs: unclosed elements nested by
the thousand, unclosed formatting elements that each new paragraph opens again, a tag with thousands of attributes.
What `rewrite` gives has none of that whatever it was given: it is well nested, shallow, without formatting elements
and with only those attributes that `html` reads. What a reader sees stays the same, up to the limits below.
"""

from __future__ import annotations

import re

_DEEPEST = 200
"""Elements inside each other; tags beyond are left out, their text stays. Browsers do the same at 512."""
MOST_TAGS = 25_000
"""Tags and comments that are read; of what follows them only the text stays."""
_TAME_TAGS = 2_500
_TAME_ATTRIBUTES = 12_000
_SHORTEST_ATTRIBUTE = 4
"""Characters, with the space before it, where there are thousands."""
_TAME_PAIRS = 250_000
"""Of a formatting element and a tag that is none."""

# The tokens of the HTML standard (13.2.5), simplified where the difference cannot be seen. Every repetition is
# possessive: the tokeniser never looks back, so it is linear.
_TOKEN = re.compile(
    r"""
    <!--(?:-?>|.*?(?:--!?>|\Z))
    | <(/?)([a-zA-Z][^\x20\t\n\f\r/>]*+)
      ((?:[\x20\t\n\f\r/]++|"""
    r"""=?[^\x20\t\n\f\r/>=]*+(?:[\x20\t\n\f\r]*+=[\x20\t\n\f\r]*+(?:"[^"]*+"?|'[^']*+'?|[^\x20\t\n\f\r>]*+))?)*+)>?
    | <[!?/][^>]*+>?
    """,
    re.DOTALL | re.VERBOSE,
)
_ANY_TAG = re.compile(r"<[^<>]*+>")
_ATTRIBUTE = re.compile(
    r"""([^\x20\t\n\f\r/=]++)"""
    r"""(?:[\x20\t\n\f\r]*+=[\x20\t\n\f\r]*+(?:"([^"]*+)"?|'([^']*+)'?|([^\x20\t\n\f\r>]*+)))?+""",
)
_READ = frozenset(
    ("action", "alt", "bgcolor", "class", "color", "height", "hidden", "href", "id", "style", "type", "value", "width")
)
"""The attributes that are written."""
_FORMATTING = frozenset(("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"))
_FORMATTING_TAG = re.compile(rf"<(?=[bcefinstu])(?:{'|'.join(sorted(_FORMATTING))})[\x20\t\n\f\r/>]", re.IGNORECASE)
_VOID = frozenset(("area", "base", "br", "hr", "img", "input", "link", "meta", "wbr"))
_UNCLOSED = frozenset(("p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead", "tfoot"))
"""Elements whose end tag may be left out: they close each other, so they never nest by themselves."""
_KEPT_AT_ANY_DEPTH = frozenset(("a", "form")) | _VOID | _UNCLOSED
_UNSEEN = ("script", "style", "title", "iframe", "noembed", "noframes")
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _UNSEEN}
_LEFT_OUT = frozenset(("html", "head", "frameset", "noscript", "plaintext", "xmp", "textarea", "template", "select"))


def is_tame(html: str) -> bool:
    """Whether any parser reads the page, as it is, within a few tenths of a second, however its tags are put.

    By counts that no trick lowers: each tag needs its "<", each attribute something before it. An attribute is
    compared with all others of its tag, and a formatting element may be opened again by each other tag.
    """
    tags = html.count("<")
    if tags > _TAME_TAGS or _most_attributes(html) > _TAME_ATTRIBUTES:
        return False
    formatting = len(_FORMATTING_TAG.findall(html)) if tags * tags > _TAME_PAIRS else 0
    return formatting * (tags - formatting) <= _TAME_PAIRS


def _most_attributes(html: str) -> int:
    """How many attributes there can be: each stands after blanks, a slash or a quotation mark."""
    by_length = len(html) // _SHORTEST_ATTRIBUTE
    return by_length if by_length <= _TAME_ATTRIBUTES else len(html.split()) + sum(map(html.count, "/\"'"))


def rewrite(html: str, most_tags: int = MOST_TAGS) -> tuple[str, bool]:
    """The same page, well nested and bounded; whether tags had to be left out for their number."""
    writer = _Writer()
    place = tags = 0
    while (token := _TOKEN.search(html, place)) and (tags := tags + 1) <= most_tags:
        start, end = token.span()
        if start > place:
            writer.text(html[place:start])
        place = end
        slash, name, attributes = token.groups()
        if not name:
            continue
        name = name.lower()
        if slash:
            writer.end(name)
        elif name in _RAW_END:
            place = _end_of_raw(html, name, place)
        else:
            writer.start(name, attributes)
    writer.text(_ANY_TAG.sub(" ", html[place:]))
    return "".join(writer.written), tags > most_tags


def _end_of_raw(html: str, name: str, place: int) -> int:
    """Where the end tag of a script or the like stands; the end of the page without one, as in a browser."""
    end = _RAW_END[name].search(html, place)
    return end.start() if end else len(html)


class _Writer:
    """Writes text and tags so that every element is closed inside the one that holds it."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self._open: list[str] = []

    def text(self, text: str) -> None:
        self.written.append(text.replace("<", "&lt;"))

    def start(self, name: str, attributes: str) -> None:
        name = _written_as(name)
        too_deep = len(self._open) >= _DEEPEST and name not in _KEPT_AT_ANY_DEPTH
        if not name or too_deep:
            return
        self.written.append(f"<{name}{_write_attributes(attributes) if attributes else ''}>")
        if name not in _VOID and name not in _UNCLOSED:
            self._open.append(name)

    def end(self, name: str) -> None:
        name = _written_as(name)
        if name in _UNCLOSED:
            self.written.append(f"</{name}>")
        elif self._open[-1:] == [name] or name in self._open:
            while (inner := self._open.pop()) != name:
                self.written.append(f"</{inner}>")
            self.written.append(f"</{name}>")


def _written_as(name: str) -> str:
    """The name of the element that is written for `name`; empty for none."""
    if name in _LEFT_OUT:
        return ""
    return "span" if name in _FORMATTING or not name.isalnum() else name


def _write_attributes(attributes: str) -> str:
    """Those that are read; of several of one name the first, as in a browser."""
    found: dict[str, str] = {}
    for name, quoted, *others in _ATTRIBUTE.findall(attributes):
        if (lower := name.lower()) in _READ and lower not in found:
            found[lower] = quoted or "".join(others).replace('"', "&quot;")
    return "".join([f' {name}="{value}"' for name, value in found.items()])

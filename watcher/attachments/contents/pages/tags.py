"""The tags of a page, as a browser's tokeniser finds them.

No tree is built: what a page asks for, sends and runs stands in its tags and scripts, wherever a browser hangs them,
and only a tokeniser is linear on every input. (`markup.rewrite` makes a tree safe to build, but it leaves scripts and
event handlers out, which are the subject here.) Where HTML and XML disagree, or the standard's tree builder would have
to be asked, more is read rather than less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

# The tokens of the HTML standard (13.2.5), simplified. Every repetition is possessive, bounded, or ends at the end of
# the page at the latest: nothing is read twice. Of "<![CDATA[" and a document type's entities only the outer marks are
# passed over: what they hold is read as markup, for in an XML file it is.
_TOKEN = re.compile(
    r"""
    <(?:!--(?:-?>|.*?(?:--!?>|\Z))
    | (?P<end>/?)(?P<name>[a-z][^\x20\t\n\f\r/>]*+)
      (?P<attributes>(?:[\x20\t\n\f\r/]++|"""
    r"""=?[^\x20\t\n\f\r/>=]*+(?:[\x20\t\n\f\r]*+=[\x20\t\n\f\r]*+(?:"[^"]*+"?|'[^']*+'?|[^\x20\t\n\f\r>]*+))?)*+)>?)
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""([^\x20\t\n\f\r/>=][^\x20\t\n\f\r/>=]*+)"""
    r"""(?:[\x20\t\n\f\r]*+=[\x20\t\n\f\r]*+("[^"]*+"?|'[^']*+'?|[^\x20\t\n\f\r>]*+))?"""
)
_RAW = ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
_RAW_END = {name: re.compile(rf"</(?:[\w-]+:)?{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
# fmt: off
_BREAKS_OUT = frozenset((
    "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed", "font", "h1",
    "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre",
    "ruby", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tt", "u", "ul", "var",
))
# fmt: on
"""Elements that end a drawing inside an HTML page (HTML standard, 13.2.6.5)."""
_BACK_TO_HTML = frozenset(("foreignobject", "desc"))


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag or an end tag."""

    name: str
    """Lower case, without a namespace prefix."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name without prefix ("href" for "xlink:href"), decoded; the first of two counts."""
    is_end: bool = False
    body: str = ""
    """Of a script: its text."""
    place: int = 0
    """Where it ends in the page, and its content begins."""


def tags(page: str, *, is_xml: bool = False) -> Iterator[Tag]:
    """Every tag of the page in order, except those in comments and in the raw text of HTML elements.

    Args:
        page: the text of an HTML, XHTML or SVG file, or a piece of one.
        is_xml: whether it is read by the rules of XML, where no element has raw text.
    """
    place = 0
    in_drawing = is_xml
    while token := _TOKEN.search(page, place):
        end = place = token.end()
        name = (token["name"] or "").lower().rpartition(":")[2]
        if not name:
            continue
        is_end = bool(token["end"])
        in_drawing = is_xml or _is_in_drawing(name, is_end=is_end, before=in_drawing)
        body, place = _raw_text(page, token, in_drawing=in_drawing) if name in _RAW and not is_end else ("", place)
        yield Tag(name, {} if is_end else _attributes(token["attributes"]), is_end, body, end)


def _is_in_drawing(name: str, *, is_end: bool, before: bool) -> bool:
    """Whether what follows the tag stands in an SVG drawing, which has no raw text."""
    if name == "svg":
        return not is_end
    if name in _BACK_TO_HTML:
        return is_end
    return before and (is_end or name not in _BREAKS_OUT)


def _raw_text(page: str, token: re.Match[str], *, in_drawing: bool) -> tuple[str, int]:
    """The text of a script, and where to go on: behind raw text."""
    name = token["name"].lower().rpartition(":")[2]
    start = token.end()
    if in_drawing and (name != "script" or token[0].endswith("/>")):
        return "", start
    end = _RAW_END[name].search(page, start)
    stop = end.start() if end else len(page)
    if name != "script":
        return "", stop
    body = page[start:stop]
    return (unescape(_CDATA.sub("", body)) if in_drawing else body), stop


def _attributes(written: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(written):
        bare = value[1:].removesuffix(value[0]) if value[:1] in {'"', "'"} else value
        found.setdefault(name.lower().rpartition(":")[2], unescape(bare))
    return found

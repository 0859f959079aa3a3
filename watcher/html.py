"""What a reader sees of an HTML mail: its own words, what it quotes, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.domains import host_of
from watcher.markup import MOST_TAGS, is_tame, rewrite
from watcher.model import Link

_LONGEST = 1 << 20
"""Characters of one page that are read."""
_MOST_LINKS = 1_000
"""Links that are gathered, with one more by which whoever reads the mail sees that they are not all."""
_LONGEST_URL = 4_096
_MOST_NODES = 150_000
"""Elements and texts that are visited."""

# fmt: off
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend",
    "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr",
    "ul",
))
# fmt: on
_CELLS = frozenset(("td", "th"))
_SKIPPED = frozenset(("head", "iframe", "object", "script", "style", "template", "title", "noembed", "noframes"))
_ACTIVE = frozenset(("a", "area", "form", "img", "input"))
_SIDES = ("width", "height")
_BLANKS = " \t\r\n\f"
_SPACES = re.compile(r"(?: [ \t\r\n\f]|[\t\r\n\f])[ \t\r\n\f]*+")
"""What one space is shown for, single spaces apart."""
_IN_URL = re.compile("[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")

_DECLARATION = re.compile(r"(?<![a-z-])([a-z-]++)\s*+:\s*+([^;]*)")
_LENGTH = re.compile(r"(-?[0-9]*\.?[0-9]+)(px|pt|%|em|rem|vw|vh)?")
_ZERO_ALPHA = re.compile(
    r"(?:rgba|hsla)\([^()]*[,/]\s*+(?:0++(?:\.0*+)?|\.0++)%?\s*+\)|#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)(?![0-9a-f])"
)
_COLOUR_NAMES = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "gray": "#808080", "silver": "#c0c0c0"}
_RGB = re.compile(r"rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)")

_QUOTE_CLASSES = re.compile(r"\b(?:gmail_quote|yahoo_quoted|protonmail_quote|moz-forward-container|zmail_extra)\b")
_QUOTE_BEGINS = re.compile(
    r"\b(?:moz-cite-prefix|moz-email-headers-table|divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|"
    r"mail-editor-reference-message-container|reply-intro)\b"
)


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML mail, read."""

    text: str = ""
    """The sender's own words that a reader sees, one line a block."""
    quoted: str = ""
    """What stands in citations and forwarded messages."""
    links: tuple[Link, ...] = ()
    """Of the sender's own words."""
    quoted_links: tuple[Link, ...] = ()
    images: int = 0
    """Pictures larger than a tracking pixel."""
    defects: tuple[str, ...] = ()
    """Nothing or "html-cut"."""


def read(html: str, most_tags: int = MOST_TAGS) -> Page:
    """What a reader sees of an HTML page. Never raises; takes linear time; longer pages are cut.

    Args:
        html: the page.
        most_tags: tags that are read; what is left of them where it is not the first page of its mail.
    """
    defects = []
    if len(html) > _LONGEST:
        html = html[:_LONGEST]
        defects.append("html-cut")
    if most_tags < MOST_TAGS or not is_tame(html):  # one page of a mail is parsed as it is
        html, is_cut = rewrite(html, most_tags)
        defects += ["html-cut"] * is_cut
    root = LexborHTMLParser(html).root
    reader = _Reader(root)
    if not reader.read():
        defects.append("html-cut")
    return reader.page(tuple(dict.fromkeys(defects)))


# How text in an element looks, as one number: what it inherits, changed by the element's own attributes.
_HIDDEN = 1
"""Together with all that is in it, whatever that says."""
_INVISIBLE = 2
_TINY = 4
_COLOURLESS = 8
_UNSEEN = _HIDDEN | _INVISIBLE | _TINY | _COLOURLESS
_QUOTED = 16
_PREFORMATTED = 32


class _Anchor(NamedTuple):
    """A link that is still open, whose words are being gathered."""

    href: str
    words: list[str]


class _Reader:
    """Gathers text and links on one way through the page."""

    def __init__(self, root: LexborNode | None) -> None:
        self._root = root
        self._links: list[tuple[Link, bool]] = []
        self._own: list[str] = []
        self._quoted: list[str] = []
        self._images = 0
        # Where the way has come to:
        self._look = 0
        self._quoting = False
        self._is_mid_line = False
        # The open elements, outermost first: what stands after each, how text around it looks, and what it is to end.
        self._open: list[tuple[LexborNode | None, int, bool, _Anchor | None]] = []
        self._anchors: list[_Anchor] = []  # the same

    @cached_property
    def _base(self) -> str:
        """What links are relative to, if the page says so."""
        found = self._root.css_first("base[href]") if self._root else None
        return _tidy_url(found.attributes["href"] or "") if found else ""

    def page(self, defects: tuple[str, ...]) -> Page:
        return Page(
            text=_tidy(self._own),
            quoted=_tidy(self._quoted),
            links=tuple(link for link, quoted in self._links if not quoted),
            quoted_links=tuple(link for link, quoted in self._links if quoted),
            images=self._images,
            defects=defects,
        )

    def read(self) -> bool:
        """Read every element and text in document order; whether that was all, within the limits."""
        node = self._root
        for _ in range(_MOST_NODES):
            while node is None and self._open:
                node = self._leave()
            if node is None or len(self._links) > _MOST_LINKS:
                break
            tag = node.tag
            if tag == "-text":
                text = node.text_content or ""
                if self._is_mid_line or self._anchors or not text.isspace():  # most texts part one tag from another
                    self._say(text)
                node = node.next
            elif tag in _SKIPPED or not tag or not node.is_element_node:
                node = node.next
            else:
                self._enter(tag, node)
                node = node.child
        is_whole = node is None
        while self._open:
            self._leave()
        return is_whole

    def _enter(self, tag: str, node: LexborNode) -> None:
        outside, attributes = self._look, node.attributes
        if attributes or tag == "pre":
            self._look = _derive(outside, tag, attributes)
            if "class" in attributes or "id" in attributes:
                self._quoting = self._quoting or _begins_quote(attributes)
        ends_line = tag in _BLOCKS
        if self._is_mid_line:
            if ends_line:
                self._end_line()
            elif tag in _CELLS:
                self._write(" ")
        anchor = self._act(tag, attributes) if tag in _ACTIVE else None
        self._open.append((node.next, outside, ends_line, anchor))

    def _leave(self) -> LexborNode | None:
        """Close the innermost element; what stands after it."""
        beside, outside, ends_line, anchor = self._open.pop()
        if ends_line and self._is_mid_line:
            self._end_line()
        if anchor:
            self._anchors.pop()
            self._link(anchor.href, " ".join("".join(anchor.words).split()))
        self._look = outside
        return beside

    def _act(self, tag: str, attributes: Mapping[str, str | None]) -> _Anchor | None:
        """What the element does besides holding text; the link that it opens."""
        if self._look & (_HIDDEN | _INVISIBLE):
            return None
        if tag == "img":
            self._picture(attributes)
        elif tag == "input":
            if attributes.get("type") in {"submit", "button"}:
                self._say(attributes.get("value") or "")
        elif tag == "form":
            self._link(attributes.get("action") or "", "")
        elif href := attributes.get("href"):
            alt = attributes.get("alt") or "" if tag == "area" else ""
            self._anchors.append(_Anchor(href, [alt]))
            return self._anchors[-1]
        return None

    def _picture(self, attributes: Mapping[str, str | None]) -> None:
        if any(_is_at_most(attributes.get(side) or "", 1) for side in _SIDES):
            return
        self._images += 1
        if self._anchors and (alt := attributes.get("alt")):
            self._anchors[-1].words.append(f" {alt} ")

    def _say(self, text: str) -> None:
        if self._look & _UNSEEN or not text:
            return
        if not self._look & _PREFORMATTED:
            text = _SPACES.sub(" ", text) if text.strip(_BLANKS) else " "
        self._write(text)
        if self._anchors:
            self._anchors[-1].words.append(text)

    def _write(self, words: str) -> None:
        pieces = self._quoted if self._quoting or self._look & _QUOTED else self._own
        pieces.append(words)
        self._is_mid_line = True

    def _end_line(self) -> None:
        """End the line of the own words and of the quoted ones: a block in either parts both."""
        self._own.append("\n")
        self._quoted.append("\n")
        self._is_mid_line = False

    def _link(self, target: str, text: str) -> None:
        url = _tidy_url(target)
        if not _SCHEME.match(url):
            url = _resolve(self._base, url)
        if url and not url.startswith("#"):
            self._links.append((Link(url, host_of(url), text), self._quoting or bool(self._look & _QUOTED)))


def _derive(look: int, tag: str, attributes: Mapping[str, str | None]) -> int:
    """How text in an element looks, by its attributes and by its inline style."""
    if "hidden" in attributes:
        look |= _HIDDEN
    if tag == "pre":
        look |= _PREFORMATTED
    if ("class" in attributes or tag == "blockquote") and _is_quote(tag, attributes):
        look |= _QUOTED
    if style := attributes.get("style"):
        kept, added = _effect(style[:_LONGEST_URL])
        return look & kept | added
    if (colour := attributes.get("color")) and (ground := attributes.get("bgcolor")):
        return look & ~_COLOURLESS | _COLOURLESS * (_colour(colour) == _colour(ground))
    return look


def _is_quote(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Whether the element is a citation. A bare blockquote is not: in most mails it is an indentation."""
    if (names := attributes.get("class")) and _QUOTE_CLASSES.search(names):
        return True
    return tag == "blockquote" and ("cite" in attributes or (attributes.get("type") or "").lower() == "cite")


def _begins_quote(attributes: Mapping[str, str | None]) -> bool:
    """Whether all that follows the element is quoted: Thunderbird and Outlook mark only where it begins."""
    names = attributes.get("class"), attributes.get("id")
    return bool((names[0] and _QUOTE_BEGINS.search(names[0])) or (names[1] and _QUOTE_BEGINS.search(names[1])))


@lru_cache(maxsize=512)
def _effect(inline_style: str) -> tuple[int, int]:
    """What an inline style keeps of a look and what it adds, as far as it hides text or shows it again.

    `mso-hide` alone does not hide: it counts in Outlook only. Kept, because a page repeats few styles many times.
    """
    style = dict(_DECLARATION.findall(inline_style.lower()))
    changes = {_HIDDEN: True} if _is_gone(style) else {}
    if visibility := style.get("visibility"):
        changes[_INVISIBLE] = visibility.startswith(("hidden", "collapse"))
    if size := style.get("font-size") or style.get("font"):
        changes |= _tininess(size.strip())
    if colour := style.get("color"):
        ground = style.get("background-color") or style.get("background") or "none"
        changes[_COLOURLESS] = _is_clear(colour) or _colour(colour) == _colour(ground)
    return ~sum(changes), sum(trait for trait, has in changes.items() if has)


def _is_gone(style: Mapping[str, str]) -> bool:
    if style.get("display", "").startswith("none") or _is_at_most(style.get("opacity", ""), 0):
        return True
    sizes = [style.get(name, "") for name in ("width", "max-width", "height", "max-height")]
    return style.get("overflow", "").startswith("hidden") and any(_is_at_most(size, 1) for size in sizes)


def _tininess(size: str) -> dict[int, bool]:
    """Nothing for a relative size, which leaves tiny text tiny."""
    length = _LENGTH.match(size)
    if length and length[2] in {"%", "em"} and float(length[1]) > 0:
        return {}
    return {_TINY: bool(length) and _is_at_most(size, 1)}


def _is_at_most(length: str, most: float) -> bool:
    """Whether the CSS or HTML length is no more than `most` pixels; only zero is where the unit is a relative one."""
    match = _LENGTH.match(length.strip())
    if not match:
        return False
    return float(match[1]) <= (most if match[2] in {None, "px", "pt"} else 0)


def _is_clear(colour: str) -> bool:
    return colour.startswith("transparent") or bool(_ZERO_ALPHA.match(colour))


def _colour(words: str) -> str:
    """The colour as #rrggbb where its notation is known, otherwise as it is."""
    words = words.removesuffix("!important").strip()
    if rgb := _RGB.match(words):
        return "#" + "".join(f"{int(value) & 255:02x}" for value in rgb.groups())
    if len(words) == 4 and words.startswith("#"):
        return "#" + "".join(digit * 2 for digit in words[1:])
    return _COLOUR_NAMES.get(words, words)


def _tidy(pieces: list[str]) -> str:
    """The pieces as lines, without empty ones."""
    lines = (line.lstrip().rstrip(" \t\r") for line in "".join(pieces).split("\n"))
    return "\n".join(filter(None, lines)).strip()


def _tidy_url(url: str) -> str:
    """The URL as a browser reads it: no line ends or tabs in it, no blanks around it."""
    return _IN_URL.sub("", url[:_LONGEST_URL]).strip()


def _resolve(base: str, url: str) -> str:
    try:
        return urljoin(base, url) if base else url
    except ValueError:
        return url

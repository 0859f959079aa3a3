"""The file in which a domain tells mail programs where its servers are, as Thunderbird reads it too.

Only the domain's own web servers are asked, over HTTPS. The address is not sent, though the format allows it
(`?emailaddress=`): it would end in logs, and a redirection would hand it on; what differs from user to user comes as
a placeholder. Mozilla's database (ISPDB) is not asked: it would tell a third party who keeps the mailbox, and the large
providers stand in our own table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from watcher.discovery.found import Candidate, Origin, Tls, Way
from watcher.domains import is_ip, to_ascii
from watcher.text import clean

_MOST_SERVERS = 8
_LONGEST_USER = 320

_TLS: dict[str, Tls] = {"SSL": "implicit", "STARTTLS": "starttls"}  # "plain" is none of them
_WAYS = {
    "password-cleartext": Way.PASSWORD,
    "plain": Way.PASSWORD,
    "password-encrypted": Way.PASSWORD,
    "secure": Way.PASSWORD,
    "OAuth2": Way.OAUTH,
}
"""How the format calls the ways to log in that are open to us; "plain" and "secure" are their old names."""


def places(domain: str) -> tuple[str, ...]:
    """Where such a file may lie, likeliest first."""
    return (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    )


def read(content: bytes, address: str) -> tuple[Candidate, ...]:
    """The IMAP servers that a file names, in its order; none where it is no such file.

    Args:
        content: of the file, which anybody may have written.
        address: the addr-spec that stands for the placeholders.
    """
    root = _parse(content)
    if root is None:
        return ()
    found = (_server(element, address) for element in root.iterfind("./emailProvider/incomingServer[@type='imap']"))
    return tuple(candidate for candidate in found if candidate)[:_MOST_SERVERS]


class _Plain(TreeBuilder):
    """Builds the tree of a file that declares nothing: entities, with which XML is abused, need a declaration."""

    def doctype(self, *_: Any) -> None:
        raise ValueError("a document type is declared")


def _parse(content: bytes) -> Element | None:
    parser = XMLParser(target=_Plain())  # noqa: S314 - `_Plain` refuses what makes XML dangerous; expat loads nothing
    try:
        parser.feed(content)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError):  # not well-formed; refused by `_Plain`; an unknown encoding
        return None
    return root


def _server(element: Element, address: str) -> Candidate | None:
    host = to_ascii(_fill(_words(element, "hostname"), address))
    port = _words(element, "port")
    tls = _TLS.get(_words(element, "socketType"))
    user = _fill(_words(element, "username") or "%EMAILADDRESS%", address)
    ways = tuple(sorted(set(_ways(element)), key=list(Way).index))
    is_name = "." in host and not is_ip(host)
    is_port = port.isascii() and port.isdecimal() and len(port) <= 5 and 0 < int(port) < 65536
    if not (is_name and is_port and tls and ways and user == clean(user, _LONGEST_USER)):
        return None
    return Candidate(address, user, host, int(port), tls, Origin.AUTOCONFIG, ways)


def _ways(element: Element) -> Iterator[Way]:
    for authentication in element.iterfind("authentication"):
        way = _WAYS.get((authentication.text or "").strip())
        if way:
            yield way


def _words(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _fill(words: str, address: str) -> str:
    local, _, domain = address.rpartition("@")
    for placeholder, value in (("ADDRESS", address), ("LOCALPART", local), ("DOMAIN", domain)):
        words = words.replace(f"%EMAIL{placeholder}%", value)
    return words

"""The file in which a domain tells mail programs its servers, honest and hostile."""

from __future__ import annotations

import time

import pytest

from watcher.discovery.autoconfig import places, read
from watcher.discovery.found import Candidate, Origin, Way

ADDRESS = "taro@example.jp"


def file_with(*servers: str, head: str = '<?xml version="1.0"?>') -> str:
    """A file that names these servers."""
    body = "".join(servers)
    return f'{head}<clientConfig version="1.1"><emailProvider id="x">{body}</emailProvider></clientConfig>'


def server(**changed: str) -> str:
    """One IMAP server, as the format wants it but for what is changed; an empty value leaves the element out."""
    values = {
        "kind": "imap",
        "hostname": "imap.example.jp",
        "port": "993",
        "socketType": "SSL",
        "authentication": "password-cleartext",
        "username": "%EMAILADDRESS%",
        **changed,
    }
    elements = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if name != "kind" and value)
    return f'<incomingServer type="{values["kind"]}">{elements}</incomingServer>'


def found(user: str = ADDRESS, ways: tuple[Way, ...] = (Way.PASSWORD,), host: str = "imap.example.jp") -> Candidate:
    """What such a server becomes."""
    return Candidate(ADDRESS, user, host, 993, "implicit", Origin.AUTOCONFIG, ways)


USERS = {
    "%EMAILADDRESS%": "taro@example.jp",
    "%EMAILLOCALPART%": "taro",
    "%EMAILLOCALPART%.%EMAILDOMAIN%": "taro.example.jp",
    "": "taro@example.jp",
    "shared": "shared",
    "  %EMAILADDRESS%\n": "taro@example.jp",
    "%EMAILNONSENSE%": "%EMAILNONSENSE%",
}

WAYS = {
    "password-cleartext": (Way.PASSWORD,),
    "plain": (Way.PASSWORD,),
    "password-encrypted": (Way.PASSWORD,),
    "secure": (Way.PASSWORD,),
    "OAuth2": (Way.OAUTH,),
    "OAuth2</authentication><authentication>password-cleartext": (Way.PASSWORD, Way.OAUTH),
    "password-encrypted</authentication><authentication>password-cleartext": (Way.PASSWORD,),
    "GSSAPI</authentication><authentication>plain": (Way.PASSWORD,),
}

REFUSED = {
    "POP3": server(kind="pop3"),
    "Exchange": server(kind="exchange"),
    "no encryption": server(socketType="plain", port="143"),
    "no word of encryption": server(socketType=""),
    "another word for it": server(socketType="ssl "),
    "no way in": server(authentication="GSSAPI"),
    "no word of a way in": server(authentication=""),
    "no host": server(hostname=""),
    "a script for a host": server(hostname="javascript:alert(1)"),
    "a URL for a host": server(hostname="https://imap.example.jp/"),
    "a host with a control character": server(hostname="imap.exa&#x9;mple.jp"),
    "a host with an escape": server(hostname="imap.exa&#x85;mple.jp"),
    "a host with a new line": server(hostname="imap.example.jp\r\nlogout"),
    "a host with a user": server(hostname="taro@imap.example.jp"),
    "a host with a port": server(hostname="imap.example.jp:993"),
    "a host of this network": server(hostname="imap"),
    "localhost": server(hostname="localhost"),
    "an IPv4 address": server(hostname="127.0.0.1"),
    "a disguised IPv4 address": server(hostname="0x7f.1"),
    "an IPv6 address": server(hostname="[::1]"),
    "an endless host": server(hostname="a." * 200 + "jp"),
    "no port": server(port=""),
    "port 0": server(port="0"),
    "port 65536": server(port="65536"),
    "a negative port": server(port="-993"),
    "a port in other digits": server(port="９９３"),
    "a port too long to be counted": server(port="9" * 100_000),
    "a user of two lines": server(username="taro&#10;logout"),
    "a user who runs backwards": server(username="taro\u202e@example.jp"),
    "an endless user": server(username="x" * 400),
}

NO_FILES = {
    "nothing": b"",
    "HTML": b"<!DOCTYPE html><html><body>Not found</body></html>",
    "HTML without a document type": b"<html><body><p>Not found</body></html>",
    "JSON": b'{"imap": "imap.example.jp"}',
    "half a file": file_with(server())[:-20].encode(),
    "two roots": file_with(server()).encode() * 2,
    "a document type": file_with(server(), head="<!DOCTYPE clientConfig>").encode(),
    "a document type from elsewhere": file_with(
        server(), head='<!DOCTYPE clientConfig SYSTEM "https://example.net/x.dtd">'
    ).encode(),
    "an entity": file_with(server(hostname="&host;"), head='<!DOCTYPE x [<!ENTITY host "imap.example.jp">]>').encode(),
    "an entity that is a file": file_with(
        server(username="&file;"), head='<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    ).encode(),
    "an entity that nobody declared": file_with(server(hostname="&host;")).encode(),
    "an encoding that does not exist": file_with(server(), head='<?xml version="1.0" encoding="x-nothing"?>').encode(),
    "an encoding that does not fit": file_with(server(username="太郎"), head='<?xml version="1.0"?>').encode("cp932"),
    "an encoding of several octets": file_with(
        server(username="太郎"), head='<?xml version="1.0" encoding="shift_jis"?>'
    ).encode("cp932"),
    "a NUL": file_with(server()).encode().replace(b"993", b"99\x003"),
    "another namespace": file_with(server()).replace("<clientConfig", '<clientConfig xmlns="urn:x"').encode(),
}


def test_a_file_is_read() -> None:
    """A plain file gives the server that it names, under the address's own name."""
    assert read(file_with(server()).encode(), ADDRESS) == (found(),)


def test_a_file_in_another_encoding_is_read() -> None:
    """The encoding that a file declares is believed."""
    content = file_with(server(), head='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16")

    assert read(content, ADDRESS) == (found(),)


def test_starttls_is_read() -> None:
    """A server that is reached by STARTTLS is one too."""
    (candidate,) = read(file_with(server(socketType="STARTTLS", port="143")).encode(), ADDRESS)

    assert (candidate.port, candidate.tls) == (143, "starttls")


def test_servers_keep_their_order() -> None:
    """What the domain names first comes first, and what cannot be used is passed over."""
    servers = [server(kind="pop3"), server(hostname="b.example.jp"), server(port="0"), server(hostname="a.example.jp")]

    hosts = [candidate.host for candidate in read(file_with(*servers).encode(), ADDRESS)]

    assert hosts == ["b.example.jp", "a.example.jp"]


def test_not_every_server_is_taken() -> None:
    """A file that names thousands gives eight."""
    servers = [server(hostname=f"imap{number}.example.jp") for number in range(1000)]

    assert len(read(file_with(*servers).encode(), ADDRESS)) == 8


@pytest.mark.parametrize(("words", "user"), USERS.items())
def test_users(words: str, user: str) -> None:
    """Placeholders stand for the parts of the address, and the address is the name unless another is given."""
    assert read(file_with(server(username=words)).encode(), ADDRESS) == (found(user=user),)


def test_the_host_has_placeholders_too() -> None:
    """A hoster's file serves all his domains."""
    content = file_with(server(hostname="imap.%EMAILDOMAIN%")).encode()

    assert read(content, "taro@xn--wgv71a119e.jp")[0].host == "imap.xn--wgv71a119e.jp"


def test_a_host_in_its_own_script_is_translated() -> None:
    """A server's name comes out as DNS knows it."""
    assert read(file_with(server(hostname="IMAP.日本語.jp")).encode(), ADDRESS)[0].host == "imap.xn--wgv71a119e.jp"


@pytest.mark.parametrize(("words", "ways"), WAYS.items())
def test_ways(words: str, ways: tuple[Way, ...]) -> None:
    """The ways in that are open to us are offered, passwords before OAuth."""
    assert read(file_with(server(authentication=words)).encode(), ADDRESS) == (found(ways=ways),)


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
def test_a_server_that_is_refused(refused: str) -> None:
    """What is no protected IMAP server under a proper name is passed over, and what stands beside it is not."""
    assert read(file_with(refused, server(hostname="good.example.jp")).encode(), ADDRESS) == (
        found(host="good.example.jp"),
    )


@pytest.mark.parametrize("content", NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_file(content: bytes) -> None:
    """What is not well-formed, or declares anything, tells nothing."""
    assert read(content, ADDRESS) == ()


def test_entities_that_grow_are_not_unfolded() -> None:
    """A file that would grow to gigabytes is refused before it grows at all."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    content = file_with(server(username="&e11;"), head=f'<!DOCTYPE x [<!ENTITY e0 "{"x" * 100}">{entities}]>').encode()
    start = time.process_time()

    assert read(content, ADDRESS) == ()
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("content", [b"<a>" * 80_000, b"<a>" * 40_000 + b"</a>" * 40_000, b"<a " + b"b" * 250_000])
def test_depth_and_length_do_no_harm(content: bytes) -> None:
    """A file as deep or as broad as its size allows is gone through in no time."""
    start = time.process_time()

    assert read(content, ADDRESS) == ()
    assert time.process_time() - start < 1


def test_the_address_is_not_sent() -> None:
    """The places that are asked name the domain, and not whose mailbox it is."""
    assert places("example.jp") == (
        "https://autoconfig.example.jp/mail/config-v1.1.xml",
        "https://example.jp/.well-known/autoconfig/mail/config-v1.1.xml",
    )

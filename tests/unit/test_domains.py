"""Host names: compared as DNS knows them, shown as is harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.domains import (
    host_of,
    is_ip,
    is_loopback,
    is_within,
    label,
    registrable,
    same_organisation,
    suffix,
    to_ascii,
    to_unicode,
)


@pytest.mark.parametrize(
    ("host", "ascii_host"),
    [
        ("WWW.Example.COM.", "www.example.com"),
        ("日本郵便.jp", "xn--wtqu35cb2as82i.jp"),
        ("日本郵便。ｊｐ", "xn--wtqu35cb2as82i.jp"),
        ("ａｍａｚｏｎ．ｃｏ．ｊｐ", "amazon.co.jp"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("localhost", "localhost"),
        ("192.0.2.1", "192.0.2.1"),
        ("0x7f.1", "127.0.0.1"),
        ("3221225985", "192.0.2.1"),
        ("[IPv6:2001:DB8::1]", "2001:db8::1"),
        ("999.1.1.1", ""),
        ("a..b", ""),
        ("-a.com", ""),
        ("x" * 64 + ".com", ""),
        ("a b.com", ""),
        ("x." * 200, ""),
        ("", ""),
        (".", ""),
    ],
)
def test_hosts_have_one_ascii_form(host: str, ascii_host: str) -> None:
    """Case, width, dots and number forms make no difference; nonsense is empty."""
    assert to_ascii(host) == ascii_host


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("xn--wtqu35cb2as82i.jp", "日本郵便.jp"),
        ("xn--bcher-kva.example", "bücher.example"),
        ("пример.com", "пример.com"),
        ("аррӏе.com", "xn--80ak6aa92e.com"),
        ("аmazon.com", "xn--mazon-3ve.com"),
        ("xn--ls8h.com", "xn--ls8h.com"),
        ("xn--.com", ""),
        ("example.com", "example.com"),
    ],
)
def test_hosts_are_shown_as_is_harmless(host: str, shown: str) -> None:
    """One script a label is shown; mixtures, lookalikes and pictures stay A-labels."""
    assert to_unicode(host) == shown


@pytest.mark.parametrize(
    ("host", "domain", "public_suffix", "name"),
    [
        ("www.amazon.co.jp", "amazon.co.jp", "co.jp", "amazon"),
        ("amazon.co.jp", "amazon.co.jp", "co.jp", "amazon"),
        ("co.jp", "co.jp", "co.jp", ""),
        ("shop.foo.github.io", "foo.github.io", "github.io", "foo"),
        ("a.b.example.unknown", "example.unknown", "unknown", "example"),
        ("www.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn", "xn--55qx5d.cn", "xn--85x722f"),
        ("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn", "xn--55qx5d.cn", "xn--85x722f"),
        ("www.xn--a.xn--a.cn", "xn--a.cn", "cn", "xn--a"),
        ("192.0.2.1", "192.0.2.1", "", ""),
        ("localhost", "localhost", "localhost", ""),
        ("", "", "", ""),
    ],
)
def test_hosts_are_split_at_the_public_suffix(host: str, domain: str, public_suffix: str, name: str) -> None:
    """The registrable domain, its suffix and what is before it; an IP address or a suffix stays itself."""
    assert (registrable(host), suffix(host), label(host)) == (domain, public_suffix, name)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("imap.localhost", False),
        ("localhost.", False),
        ("localhost.example.jp", False),
        ("127.0.0.1.example.jp", False),
        ("0x7f.1", False),
        ("192.168.1.2", False),
        ("0.0.0.0", False),  # noqa: S104 - every address is not this computer alone
        ("", False),
    ],
)
def test_this_computer(host: str, here: bool) -> None:  # noqa: FBT001 - a table
    """Only what nobody has to be asked about is this computer for sure."""
    assert is_loopback(host) is here


@pytest.mark.parametrize(
    ("host", "domain", "within"),
    [
        ("mail.example.co.jp", "example.co.jp", True),
        ("EXAMPLE.co.jp", "example.co.jp", True),
        ("badexample.co.jp", "example.co.jp", False),
        ("example.co.jp.evil.top", "example.co.jp", False),
        ("example.co.jp", "mail.example.co.jp", False),
        ("", "", False),
    ],
)
def test_a_domain_stands_for_its_subdomains(host: str, domain: str, within: bool) -> None:  # noqa: FBT001 - a table
    """Only the domain itself and what lies below it is within."""
    assert is_within(host, domain) is within


def test_organisations_are_told_by_the_registrable_domain() -> None:
    """Neighbours under a public suffix are strangers, subdomains are family, nonsense is nobody."""
    assert same_organisation("a.example.co.jp", "b.example.co.jp")
    assert not same_organisation("example.co.jp", "other.co.jp")
    assert not same_organisation("a.github.io", "b.github.io")
    assert not same_organisation("", "")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.com/a", "www.example.com"),
        ("HTTPS://user:pw@Evil.example:8443/x@bank.jp", "evil.example"),
        ("https://bank.jp@evil.example", "evil.example"),
        ("https:\\\\evil.example\\@bank.jp", "evil.example"),
        ("http:evil.example", "evil.example"),
        ("//evil.example/x", "evil.example"),
        ("http://evil%2eexample/", "evil.example"),
        ("http://[::1]:80/", "::1"),
        ("http://2130706433/", "127.0.0.1"),
        ("https://日本郵便.jp/?q", "xn--wtqu35cb2as82i.jp"),
        ("mailto:a@b.example", ""),
        ("javascript:alert(1)", ""),
        ("/path", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_url_is_where_a_browser_goes(url: str, host: str) -> None:
    """Credentials, ports, backslashes, escapes and number forms lead to the real host."""
    assert host_of(url) == host


@given(st.text())
def test_no_host_raises(host: str) -> None:
    """Any text at all is taken, and what comes out is stable."""
    ascii_host = to_ascii(host)
    assert to_ascii(ascii_host) == ascii_host
    assert is_within(host, host) is bool(ascii_host)
    assert is_ip(registrable(host)) is is_ip(ascii_host)
    to_unicode(host)
    label(host)
    host_of("http://" + host)

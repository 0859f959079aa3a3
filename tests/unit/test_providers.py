"""The built-in table of mail providers."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from urllib.parse import urlsplit

import pytest

from watcher.discovery.found import Origin, Way
from watcher.discovery.providers import (
    Provider,
    by_domain,
    by_exchanger,
    by_host,
    by_key,
    candidate,
    providers,
)
from watcher.domains import is_ip, is_within, registrable, to_ascii

PAGES = set("gmail outlook icloud yahoo-japan docomo au softbank ocn nifty fastmail".split())
"""Those that docs/providers has; "dovecot" is the page of servers that no row can know."""

DOMAINS = {
    "gmail.com": "gmail",
    "GoogleMail.com": "gmail",
    "hotmail.co.jp": "outlook",
    "contoso.onmicrosoft.com": "outlook",
    "me.com": "icloud",
    "yahoo.co.jp": "yahoo_japan",
    "yahoo.com": "yahoo",
    "docomo.ne.jp": "docomo",
    "ezweb.ne.jp": "au",
    "au.com": "au",
    "i.softbank.jp": "softbank",
    "ocn.ne.jp": "ocn",
    "aria.ocn.ne.jp": "ocn",
    "mb1.nifty.com": "nifty",
    "fastmail.com": "fastmail",
    "example.jp": None,
    "softbank.ne.jp": None,  # S!メール is no IMAP mailbox
    "gmail.com.example": None,
    "notocn.ne.jp": None,
    "ocn.ne.jp.example": None,
    "mail.gmail.com": None,
    "": None,
}

HOSTS = {
    "imap.gmail.com": "gmail",
    "IMAP.googlemail.com": "gmail",
    "outlook.office365.com": "outlook",
    "imap-mail.outlook.com": "outlook",
    "imap.mail.yahoo.co.jp": "yahoo_japan",
    "imap.spmode.ne.jp": "docomo",
    "imap.example.jp": None,
    "evil-imap.gmail.com": None,
    "127.0.0.1": None,  # Proton's Bridge, or anything else
    "": None,
}

EXCHANGERS = {
    "aspmx.l.google.com": "gmail",
    "alt1.aspmx.l.google.com.": "gmail",
    "smtp.google.com": "gmail",
    "example-jp.mail.protection.outlook.com": "outlook",
    "in1-smtp.messagingengine.com": "fastmail",
    "mx.example.jp": None,
    "google.com.example": None,
    "": None,
}

LINK = re.compile(r"https://[^\s;]+")


@pytest.mark.parametrize("provider", providers(), ids=lambda provider: provider.key)
class TestRow:
    """What holds for every row."""

    def test_it_is_complete(self, provider: Provider) -> None:
        """Whoever reads the table finds a name, a server, a way in and a word of advice, in both languages."""
        assert re.fullmatch(r"[a-z][a-z0-9_]*", provider.key)
        assert provider.domains
        assert all(to_ascii(domain.removeprefix("*.")) == domain.removeprefix("*.") for domain in provider.domains)
        assert to_ascii(provider.host) == provider.host
        assert provider.user in {"address", "local part", "own"}
        assert all(words.strip() for text in (provider.label, provider.note) for words in (text.ja, text.en))
        assert provider.note.ja.endswith("。")
        assert provider.note.en.endswith(".")

    def test_it_is_protected(self, provider: Provider) -> None:
        """No row leads to a connection that others can read."""
        assert (provider.port, provider.tls) == (993, "implicit") or is_ip(provider.host)
        assert provider.tls in {"implicit", "starttls"}

    def test_its_source_is_named(self, provider: Provider) -> None:
        """Every row names a page and a day, and one that calls itself verified a page of the provider itself."""
        links = LINK.findall(provider.source)

        assert links
        assert all(urlsplit(link).hostname for link in links)
        assert date.fromisoformat(provider.date.removeprefix("read "))
        if provider.verified:
            owned = {registrable(host) for host in (provider.host, *provider.other_hosts, *provider.mx)}
            owned |= {"google.com", "microsoft.com", *(domain.removeprefix("*.") for domain in provider.domains)}
            assert all(any(is_within(urlsplit(link).hostname or "", domain) for domain in owned) for link in links)

    def test_its_ways_fit_together(self, provider: Provider) -> None:
        """App passwords come before OAuth, and each way has what it needs."""
        ways = provider.ways
        assert ways
        assert len(set(ways)) == len(ways)
        assert ways.index(Way.OAUTH) == len(ways) - 1 if Way.OAUTH in ways else True
        assert bool(provider.oauth) == (Way.OAUTH in ways)
        assert provider.oauth in {"", "google", "microsoft"}
        assert Way.APP_PASSWORD in ways or not provider.app_password_url
        assert not provider.app_password_url or LINK.fullmatch(provider.app_password_url)
        assert provider.page in PAGES | {""}

    def test_its_account_is_found_by_each_domain(self, provider: Provider) -> None:
        """Every domain of a row leads to that row and to nothing else."""
        for domain in provider.domains:
            assert by_domain(domain.replace("*", "aria")) is provider


def test_nothing_stands_twice() -> None:
    """Keys, domains and servers belong to one row each."""
    for things in (
        [provider.key for provider in providers()],
        [domain for provider in providers() for domain in provider.domains],
        [host for provider in providers() for host in (provider.host, *provider.other_hosts)],
        [mx for provider in providers() for mx in provider.mx],
    ):
        assert [thing for thing, times in Counter(things).items() if times > 1] == []


def test_every_page_belongs_to_a_row() -> None:
    """The pages that the documentation promises are reached from the table."""
    assert {provider.page for provider in providers()} - {""} == PAGES


@pytest.mark.parametrize(("domain", "key"), DOMAINS.items())
def test_by_domain(domain: str, key: str | None) -> None:
    """A domain is known in any case, by itself or, where the row says so, by what lies below it."""
    found = by_domain(domain)

    assert (found.key if found else None) == key


@pytest.mark.parametrize(("host", "key"), HOSTS.items())
def test_by_host(host: str, key: str | None) -> None:
    """A server is known by its whole name, and never by an address of this machine."""
    found = by_host(host)

    assert (found.key if found else None) == key


@pytest.mark.parametrize(("host", "key"), EXCHANGERS.items())
def test_by_exchanger(host: str, key: str | None) -> None:
    """Whoever takes in a domain's mail is known by all hosts that lie below his names."""
    found = by_exchanger(host)

    assert (found.key if found else None) == key


@pytest.mark.parametrize(
    ("key", "address", "user"),
    [
        ("gmail", "taro@example.jp", "taro@example.jp"),
        ("icloud", "taro.y@icloud.com", "taro.y"),
        ("docomo", "taro..x@docomo.ne.jp", ""),
    ],
)
def test_candidate(key: str, address: str, user: str) -> None:
    """The name to log in with is made as the provider wants it, and left open where only its owner knows it."""
    provider = by_key(key)
    assert provider

    found = candidate(provider, address)

    assert (found.address, found.user) == (address, user)
    assert (found.host, found.port, found.tls, found.ways) == (provider.host, 993, "implicit", provider.ways)
    assert (found.origin, found.provider) == (Origin.TABLE, key)


def test_by_key_of_nobody() -> None:
    """A key that no row has leads nowhere."""
    assert by_key("nobody") is None

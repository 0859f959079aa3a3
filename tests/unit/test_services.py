"""What hosts offer to everybody: the lists, and how they are asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import watcher.brands
from watcher.brands import load
from watcher.brands.services import Services, read_services
from watcher.domains import is_ip, to_ascii
from watcher.model import Offer

FOLDER = Path(watcher.brands.__file__).parent / "offers"


@pytest.fixture(scope="module")
def services() -> Services:
    """The services that come with Watcher."""
    return read_services(FOLDER)


def domains(offer: Offer) -> list[str]:
    """The domains of a list, as they stand in its file."""
    lines = (FOLDER / f"{offer.name.lower()}.txt").read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(
    ("host", "offers"),
    [
        ("gmail.com", {Offer.MAILBOX}),
        ("GMail.com.", {Offer.MAILBOX}),
        ("yahoo.co.jp", {Offer.MAILBOX}),
        ("docomo.ne.jp", {Offer.MAILBOX}),
        ("privaterelay.appleid.com", {Offer.MAILBOX}),
        ("throw-away.dynv6.net", {Offer.MAILBOX, Offer.PAGE}),
        ("somebody.pages.dev", {Offer.PAGE}),
        ("docs.google.com", {Offer.PAGE}),
        ("storage.googleapis.com", {Offer.PAGE}),
        ("s3.ap-northeast-1.amazonaws.com", {Offer.PAGE}),
        ("contoso-my.sharepoint.com", {Offer.PAGE}),
        ("96.gigafile.nu", {Offer.PAGE}),
        ("lit.link", {Offer.PAGE}),
        ("bit.ly", {Offer.SHORT_LINK}),
        ("t.co", {Offer.SHORT_LINK}),
        ("x.gd", {Offer.SHORT_LINK}),
        ("www-bank-example.translate.goog", {Offer.REDIRECT}),
        ("jpn01.safelinks.protection.outlook.com", {Offer.WRAPPER}),
        ("urldefense.com", {Offer.WRAPPER}),
        ("a8-20.smtp-out.amazonses.com", {Offer.BULK_MAIL}),
        ("u1.ct.sendgrid.net", {Offer.BULK_MAIL, Offer.COUNTER}),
        ("shop.us1.list-manage.com", {Offer.COUNTER}),
        ("googleads.g.doubleclick.net", {Offer.COUNTER}),
    ],
)
def test_services_are_known_by_their_hosts(services: Services, host: str, offers: set[Offer]) -> None:
    """A host offers what it, or the domain that it lies below, is listed for."""
    assert services.offers(host) == offers


@pytest.mark.parametrize(
    "host",
    [
        "www.smbc.co.jp",
        "amazon.co.jp",
        "amzn.to",
        "youtu.be",
        "aka.ms",
        "facebook.com",
        "www.google.com",
        "accounts.google.com",
        "notifications.google.com",
        "login.microsoftonline.com",
        "www.linkedin.com",
        "www.samsung.com",
        "paypal-communication.com",
        "rakuten.co.jp",
        "rakuten.jp",
        "disney.ne.jp",
        "dcard.docomo.ne.jp",
        "shopping.mail.yahoo.co.jp",
        "notgmail.com",
        "gmail.com.evil.example",
        "ail.com",
        "com",
        "dev",
        "192.0.2.1",
        "",
        "# comment",
        "a" * 300,
    ],
)
def test_other_hosts_offer_nothing(services: Services, host: str) -> None:
    """Brands, their short links, what a mailbox provider sends itself, and what only looks like a service."""
    assert services.offers(host) == frozenset()


@pytest.mark.parametrize("offer", Offer)
def test_lists_are_sorted_and_clean(offer: Offer) -> None:
    """Each list holds domains in their one form, in the order in which they are searched, each once, not too deep."""
    lines = domains(offer)
    assert lines == sorted(set(lines))
    assert [line for line in lines if to_ascii(line) != line or "." not in line or is_ip(line)] == []
    assert [line for line in lines if line.count(".") > 5] == []


@pytest.mark.parametrize("offer", Offer)
def test_every_line_is_found(services: Services, offer: Offer) -> None:
    """The search reaches the first line, the last one and all between."""
    assert [
        line for line in domains(offer)[:: 7 if offer is Offer.MAILBOX else 1] if offer not in services.offers(line)
    ] == []


@pytest.mark.parametrize("offer", Offer)
def test_lists_name_their_sources(offer: Offer) -> None:
    """At the top of each list stand its date, its sources, and where their licences are."""
    head = (FOLDER / f"{offer.name.lower()}.txt").read_text("utf-8").partition("\n" + domains(offer)[0])[0]
    assert "Compiled 2026-" in head
    assert "Sources and licences: LICENCES.txt, [" in head
    assert all(line.startswith("# ") for line in head.splitlines())


@pytest.mark.parametrize("offer", [Offer.SHORT_LINK, Offer.BULK_MAIL])
def test_what_belongs_to_a_brand_is_not_everybodys(offer: Offer) -> None:
    """No short link and no bulk mailer is a domain of a brand, for whom it would speak."""
    owned = {domain for brand in load().brands() for domain in brand.domains}
    assert owned.intersection(domains(offer)) == set()


def test_lists_are_read_when_they_are_asked(tmp_path: Path) -> None:
    """Making the services costs nothing; asking them reads what stands in the folder by then."""
    services = read_services(tmp_path)
    for offer in Offer:
        (tmp_path / f"{offer.name.lower()}.txt").write_text(
            f"# A remark.\n{offer.name.lower().replace('_', '-')}.example\n"
        )

    assert services.offers("a.short-link.example") == {Offer.SHORT_LINK}
    assert services.offers("mailbox.example") == {Offer.MAILBOX}
    assert services.offers("a.mailbox.example") == frozenset()
    assert services.offers("example") == frozenset()


@given(host=st.one_of(st.text(), st.from_regex(r"([a-z0-9-]{0,5}\.){0,100}(pages\.dev|gmail\.com)", fullmatch=True)))
def test_no_host_raises(services: Services, host: str) -> None:
    """Any text at all is taken, and what lies below a service is as it is."""
    below = services.offers(f"a.{host}") if to_ascii(f"a.{host}") else frozenset()
    assert below <= services.offers(host) or to_ascii(host) == ""

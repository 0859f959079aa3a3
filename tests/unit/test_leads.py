"""Where the links of a mail lead, seen from the brand in whose name it is sent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.inquiries import catalogue, mail, passed
from watcher import leads
from watcher.model import Brand, Inquiry, Link

SAFE = "https://jpn01.safelinks.protection.outlook.com/?url={}&data=05"


def inquire(author: str = "Amazon <a@b.example>", **parts: Any) -> Inquiry:
    """A mail as the detectors are given it."""
    return mail(author=author, **({"subject": "x"} | parts))()


def brand(identifier: str) -> Brand:
    """A brand of the shipped catalogue."""
    return catalogue().brand(identifier)


def link(url: str) -> Link:
    """The one link of a mail with this address."""
    (found,) = inquire(html=f'<a href="{url}">x</a>').message.links
    return found


def hosts(links: tuple[Link, ...]) -> list[str]:
    """Where links lead by their own address."""
    return [each.host for each in links]


# Links.


def test_only_what_a_browser_opens_is_a_web_link() -> None:
    """Addresses to write to and telephone numbers lead nowhere."""
    inquiry = inquire(
        html='<a href="https://a.example/">a</a><a href="HTTP://b.example/">b</a><a href="//c.example/">c</a>'
        '<a href="mailto:x@d.example">d</a><a href="tel:+81312345678">e</a><a href="ftp://f.example/">f</a>'
    )

    assert hosts(leads.web_links(inquiry)) == ["a.example", "b.example", "c.example"]


def test_links_that_are_quoted_are_not_the_senders() -> None:
    """Who quotes a mail does not send its links."""
    inquiry = inquire(text="見て https://a.example/\n\n> https://b.example/\n")

    assert hosts(leads.web_links(inquiry)) == ["a.example"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x", ("a.example",)),
        (SAFE.format("https%3A%2F%2Fwww.amazon.co.jp%2F"), ("www.amazon.co.jp",)),
        ("https://www.google.com/url?q=https://a.example/", ("a.example",)),
        ("https://bit.ly/3aBc", ("bit.ly",)),
        ("https://a.example/?url=https://www.amazon.co.jp/", ("a.example",)),
    ],
)
def test_hosts_of(url: str, expected: tuple[str, ...]) -> None:
    """A wrapper that says where it leads is seen through; a stranger's word for it is not taken."""
    assert leads.hosts_of(link(url), inquire()) == expected


# Home.


@pytest.mark.parametrize(
    ("identifier", "url", "expected"),
    [
        ("amazon", "https://www.amazon.co.jp/", True),
        ("amazon", "https://sellercentral.amazon.de/", True),
        ("amazon", SAFE.format("https%3A%2F%2Fwww.amazon.co.jp%2F"), True),
        ("rakuten_card", "https://www.rakuten.co.jp/", True),
        ("paypal", "https://www.paypal-experience.com/", True),
        ("amazon", "https://www.amazon.co.jp.x.example/", False),
        ("amazon", SAFE.format("https%3A%2F%2Fx.example%2F"), False),
        ("amazon", "https://www.paypal.com/", False),
        ("amazon", "https://b.example/", False),
    ],
)
def test_leads_home(identifier: str, url: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """Home are the brand's own hosts, its family's and its services', also behind a wrapper, but not the sender's."""
    assert leads.leads_home(link(url), brand(identifier), inquire()) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.b.example/", True),
        ("https://portal.company.example/", True),
        ("https://x.example/", False),
        ("https://company.example.x.example/", False),
    ],
)
def test_a_role_is_at_home_with_the_sender_and_the_reader(url: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """Whoever looks after the reader's mail links to his own firm, or to the reader's."""
    inquiry = inquire("Webmail Administrator <a@b.example>", to="taro@company.example")

    assert leads.leads_home(link(url), brand("mail_administrator"), inquiry) is expected


def test_a_role_is_not_at_home_where_everybody_has_a_mailbox() -> None:
    """The reader's provider is no organisation of the reader's."""
    inquiry = inquire("Webmail Administrator <a@b.example>", to="taro@docomo.ne.jp")

    assert not leads.leads_home(link("https://mail.docomo.ne.jp/"), brand("mail_administrator"), inquiry)


@pytest.mark.parametrize(
    ("author", "results", "expected"),
    [
        ("Amazon 物販教室みなと校 <a@b.example>", passed("b.example"), True),
        ("Amazon 物販教室みなと校 <a@b.example>", "", False),
        ("Amazon 物販教室みなと校 <a@b.example>", "spf=softfail; dkim=none", False),
        ("Amazon <a@b.example>", passed("b.example"), False),
    ],
)
def test_a_confirmed_sender_is_at_home_where_the_brand_is_one_word(author: str, results: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """Who teaches to sell at a shop links to his own pages; who calls himself the shop does not."""
    inquiry = inquire(author, results=results)

    assert leads.leads_home(link("https://www.b.example/"), brand("amazon"), inquiry) is expected


# Bystanders.


@pytest.mark.parametrize(
    ("identifier", "url", "expected"),
    [
        ("amazon", "https://www.instagram.com/amazon", True),
        ("amazon", "https://apps.apple.com/jp/app/id1", True),
        ("amazon", "https://protect-eu.mimecast.com/s/AbCd", True),
        ("amazon", SAFE.format("https%3A%2F%2Fwww.facebook.com%2Famazon"), True),
        ("amazon", SAFE.format("https%3A%2F%2Fx.example%2F"), False),
        ("amazon", "https://docs.google.com/forms/d/1", False),
        ("amazon", "https://drive.google.com/file/d/1", False),
        ("amazon", "https://bit.ly/3aBc", False),
        ("amazon", "https://x.pages.dev/", False),
        ("amazon", "https://x.example/", False),
        ("amazon", "https://www.paypal.com.x.example/", False),
        ("amazon", "https://u1.ct.sendgrid.net/ls/click?upn=1", False),
        ("mail_administrator", "https://u1.ct.sendgrid.net/ls/click?upn=1", True),
        ("mail_administrator", "https://forms.office.com/r/abc", False),
    ],
)
def test_is_bystander(identifier: str, url: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """The own pages of known brands speak neither way; what everybody can put there does."""
    assert leads.is_bystander(link(url), brand(identifier), inquire()) is expected


def test_foreign_links_are_what_is_left() -> None:
    """Neither home nor a bystander: these are the links that an impostor wants clicked."""
    inquiry = inquire(
        text="https://www.amazon.co.jp/ https://www.instagram.com/amazon https://x.example/1 https://bit.ly/3aBc"
    )

    assert hosts(leads.foreign_links(brand("amazon"), inquiry)) == ["x.example", "bit.ly"]

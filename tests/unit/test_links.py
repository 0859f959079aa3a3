"""Links: where they lead by their own words, and what is odd about their hosts."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.domains import to_ascii
from watcher.links import Oddity, destinations, has_risky_suffix, oddity
from watcher.model import Offer

OFFERS = {
    "wrapper.example": frozenset({Offer.WRAPPER}),
    "redirect.example": frozenset({Offer.REDIRECT}),
    "counter.example": frozenset({Offer.COUNTER}),
    "bulk.example": frozenset({Offer.BULK_MAIL}),
    "short.example": frozenset({Offer.SHORT_LINK}),
    "pages.example": frozenset({Offer.PAGE}),
    "doubleclick.net": frozenset({Offer.COUNTER}),
}
"""What the hosts of these tests offer; the services of the world are known by the form of their links."""

TARGET = "https://www.bank.example/login"
BASE64 = b64encode(f"{TARGET}?a=>>>???".encode()).decode()
BASE64URL = urlsafe_b64encode(f"{TARGET}?a=>>>???".encode()).decode().rstrip("=")


def offers(host: str) -> frozenset[Offer]:
    """What the host or a domain above it offers."""
    return next((OFFERS[domain] for domain in OFFERS if f".{host}".endswith(f".{domain}")), frozenset())


@pytest.mark.parametrize(
    "url",
    [
        "https://jpn01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.bank.example%2Flogin&data=05%7C02%7Cx%40y",
        "https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp.html?url=https%3A%2F%2Fwww.bank.example",
        "https://urldefense.proofpoint.com/v1/url?u=https%3A%2F%2Fwww.bank.example%2F&k=abc",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.bank.example_login-3Fa-3D1&d=DwMFaQ&c=x",
        "https://www.google.com/url?q=https://www.bank.example/&source=gmail&ust=17",
        "https://www.google.co.jp/url?sa=t&url=https%3A%2F%2Fwww.bank.example%2F&usg=x",
        "https:\\\\www.google.com\\url?q=https://www.bank.example/",
        "https://www.google.com/amp/s/www.bank.example/login",
        "https://translate.google.com/translate?sl=auto&tl=ja&u=https://www.bank.example/login",
        "https://www-bank-example.translate.goog/login?_x_tr_sl=auto&_x_tr_tl=ja",
        "https://bank-example.translate.goog/?_x_tr_hp=www-",
        "https://www-bank-example.cdn.ampproject.org/c/s/www.bank.example/login",
        f"https://www.bing.com/ck/a?!&&p=8f1&u=a1{BASE64URL}&ntb=1",
        "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fwww.bank.example%2flogin&c=E,1",
        "https://ddec1-0-en-ctp.trendmicro.com:443/wis/clicktime/v1/query?url=https%3a%2f%2fwww.bank.example&umid=1",
        f"https://eu-central-1.protection.sophos.com/?d=bank.example&u={BASE64}&i=x",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.bank.example%2F%3Ffbclid%3D1&h=AT0",
        "https://www.linkedin.com/redir/redirect?url=https%3A%2F%2Fwww.bank.example&urlhash=x",
        "https://www.youtube.com/redirect?event=video&q=https%3A%2F%2Fwww.bank.example%2F",
        "https://googleads.g.doubleclick.net/pcs/click?xai=A&adurl=https://www.bank.example/",
        "https://ad.doubleclick.net/ddm/clk/1;2;a?https://www.bank.example/?x=1",
    ],
)
def test_known_services_are_seen_through(url: str) -> None:
    """The forms of link wrappers, translators, searches and social networks lead to their target."""
    assert destinations(url, offers) == ("www.bank.example",)


@pytest.mark.parametrize(
    "url",
    [
        "https://wrapper.example/v3/__https://www.bank.example/login?a=b__;!!Abc!x$",
        "https://wrapper.example/v3/__https://www.bank.example__;!!Abc!x$",
        "https://eu.wrapper.example/v2/___https://www.bank.example___.YXAz",
        "https://wrapper.example/1abc/https%3A%2F%2Fwww.bank.example%2Flogin",
        "https://counter.example/L0/https:%2F%2Fwww.bank.example%2Fa/1/0100",
        "https://counter.example/CL0/https://www.bank.example/a?utm=1",
        "https://redirect.example/?go=https%253A%252F%252Fwww.bank.example%252F",
        "https://redirect.example/RU=https%3a%2f%2fwww.bank.example%2f/RK=2",
        "https://redirect.example/?https://www.bank.example/?x=1&y=2",
        f"https://redirect.example/?r={BASE64}",
        f"https://redirect.example/?r={quote(BASE64)}",
        f"https://redirect.example/go/{BASE64URL}",
        "https://redirect.example/?a=https://www.bank.example/1&b=http://www.bank.example/2",
        "https://bulk.example/c?id=7&to=HTTPS://WWW.Bank.Example",
        "https://wrapper.example/?u=" + quote("https://counter.example/?u=" + quote(TARGET, safe=""), safe=""),
        "//redirect.example/?u=https://www.bank.example/",
    ],
)
def test_redirectors_that_say_so_are_followed(url: str) -> None:
    """One target, encoded in whatever way, nested in whatever place, is where the link leads."""
    assert destinations(url, offers) == ("www.bank.example",)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.shop.example/", "www.shop.example"),
        ("https://www.shop.example/?return=https://www.bank.example/", "www.shop.example"),
        ("https://www.shop.example/https://www.bank.example/", "www.shop.example"),
        ("https://pages.example/?u=https://www.bank.example/", "pages.example"),
        ("https://short.example/abc", "short.example"),
        ("https://short.example/?u=https://www.bank.example/", "short.example"),
        ("https://counter.example/ls/click?upn=u001.abc-2Bdef", "counter.example"),
        ("https://protect-eu.mimecast.com/s/abc?domain=bank.example", "protect-eu.mimecast.com"),
        ("https://redirect.example/?a=https://www.bank.example&b=https://evil.example", "redirect.example"),
        ("https://redirect.example/aHR0cHM6Ly9ldmlsLmV4YW1wbGU?u=https://www.bank.example", "redirect.example"),
        ("https://redirect.example/?u=www.bank.example", "redirect.example"),
        ("https://redirect.example/?u=/login", "redirect.example"),
        ("https://redirect.example/?u=aHR0cA", "redirect.example"),
        ("https://redirect.example/?u=javascript:alert(1)", "redirect.example"),
        ("https://www.google.com/search?q=https://www.bank.example/", "www.google.com"),
        ("https://www.google.com/url?q=https://www.bank.example&q=https://evil.example", "www.google.com"),
        ("https://google.com.evil.example/url?q=https://www.bank.example", "google.com.evil.example"),
        ("https://www.facebook.com/bank?u=https://www.bank.example", "www.facebook.com"),
        ("https://www.youtube.com/watch?v=1&q=https://www.bank.example", "www.youtube.com"),
        ("https://translate.goog/", "translate.goog"),
        ("https://a--b.translate.goog/", "a--b.translate.goog"),
        ("https://evil-example.translate.goog/?u=https://www.bank.example", "evil.example"),
        ("https://my--shop-example.translate.goog/", "my-shop.example"),
        ("https://0-wtqu35cb2as82i-jp.translate.goog/?_x_tr_enc=0", "xn--wtqu35cb2as82i.jp"),
        ("https://www.bank.example@evil.example/?u=https://www.bank.example", "evil.example"),
        ("www.shop.example/a", "www.shop.example"),
        ("http://192.0.2.1/?u=https://www.bank.example", "192.0.2.1"),
    ],
)
def test_other_links_lead_to_their_own_host(url: str, host: str) -> None:
    """A host that is no redirector, a target that cannot be read, and two targets are no reason to look further."""
    assert destinations(url, offers) == (host,)


@pytest.mark.parametrize(
    "url", ["", "mailto:info@bank.example", "tel:+81312345678", "#top", "/login", "https://", "[URL]"]
)
def test_what_has_no_host_leads_nowhere(url: str) -> None:
    """Addresses of mail, numbers of telephones and broken links have no destination."""
    assert destinations(url, offers) == ()


def test_redirectors_are_followed_five_deep() -> None:
    """A chain of redirectors ends where a person would lose patience, not where its author likes."""
    url = TARGET
    for _ in range(5):
        url = "https://redirect.example/?u=" + quote(url, safe="")
    assert destinations(url, offers) == ("www.bank.example",)
    assert destinations("https://redirect.example/?u=" + quote(url, safe=""), offers) == ("redirect.example",)


@pytest.mark.parametrize(
    ("url", "odd"),
    [
        ("http://203.0.113.7/login", Oddity.NUMERIC),
        ("http://3405803783/", Oddity.NUMERIC),
        ("http://0xcb.0x0.0x71.7/", Oddity.NUMERIC),
        ("http://[2001:db8::7]:8080/", Oddity.NUMERIC),
        ("http://[::ffff:203.0.113.7]/", Oddity.NUMERIC),
        ("https://www.bank.example@evil.example/", Oddity.USER),
        ("https://www.bank.example%2F@evil.example/", Oddity.USER),
        ("//user:password@evil.example", Oddity.USER),
        ("https://ⓔⓥⓘⓛ.example/", Oddity.CHANGES),
        ("https://𝐛𝐚𝐧𝐤.example/", Oddity.CHANGES),
        ("https://ｂａｎｋ.example/", Oddity.CHANGES),
        ("https://bank。ｃｏｍ/", Oddity.CHANGES),
        ("https://ba\u00adnk.example/", Oddity.CHANGES),
        ("https://%F0%9D%90%9Bank.example/", Oddity.CHANGES),
        ("https://xn--80ak6aa92e.com/", Oddity.PUNYCODE_MIXED),
        ("https://аррӏе.com/", Oddity.PUNYCODE_MIXED),
        ("https://pаypal.example/", Oddity.PUNYCODE_MIXED),
        ("https://bank.exampleノlogin.evil.example/", Oddity.PUNYCODE_MIXED),
    ],
)
def test_odd_hosts_are_named(url: str, odd: Oddity) -> None:
    """Numbers, user names, letters that change and mixed scripts are told from each other."""
    assert oddity(url) is odd


@pytest.mark.parametrize(
    "url",
    [
        "https://www.bank.example/",
        "HTTPS://WWW.Bank.Example:8443/",
        "https://medium.example/@author/post",
        "https://www.bank.example/?to=a@b.example",
        "mailto:info@bank.example",
        "tel:110",
        "/relative@path",
        "",
        "https://",
        "https://[URL]/",
        "http://192.168.1.1/",
        "http://10.0.0.1:8080/",
        "http://127.0.0.1/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[fe80::1]/",
        "http://[::ffff:192.168.0.1]/",
        "http://1.example/",
        "https://日本郵便.jp/",
        "https://日本郵便。jp/",
        "https://xn--wtqu35cb2as82i.jp/",
        "https://bücher.example/",
        "https://iphone修理.jp/",
        "https://eスポーツ.jp/",
        "https://カ\u3099ス.jp/",
        "https://ノート.jp/",
        "https://ソノ.jp/",
        "https://москва.рф/",
        "https://пример.com/",
        "https://ελλάδα.example/",
        "https://हिन्दी.example/",
        "https://paral·lel.cat/",
        "https://i❤.example/",
        "https://www.bank.example\u3000/",
        "https://www.bank.example\u200b/",
        "https://www.bank.example（公式）/",
        "https://xn--.example/",
        "https://xn--zzzzzzzz9.example/",
        "www.bank.example",
    ],
)
def test_ordinary_hosts_are_not_odd(url: str) -> None:
    """Devices at home, names in people's own languages, slips of the pen and at-signs elsewhere are nothing odd."""
    assert oddity(url) is None


@pytest.mark.parametrize(
    ("host", "risky"),
    [
        ("evil.top", True),
        ("www.evil.cn", True),
        ("evil.cyou", True),
        ("evil.com.cn", True),
        ("top", True),
        ("bank.example", False),
        ("www.bank.co.jp", False),
        ("bank.com", False),
        ("top.example", False),
        ("xyz.jp", False),
        ("bank.app", False),
        ("203.0.113.7", False),
        ("", False),
    ],
)
def test_risky_suffixes_are_known(host: str, risky: bool) -> None:  # noqa: FBT001 - a table
    """Only the ending counts, and only that of a suffix which is hardly used in earnest."""
    assert has_risky_suffix(host) is risky


PIECES = (
    "https:// http%3A%2F%2F // \\ / ? & = # @ % %25 . - _ -- ; : www.google.com/url?q= redirect.example/ u= "
    "aHR0cHM6Ly8 a1 x-y.translate.goog wrapper.example/v3/__ __; ___ xn-- xn--80ak6aa92e 127.1 "
    "[::1] ノ ① 日本 \u200b \ud800"
)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES.split()), max_size=40).map("".join)))
def test_no_link_raises(url: str) -> None:
    """Any text at all is taken, and what comes out are hosts."""
    assert len(destinations(url, offers)) <= 1
    assert all(host == to_ascii(host) != "" for host in destinations(url, offers))
    oddity(url)
    has_risky_suffix(url)


@pytest.mark.parametrize(
    "piece", ["%25", "https://redirect.example/?u=", "&u=https://a.example", "a.", "-", "e\u0301", "__;", "/"]
)
def test_endless_links_are_cut(piece: str) -> None:
    """What stands behind 4,096 characters is not read, whatever it is."""
    url = ("https://redirect.example/?u=" + piece * 4_096)[:4_096]
    assert destinations(url + piece * 500_000, offers) == destinations(url, offers)
    assert oddity("https://" + piece * 500_000) is None

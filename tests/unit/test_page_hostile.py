"""The report as a page: what it must never say, whatever a mail says."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from tests.kit import surveys
from tests.kit.inquiries import catalogue
from tests.kit.report_pages import HOSTILE, Elements, poisoned, survey, text
from tests.kit.surveys import case_of, month
from watcher.page import render

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
ACTIVE = {
    "script",
    "img",
    "iframe",
    "object",
    "embed",
    "link",
    "base",
    "form",
    "input",
    "audio",
    "video",
    "use",
    "image",
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_are_only_words(words: str, language: str) -> None:
    """Nothing from a mail becomes an element, an attribute, a template or an invisible character."""
    page = render(poisoned(words), language)
    harmless = Elements(render(poisoned("word"), language))
    elements = Elements(page)

    assert [tag for tag, _ in elements.elements] == [tag for tag, _ in harmless.elements]
    assert [set(each) for _, each in elements.elements] == [set(each) for _, each in harmless.elements]
    assert not FORBIDDEN.search(page.replace("\n", ""))
    assert "49" not in elements.text
    assert len(page) < 200_000
    page.encode()


def test_hostile_words_are_shown_as_they_are() -> None:
    """What a mail calls itself is shown to the letter, so that nobody is deceived about it either."""
    words = text(render(poisoned(HOSTILE["script"]), "en"))

    assert HOSTILE["script"] in words


@pytest.mark.parametrize("language", ["ja", "en"])
def test_nothing_is_loaded_and_nothing_runs(language: str) -> None:
    """The page has no script, no handler, no element that loads, and no style but its one."""
    elements = Elements(render(month(focus=7), language))

    assert not {tag for tag, _ in elements.elements} & ACTIVE
    attributes = {name for _, each in elements.elements for name in each}
    assert not {name for name in attributes if name.startswith("on")} | attributes & {"style", "src", "srcset"}
    assert len(elements.all("style")) == 1
    assert "url(" not in render(month(), language)
    assert "@import" not in render(month(), language)


def test_links_lead_to_the_catalogue_or_within() -> None:
    """Only what the catalogue or we ourselves vouch for can be pressed, by https, and without telling whence."""
    links = [each for each in Elements(render(month(), "ja")).all("a") if not str(each["href"]).startswith("#")]
    advice = {catalogue().brand(brand).advice_url for brand in ("japan_post", "smcc", "rakuten_card", "nta", "amazon")}

    hosts = {host for case in month().cases for host in case.imprint.hosts}
    targets = {str(each["href"]) for each in links}
    assert "https://www.post.japanpost.jp/notification/notice/fraud-mail.html" in targets
    assert {target for target in targets if "antiphishing" not in target} & advice
    assert all(target.startswith("https://") for target in targets)
    assert not {target for target in targets for host in hosts if host in target}
    assert all(each["rel"] == "noreferrer noopener" for each in links)


@pytest.mark.parametrize("url", ["http://brand.example/", "javascript:alert(1)", "data:text/html,x", ""])
def test_an_address_that_is_not_https_is_no_link(url: str) -> None:
    """A brand of the user's own whose page is not https is not linked."""
    brand = replace(catalogue().brand("japan_post"), advice_url=url)

    class Other:
        """A catalogue with that brand alone."""

        def brand(self, _identifier: str) -> object:
            return brand

        def owners(self, _host: str) -> tuple[()]:
            return ()

    page = render(survey(case_of(1, surveys.parcel(1), 1), catalogue=Other()), "en")

    assert {each["href"] for each in Elements(page).all("a")} == {"https://www.antiphishing.jp/"}


def test_hosts_of_mail_are_never_whole() -> None:
    """No host from a mail's links stands there so that something could take it for a link."""
    case = case_of(1, surveys.card(1), 1, verdict=None)

    assert "vpass-1[.]card-check[.]example" in render(survey(case), "en")
    assert "vpass-1.card-check.example" not in render(survey(case), "en")


def test_the_policy_allows_the_one_style_and_nothing_else() -> None:
    """The policy stands before the style, forbids everything, and vouches for the style by its hash."""
    page = render(month(), "ja")
    metas = {each.get("http-equiv") or each.get("name"): each.get("content") for each in Elements(page).all("meta")}
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = str(metas["Content-Security-Policy"])

    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src 'none'",
        "script-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert metas["referrer"] == "no-referrer"
    assert str(metas["robots"]).startswith("noindex")

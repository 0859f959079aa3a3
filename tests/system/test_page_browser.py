"""The report in a real browser: what is seen, where links lead, and that nothing in it runs or leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.kit import surveys
from tests.kit.browser import Browser, browsing
from tests.kit.report_pages import HOSTILE, poisoned, survey
from tests.kit.surveys import NOW, case_of, month
from watcher.model import Address, Imprint
from watcher.page import Survey, render

pytestmark = pytest.mark.chromium

PHONE, DESK = 360, 1000
SEEN = "document.body.innerText"
WIDTH = "document.scrollingElement.scrollWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with browsing() as browser:
        yield browser


def show(browser: Browser, folder: Path, what: Survey, language: str = "en", anchor: str = "") -> None:
    """Show the page of a survey."""
    page = folder / "report.html"
    page.write_text(render(what, language), "utf-8")
    browser.open(page, anchor)


def all_open(browser: Browser) -> None:
    """Open whatever can be opened."""
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ["Mail that poses as somebody else", "Japan Post", "What happens if it is opened", "watcher restore 12"],
        ),
        ("ja", ["なりすましメールの記録", "日本郵便", "もし開いてしまうと", "watcher restore 12"]),
    ],
)
def test_the_words_are_seen(browser: Browser, tmp_path: Path, language: str, words: list[str]) -> None:
    """What the page says is seen in both languages, once its mails are opened."""
    browser.look(DESK)
    show(browser, tmp_path, month(), language)
    all_open(browser)

    seen = browser.run(SEEN)
    assert [each for each in words if each not in seen] == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_chart_is_drawn(browser: Browser, tmp_path: Path, width: int) -> None:
    """Each bar of the chart has a size, a colour, and its place within the chart, on a phone as on a desk."""
    browser.look(width)
    show(browser, tmp_path, month())

    bars = browser.run(
        "[...document.querySelectorAll('figure > .chart rect')].map(bar => { const at = bar.getBoundingClientRect();"
        "const all = bar.ownerSVGElement.getBoundingClientRect();"
        "return at.width > 2 && at.height >= 2 && at.left >= all.left && at.right <= all.right + 1"
        "&& getComputedStyle(bar).fill !== 'rgb(0, 0, 0)' })"
    )
    days = {(case.date.astimezone(surveys.TOKYO).date(), case.author.name) for case in month().cases}
    assert bars == [True] * len(days)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_colours_follow_the_desktop(browser: Browser, tmp_path: Path, width: int) -> None:
    """In the dark the page is dark, and its words are light."""

    def brightness(of: str) -> int:
        colour = browser.run(f"getComputedStyle(document.body).{of}.match(/[0-9]+/g).slice(0, 3)")
        return sum(map(int, colour))

    browser.look(width, dark=True)
    show(browser, tmp_path, month())
    dark = brightness("backgroundColor"), brightness("color")
    browser.look(width)

    light = brightness("backgroundColor"), brightness("color")

    assert dark[1] - dark[0] > 450
    assert light[0] - light[1] > 450


def test_each_anchor_scrolls_to_its_mail(browser: Browser, tmp_path: Path) -> None:
    """An address that ends in a mail's number shows that mail, as far up as the page can be scrolled."""
    browser.look(DESK, 600)
    place = "[scrollY, document.getElementById(%r).getBoundingClientRect().top, innerHeight]"
    for case in month().cases[::5]:
        show(browser, tmp_path, month(), anchor=f"#mail-{case.id}")
        scrolled, top, height = browser.run(place % f"mail-{case.id}")

        assert scrolled > 0
        assert 0 <= top < height


def test_what_can_be_pressed_opens(browser: Browser, tmp_path: Path) -> None:
    """A mail opens without a script of ours; the one that was asked for is open already."""
    browser.look(DESK)
    show(browser, tmp_path, month(focus=7))
    opened = "[...document.querySelectorAll('details')].filter(each => each.open).length"

    before = browser.run(opened)
    browser.run("document.querySelector('#mail-22 summary').click()")

    assert (before, browser.run(opened)) == (1, 2)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("focus", [0, 7])
def test_a_phone_need_not_be_moved_sideways(browser: Browser, tmp_path: Path, focus: int, language: str) -> None:
    """At 360 pixels nothing is wider than the screen, with everything open."""
    browser.look(PHONE)
    show(browser, tmp_path, month(focus=focus), language)
    all_open(browser)

    assert browser.run(WIDTH) <= PHONE


def test_endless_words_break(browser: Browser, tmp_path: Path) -> None:
    """Neither words without a blank nor a crowd of accounts push the page apart."""
    long = "A" * 5000
    case = case_of(
        1,
        surveys.card(1),
        1,
        author=Address(long, long, f"{long}.example"),
        subject=long,
        imprint=Imprint(hosts=(f"{long}.example",), files=(f"{long}.exe",)),
    )
    others = [replace(case, id=n, place=replace(case.place, account=f"{n}{long}")) for n in range(2, 9)]
    browser.look(PHONE)
    show(browser, tmp_path, survey(case, *others))
    all_open(browser)

    assert browser.run(WIDTH) <= PHONE


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_hostile_mail_does_nothing(browser: Browser, tmp_path: Path, words: str) -> None:
    """A mail full of markup changes no title, asks for nothing, breaks no rule of the policy, and is shown as it is."""
    browser.look(DESK)
    show(browser, tmp_path, poisoned(words))
    all_open(browser)
    browser.run("document.querySelectorAll('bdi, summary').forEach(each => each.click())")

    assert browser.run("document.title") == "Watcher report"
    assert browser.requests() == [(tmp_path / "report.html").as_uri()]
    assert browser.complaints() == []
    if words.isprintable() and len(words) < 100:
        assert browser.run(f"{SEEN}.includes({' '.join(words.split())!r})")


def test_the_policy_is_in_force(browser: Browser, tmp_path: Path) -> None:
    """Were there a script, a handler, a picture or a style in the page after all, the browser would refuse it."""
    page = tmp_path / "broken.html"
    smuggled = "<script>document.title=1</script><img src=x onerror='document.title=1'><p style='color:red'>"
    page.write_text(render(month(), "en").replace("<main>", f"<main>{smuggled}"), "utf-8")
    browser.look(DESK)
    browser.open(page)

    assert browser.run("document.title") == "Watcher report"
    assert set(browser.requests()) - set(browser.refused()) == {page.as_uri()}
    assert sum("Content Security Policy" in each for each in browser.complaints()) >= 3


def test_nothing_leaves(browser: Browser, tmp_path: Path) -> None:
    """The whole report, opened and scrolled through, asks for nothing but itself, and the console stays empty."""
    browser.look(DESK)
    show(browser, tmp_path, month(focus=7), "ja")
    all_open(browser)
    browser.run("scrollTo(0, 1e6)")
    browser.run("new Promise(done => setTimeout(done, 300))")

    assert browser.requests() == [(tmp_path / "report.html").as_uri()]
    assert browser.complaints() == []


@pytest.mark.parametrize("words", ["\u202edrowssap", "שלום עולם", "\u2067abc", "مرحبا 123"], ids=ascii)
def test_directions_do_not_leak(browser: Browser, tmp_path: Path, words: str) -> None:
    """Words that run from right to left, or are told to, turn nothing around but themselves."""
    case = case_of(1, surveys.card(1), 1, author=Address(words, "info", "a.example"), subject=words)
    browser.look(DESK)
    show(browser, tmp_path, survey(case, now=NOW))
    left = "document.querySelector('article %s').getBoundingClientRect().left"

    name, address, number, state = (browser.run(left % each) for each in (".name", ".address", ".note", ".state"))

    assert name < address
    assert state < number
    assert browser.run("getComputedStyle(document.querySelector('article .reason')).direction") == "ltr"
    assert not set("\u202e\u2067") & set(browser.run(SEEN))


def test_a_command_is_taken_whole(browser: Browser, tmp_path: Path) -> None:
    """A click on a command selects all of it and nothing else."""
    browser.look(DESK)
    show(browser, tmp_path, month(focus=7))
    at = browser.run(
        "(() => { const box = document.querySelector('#mail-7 code').getBoundingClientRect();"
        "scrollTo({top: box.top - 100, behavior: 'instant'});"
        "const now = document.querySelector('#mail-7 code').getBoundingClientRect();"
        "return [now.left + 40, now.top + now.height / 2] })()"
    )
    for kind in ("mousePressed", "mouseReleased"):
        browser.order("Input.dispatchMouseEvent", type=kind, x=at[0], y=at[1], button="left", clickCount=1)

    assert browser.run("getSelection().toString()") == "watcher open 7"

"""What is kept of a suspicious mail to tell its like, and which mails make a campaign."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.inquiries import catalogue, read
from tests.kit.ledger import NOON, a_case
from tests.kit.mails import build
from tests.kit.waves import (
    BILL,
    CUSTOMS,
    FOOTER,
    FORM,
    LOCKED,
    LONG,
    ORNAMENT,
    PARCEL,
    PICTURE,
    PIXEL,
    SHORT,
    SURVEY,
    WIDE,
    attached,
    leading,
    lure,
    posing,
    sent,
)
from watcher.campaigns import group, imprint, of_case
from watcher.model import (
    Attachment,
    Campaign,
    Case,
    Finding,
    Imprint,
    Link,
    Member,
    Message,
    Opened,
    Opening,
    Trait,
)

DAY = timedelta(days=1)
Row = Callable[[], Sequence[Case]]


def is_public(host: str) -> bool:
    """As the catalogue knows it."""
    return bool(catalogue().offers(host) or catalogue().owners(host))


def grouped(cases: Sequence[Case]) -> tuple[Campaign, ...]:
    """The campaigns among these cases, which are numbered from 1."""
    return group([replace(case, id=number) for number, case in enumerate(cases, 1)], is_public=is_public)


LIKE: dict[str, Row] = {
    "other number, name, host": lambda: [lure(PARCEL, f"p{n}.example", n) for n in range(3)],
    "the same in English": lambda: [lure(LOCKED, f"p{n}.example", n * 997, brand="apple") for n in range(3)],
    "as a page": lambda: [lure(PARCEL), sent(html=f"<p>{PARCEL.format(host='a.example', number=2, name='山田')}</p>")],
    "full width": lambda: [lure(LOCKED), lure(LOCKED, number=2, disguise=lambda words: words.translate(WIDE))],
    "unseen letters": lambda: [lure(PARCEL), lure(PARCEL, number=2, disguise="\u200b".join)],
    "broken lines": lambda: [lure(LOCKED), lure(LOCKED, number=2, disguise=lambda words: words.replace(" ", "\n"))],
    "half of it is new": lambda: [lure(PARCEL, number=1), lure(PARCEL + CUSTOMS[:50], "other.example", 2)],
    "of no brand": lambda: [lure(SURVEY, "a.example", brand=""), lure(SURVEY, "b.example", brand="")],
    "second wave, same form": lambda: [
        attached("日本郵便追跡180701.zip", FORM, PARCEL, "a.example"),
        attached("委託運送状.zip", FORM, CUSTOMS, "b.example", day=29),
    ],
    "same form, other brand": lambda: [attached("a.zip", FORM), attached("b.zip", FORM, brand="yamato")],
    "full of numbers and addresses": lambda: [
        lure(BILL, "the-first-of-many-relays-that-nobody-could-tell-apart.any-old-server.example", 7),
        lure(BILL, "quick-brown-fox.jumps-over-lazy-dogs-until-their-company-sleeps.example", 8_152_773),
    ],
    "one domain": lambda: leading("a.trace.example", "b.trace.example"),
    "one domain, other text": lambda: [lure(PARCEL, "a.trace.example"), lure(CUSTOMS, "b.trace.example")],
    "one make, code": lambda: leading("japanpost-xk31.top", "www.japanpost-ab77.top"),
    "one make, number": lambda: leading("yubin7.example", "yubin12.example"),
    "one make, before the domain": lambda: leading("jp-post.xkqz.top", "www.jp-post.mwvb.top"),
    "own page among others'": lambda: leading("yubin.vercel.app", "yubin.vercel.app"),
    "behind a redirector": lambda: leading("trace.example", "www.google.com/url?q=https://trace.example"),
    "same picture, no words": lambda: [attached("1.png", PICTURE), attached("2.png", PICTURE)],
    "two accounts": lambda: [lure(PARCEL, "a.example"), lure(PARCEL, "b.example", account="work")],
    "by way of a third": lambda: [
        attached("1.zip", FORM, PARCEL),
        attached("2.zip", FORM, CUSTOMS, "trace.example"),
        lure(SURVEY, "trace.example"),
    ],
    "month after month": lambda: [lure(PARCEL, f"p{n}.example", n, day=25 * n) for n in range(4)],
}

UNLIKE: dict[str, Row] = {
    "alone": lambda: [lure(PARCEL)],
    "two lures": lambda: [lure(PARCEL, "trace.example"), lure(CUSTOMS, "duty.example"), lure(SURVEY, "gift.example")],
    "two brands, one short text": lambda: [lure(SHORT, brand="amazon"), lure(SHORT, brand="rakuten")],
    "two brands, one long text": lambda: [lure(LONG, brand="amazon"), lure(LONG, brand="rakuten")],
    "one brand, one short text": lambda: [
        sent(text="ご確認ください。https://a.example/"),
        sent(text="ご確認ください。"),
    ],
    "one letterhead": lambda: [lure(FOOTER + PARCEL, "a.example"), lure(FOOTER + CUSTOMS, "b.example")],
    "short links": lambda: leading("bit.ly", "bit.ly"),
    "short links, two lures": lambda: [lure(PARCEL, "bit.ly"), lure(CUSTOMS, "bit.ly")],
    "the real site": lambda: leading("www.post.japanpost.jp", "www.post.japanpost.jp"),
    "pages of everybody": lambda: leading("sites.google.com", "sites.google.com"),
    "neighbours at a host of pages": lambda: leading("trace.vercel.app", "duty.vercel.app"),
    "one bulk mailer": lambda: leading("u1.ct.sendgrid.net", "u2.ct.sendgrid.net"),
    "one host, two brands": lambda: leading("x.example") + leading("x.example", brand="yamato"),
    "one host, no brand": lambda: leading("x.example", "x.example", brand=""),
    "nothing but a code": lambda: leading("xk31.top", "ab77.top"),
    "what hosts are called": lambda: leading("login.xkqz.top", "login.mwvb.top", "mail-1.top", "mail-2.top"),
    "one make, two suffixes": lambda: leading("post-1.top", "post-2.xyz", "jp-post.xkqz.top", "jp-post.mwvb.xyz"),
    "neighbouring addresses": lambda: leading("198.51.100.1", "198.51.100.2"),
    "only the file's name": lambda: [
        attached("invoice.pdf", b"%PDF-1.7 one", PARCEL, "a.example"),
        attached("invoice.pdf", b"%PDF-1.7 two", CUSTOMS, "b.example"),
    ],
    "empty attachments": lambda: [
        attached("a.zip", b"", PARCEL, "a.example"),
        attached("a.zip", b"", CUSTOMS, "b.example"),
    ],
    "the brand's logo": lambda: [
        attached("logo.png", PICTURE, PARCEL, "a.example"),
        attached("logo.png", PICTURE, CUSTOMS, "b.example"),
    ],
    "two pictures, no words": lambda: [attached("a.png", PICTURE), attached("a.png", PICTURE + b"\1")],
    "one pixel, no words": lambda: [attached("a.png", PIXEL), attached("a.png", PIXEL)],
    "nothing at all": lambda: [sent(), sent()],
    "clean ones": lambda: [a_case(verdict=None), a_case(verdict=None)],
    "one ornament": lambda: [lure(ORNAMENT + PARCEL, "a.example"), lure(ORNAMENT + CUSTOMS, "b.example")],
    "40 days between": lambda: [attached("a.zip", FORM, PARCEL), attached("a.zip", FORM, PARCEL, day=40)],
}


@pytest.mark.parametrize("row", LIKE.values(), ids=LIKE)
def test_one_lure_is_one_campaign(row: Row) -> None:
    """Whatever changes from mail to mail, the attachment, the text or the way to name hosts stays."""
    cases = row()

    assert [campaign.cases for campaign in grouped(cases)] == [tuple(range(1, len(cases) + 1))]


@pytest.mark.parametrize("row", UNLIKE.values(), ids=UNLIKE)
def test_different_lures_are_no_campaign(row: Row) -> None:
    """What two mails have in common says nothing where others have it as well, or where it is too little."""
    assert grouped(row()) == ()


@pytest.mark.parametrize("brands", [("amazon", "rakuten"), ("amazon", "amazon")])
def test_without_a_catalogue(brands: Sequence[str]) -> None:
    """The brand is required for any host, and what is no more than a public suffix is nobody's all the same."""
    host = "bit.ly" if brands[0] != brands[1] else "vercel.app"
    cases = [case for brand in brands for case in leading(host, brand=brand)]

    assert group([replace(case, id=number) for number, case in enumerate(cases)]) == ()


def test_empty_boxes_say_nothing() -> None:
    """Two short texts are not alike by what neither of them has."""
    shapes = (
        [(*range(30), *range(start, start + 34)) for start in (100, 200)],
        [(*range(3), *range(start, start + 4), *[-1] * 57) for start in (100, 200)],
    )
    for pair in shapes:
        assert group([a_case(id=n, imprint=Imprint(shape=shape)) for n, shape in enumerate(pair)]) == ()


# What a campaign tells.


def test_the_campaign_of_2015() -> None:
    """The wave of December 2015 is one campaign with its four days, though no two of its mails were the same."""
    counts = (23, 31, 46, 153)  # people who asked for help from the 14th to the 17th: SankeiBiz, 18 December 2015
    days = [day for day, count in enumerate(counts, 14) for _ in range(count)]
    cases = []
    for number, day in enumerate(days):
        form = (f"日本郵便追跡{number}.zip", FORM + b"%d" % number)
        case = lure(PARCEL, f"p{number}.example", number, attachments=[form])
        cases.append(replace(case, date=datetime(2015, 12, day, 9, number % 60, tzinfo=UTC)))
    (campaign,) = grouped(cases)

    assert campaign.brand == "japan_post"
    assert campaign.days == tuple((date(2015, 12, day), count) for day, count in enumerate(counts, 14))


def test_what_a_campaign_tells() -> None:
    """Cases stand in the order in which they came, accounts once, and hosts by how many mails lead there."""
    common, rare = Imprint(("x.example", "a.example"), digests=("d",)), Imprint(("x.example",), digests=("d",))
    kept = Imprint(("a.example", "b.example", "c.example", "e.example", "f.example"), digests=("d",))
    cases = [
        a_case(id=3, account="work", date=NOON + DAY, verdict=posing("yamato"), imprint=common),
        a_case(id=1, date=NOON + 2 * DAY, verdict=posing("japan_post"), imprint=rare),
        a_case(id=4, date=NOON, verdict=posing("japan_post"), imprint=kept),
        a_case(id=2, date=NOON, verdict=posing(""), imprint=rare),
    ]

    assert group(cases) == (
        Campaign(
            cases=(2, 4, 3, 1),
            brand="japan_post",
            accounts=("home", "work"),
            days=((NOON.date(), 2), ((NOON + DAY).date(), 1), ((NOON + 2 * DAY).date(), 1)),
            hosts=("x.example", "a.example", "b.example", "c.example", "e.example"),
        ),
    )


def test_days_are_counted_in_utc() -> None:
    """A mail that came on the morning of the second in Tokyo came on the first."""
    tokyo = datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=9)))
    cases = [a_case(id=number, date=tokyo, imprint=Imprint(digests=("d",))) for number in (1, 2)]

    assert group(cases)[0].days == ((date(2026, 3, 1), 2),)


def test_the_latest_campaign_is_the_first() -> None:
    """The order is that of each campaign's latest mail."""
    days = {1: ("old", 0), 2: ("old", 9), 3: ("new", 1), 4: ("new", 10), 5: ("middle", 9.5), 6: ("middle", 9.6)}
    cases = [a_case(id=n, date=NOON + day * DAY, imprint=Imprint(digests=(d,))) for n, (d, day) in days.items()]

    assert [campaign.cases for campaign in group(cases)] == [(3, 4), (5, 6), (1, 2)]


def test_a_campaign_ends_after_a_month_of_silence() -> None:
    """The same lure half a year later is another campaign."""
    days = (0, 30, 200, 201)
    cases = [a_case(id=n, date=NOON + day * DAY, imprint=Imprint(digests=("d",))) for n, day in enumerate(days)]

    assert [campaign.cases for campaign in group(cases)] == [(2, 3), (0, 1)]


def test_a_case_given_twice_counts_once() -> None:
    """One mail is no campaign."""
    case = a_case(id=1, imprint=Imprint(digests=("d",)))

    assert group([case, case]) == ()


def test_the_campaign_of_a_case() -> None:
    """It is found by the case's number, and there is none for a case that is alone."""
    campaigns = (Campaign((1, 2), "", (), ()), Campaign((3, 5), "", (), ()))

    assert of_case(campaigns, 5) is campaigns[1]
    assert of_case(campaigns, 4) is None


# What is kept.


def opened(filename: str, *members: Member, findings: Sequence[Finding] = (), sha256: str = "") -> Attachment:
    """An attachment that was looked into."""
    opening = Opening(Opened.OPENED, "archive", members, tuple(findings), sha256)
    return Attachment("2", filename, "application/zip", 9999, opening)


def test_what_an_imprint_holds() -> None:
    """Hosts beyond redirectors, in the text and in attachments; names of files and of what lies in them; digests."""
    target = "https://www.google.com/url?q=https://Evil.Example/1"
    message = read(build(text=f"{target} https://evil.example/2 mailto:a@b.example", attachments=[("請求.zip", FORM)]))
    code = Finding(Trait.QR_CODE, "https://code.example/"), Finding(Trait.MACRO, "https://macro.example/")
    message = replace(message, attachments=(*message.attachments, opened("", findings=code)))

    assert imprint(message) == Imprint(
        ("evil.example", "code.example"), ("請求.zip", "委託運送状.exe"), (sha256(FORM).hexdigest(),)
    )


def test_the_catalogue_sees_through_more_redirectors() -> None:
    """Which hosts redirect, and count clicks, is known to the catalogue alone."""
    url = "https://ct.sendgrid.net/click?to=https%3A%2F%2Fevil.example%2F"
    message = Message(links=(Link(url, "ct.sendgrid.net"),))

    assert imprint(message).hosts == ("ct.sendgrid.net",)
    assert imprint(message, catalogue().offers).hosts == ("evil.example",)


def test_an_imprint_is_bounded_and_clean() -> None:
    """Whatever a mail holds, twenty of each are kept, and a program is among them."""
    members = [Member(f"a/b.zip!{number}\u202e.txt", 1, "text") for number in range(99)]
    links = tuple(Link(f"https://{number}.example/", f"{number}.example") for number in range(99))
    archive = opened("x" * 400 + "\n.zip", *members, Member("c/run.exe", 1, "program"), sha256="ab")
    kept = imprint(Message(text="あ" * 200_000, links=links, attachments=(archive,) * 30))

    assert len(kept.hosts) == len(kept.files) == 20
    assert kept.files[1:3] == ("run.exe", "0.txt")
    assert len(kept.files[0]) == 255
    assert kept.digests == ("ab",)
    assert len(kept.shape) == 64


def test_a_signature_stays_what_it_is() -> None:
    """Ledgers hold signatures that other processes wrote long ago: new ones are compared with them."""
    shape = imprint(Message(text=LOCKED)).shape

    assert (shape[:4], shape[31], len(shape)) == ((52915, 734, 35806, 39245), -1, 64)
    assert all(-1 <= value < 65536 for value in shape)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_a_signature_tells_how_alike_texts_are(share: float) -> None:
    """The share of equal values is about that of the shingles that two texts have in common."""
    chance = random.Random(2015)  # noqa: S311 - no secret
    common, mine, yours = ("".join(chance.choices("あいうえおかきくけこさしすせそ", k=2000)) for _ in range(3))
    length = int(2000 * share / (2 - share))  # of what each of two such parts is the rest
    rest = 1000 - length // 2
    one, other = (imprint(Message(text=common[:length] + text[:rest])).shape for text in (mine, yours))
    jaccard = length / (length + 2 * rest)

    assert sum(map(int.__eq__, one, other)) / 64 == pytest.approx(jaccard, abs=0.15)


@given(st.text())
def test_any_text_has_a_shape(text: str) -> None:
    """Nothing that a mail holds raises, and what is too short has none."""
    assert len(imprint(Message(text=text)).shape) in {0, 64}
    assert len(imprint(Message(text=text + "い\ud800ろ" * 90)).shape) == 64


# What is always so.

IMPRINTS = st.builds(
    Imprint,
    hosts=st.lists(st.sampled_from(["a.example", "post-1.example", "post-2.example"]), max_size=2).map(tuple),
    digests=st.lists(st.sampled_from("abc"), max_size=1).map(tuple),
    shape=st.sampled_from([(), *(tuple(range(start, start + 64)) for start in (0, 1)), (*range(40), *range(90, 114))]),
)
CASES = st.builds(
    lambda kept, day, brand: a_case(imprint=kept, date=NOON + day * DAY, verdict=posing(brand)),
    IMPRINTS,
    st.integers(0, 120),
    st.sampled_from(["", "yamato", "amazon"]),
)


@given(st.lists(CASES, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_cases_changes_nothing(cases: list[Case], chance: random.Random) -> None:
    """The ledger gives the newest first, a notice the oldest."""
    numbered = [replace(case, id=number) for number, case in enumerate(cases)]
    campaigns = group(numbered)
    chance.shuffle(numbered)

    assert group(numbered) == campaigns


@given(st.lists(CASES, max_size=12))
def test_what_a_campaign_is(cases: list[Case]) -> None:
    """No case is in two campaigns, none of which has a single case or a silence of more than thirty days."""
    dates = {number: case.date for number, case in enumerate(cases)}
    campaigns = group([replace(case, id=number) for number, case in enumerate(cases)])
    numbers = [number for campaign in campaigns for number in campaign.cases]

    assert len(numbers) == len(set(numbers))
    for campaign in campaigns:
        assert len(campaign.cases) == sum(count for _, count in campaign.days) > 1
        assert all(dates[later] - dates[one] <= 30 * DAY for one, later in pairwise(campaign.cases))

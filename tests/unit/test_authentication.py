"""What the receiving server vouches for, and what it does not."""

from __future__ import annotations

import pytest

from watcher.authentication import authenticate, find_hop, own_authserv, parse_results
from watcher.model import Address, Belief, Hop, Message, Result

OURS = Belief(authserv="mx.reader.example")
RECEIVED = ("received", "from mail.shop.example (mail.shop.example [192.0.2.1]) by mx.reader.example; today")


def message(*headers: tuple[str, str], author: str = "shop.example") -> Message:
    """A message with these headers, from somebody at `author`."""
    return Message(headers=headers, author=Address("", "info", author))


def results(value: str) -> tuple[str, str]:
    """One Authentication-Results header."""
    return "authentication-results", value


ALIGNED = {
    "DMARC": "dmarc=pass header.from=shop.example",
    "DMARC with a policy in a comment": "dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=shop.example",
    "DKIM": "dkim=pass header.d=shop.example",
    "DKIM by identity": "dkim=pass header.i=@shop.example header.s=a header.b=x",
    "DKIM of a host below": 'dkim=pass (2048-bit key; "a; b") header.d=mail.shop.example',
    "one of two signatures": "dkim=fail header.d=shop.example; dkim=pass header.d=shop.example",
    "SPF": "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=bounce@shop.example",
    "SPF of the greeting": "spf=pass smtp.helo=mail.shop.example",
    "with a version and odd blanks": "dkim/1 = pass  header.d = shop.example",
    "in capitals": "DKIM=Pass header.d=SHOP.EXAMPLE",
}
NOT_ALIGNED = {
    "DMARC of another domain": ("dmarc=pass header.from=other.example", Result.UNKNOWN),
    "DKIM of another domain": ("dkim=pass header.d=other.example", Result.FAIL),
    "DKIM of a longer name": ("dkim=pass header.d=notshop.example", Result.FAIL),
    "SPF of another domain": ("spf=pass smtp.mailfrom=other.example", Result.FAIL),
    "all failed": ("spf=softfail; dkim=fail; dmarc=fail", Result.FAIL),
    "none": ("spf=none; dkim=none; dmarc=none", Result.UNKNOWN),
    "temporary error": ("spf=temperror; dkim=temperror", Result.UNKNOWN),
    "a guess": ("dmarc=bestguesspass header.from=shop.example", Result.UNKNOWN),
    "no result": ("none", Result.UNKNOWN),
    "a pass inside a comment": ("dkim=none (dkim=pass header.d=shop.example)", Result.UNKNOWN),
    "a pass inside a quoted reason": ('dkim=none reason="x; dkim=pass header.d=shop.example"', Result.UNKNOWN),
    "nonsense": ("=;=;;;((((", Result.UNKNOWN),
}


@pytest.mark.parametrize("value", ALIGNED.values(), ids=ALIGNED)
def test_an_aligned_pass(value: str) -> None:
    """The domain of From is vouched for."""
    found = authenticate(message(results(f"mx.reader.example; {value}")), OURS)

    assert found.aligned is Result.PASS


@pytest.mark.parametrize(("value", "expected"), NOT_ALIGNED.values(), ids=NOT_ALIGNED)
def test_no_aligned_pass(value: str, expected: Result) -> None:
    """Somebody else's pass is none, and what could not be told is no failure."""
    found = authenticate(message(results(f"mx.reader.example; {value}")), OURS)

    assert found.aligned is expected


def test_nobody_is_believed_before_he_is_known() -> None:
    """Without a known server, all results could have been written by the sender."""
    found = authenticate(message(results("mx.reader.example; dmarc=pass header.from=shop.example")), Belief())

    assert found.aligned is Result.UNKNOWN


def test_a_forged_result_below_is_ignored() -> None:
    """Of two results of the believed server, parted by another's, only the upper counts."""
    mail = message(
        results("mx.reader.example; dmarc=fail header.from=shop.example"),
        results("mx.other.example; spf=none"),
        results("mx.reader.example; dmarc=pass header.from=shop.example"),
    )

    assert authenticate(mail, OURS).aligned is Result.FAIL


def test_results_without_a_name_are_believed_where_they_are_known() -> None:
    """Exchange Online leaves the authserv-id out."""
    mail = message(results("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=shop.example; dkim=none; compauth=pass"))

    assert authenticate(mail, Belief(authserv="")).aligned is Result.PASS
    assert authenticate(mail, OURS).aligned is Result.UNKNOWN


def test_received_spf_counts_only_where_the_topmost_headers_do() -> None:
    """Received-SPF names no server."""
    mail = message(("received-spf", "Softfail (mailfrom) identity=mailfrom; envelope-from=a@shop.example"))

    assert authenticate(mail, Belief(topmost=True)).spf is Result.FAIL
    assert authenticate(mail, OURS).spf is Result.UNKNOWN


def test_a_mailing_list_is_known_by_more_than_its_header() -> None:
    """Anybody can write List-Id; where results are believed, the list itself must be vouched for."""
    header = ("list-id", "<news.list.example>")
    vouched = message(results("mx.reader.example; dkim=pass header.d=list.example; dmarc=fail"), header)
    forged = message(results("mx.reader.example; dkim=none; spf=fail; dmarc=fail"), header)

    assert authenticate(vouched, OURS).forwarded
    assert not authenticate(forged, OURS).forwarded
    assert authenticate(message(header), OURS).forwarded


@pytest.mark.parametrize(
    ("checks", "seal", "expected"),
    [
        ("arc=pass; dmarc=fail", "i=1; a=rsa-sha256; t=1; cv=none; d=google.com; s=arc", True),
        ("arc=pass; dmarc=fail", "i=1; a=rsa-sha256; t=1; cv=none; d=attacker.example; s=arc", False),
        ("arc=pass; dmarc=fail", "i=1; bd=google.com; d=attacker.example; s=arc", False),
        ("arc=fail; dmarc=fail", "i=1; a=rsa-sha256; t=1; cv=none; d=google.com; s=arc", False),
        ("dmarc=fail", "i=1; a=rsa-sha256; t=1; cv=none; d=google.com; s=arc", False),
    ],
)
def test_a_seal_counts_only_when_confirmed_and_of_a_forwarder(checks: str, seal: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """Anybody can seal his mail (RFC 8617); only a provider that forwards says something by its confirmed seal."""
    sealed = message(results(f"mx.reader.example; {checks}"), ("arc-seal", seal))

    assert authenticate(sealed, OURS).forwarded is expected


HOPS = {
    "Postfix": (
        "from mail.a.example (host1.b.example [192.0.2.1]) by mx.c.example (Postfix) with ESMTPS id 1",
        Hop("mail.a.example", "host1.b.example", "192.0.2.1", looked_up=True),
    ),
    "Postfix, nameless": (
        "from pc (unknown [192.0.2.1]) by mx.c.example",
        Hop("pc", "", "192.0.2.1", looked_up=True),
    ),
    "Exim": (
        "from host1.b.example ([192.0.2.1] helo=mail.a.example) by mx.c.example with esmtp (Exim 4.92)",
        Hop("mail.a.example", "host1.b.example", "192.0.2.1", looked_up=True),
    ),
    "Exim, nameless": (
        "from [192.0.2.1] (helo=mail.a.example) by mx.c.example with esmtp",
        Hop("mail.a.example", "", "192.0.2.1", looked_up=True),
    ),
    "Sendmail": (
        "from mail.a.example (host1.b.example [192.0.2.1] (may be forged)) by mx.c.example",
        Hop("mail.a.example", "host1.b.example", "192.0.2.1", looked_up=True),
    ),
    "Gmail": (
        "from mail.a.example (mail.a.example. [2001:db8::1]) by mx.c.example with ESMTPS",
        Hop("mail.a.example", "mail.a.example", "2001:db8::1", looked_up=True),
    ),
    "qmail": (
        "from unknown (HELO mail.a.example) (192.0.2.1) by mx.c.example with SMTP",
        Hop("mail.a.example", "", "192.0.2.1", looked_up=True),
    ),
    "Exchange, which does not say": (
        "from mail.a.example (192.0.2.1) by mx.c.example with Microsoft SMTP Server",
        Hop("mail.a.example", "", "192.0.2.1"),
    ),
    "nothing to be read": ("by mx.c.example with LMTP", Hop()),
    "hostile": ("from " + "(" * 900 + "[" * 900, Hop()),
}


@pytest.mark.parametrize(("value", "expected"), HOPS.values(), ids=HOPS)
def test_the_handing_over_host(value: str, expected: Hop) -> None:
    """The forms in which servers write who handed a mail over."""
    assert find_hop((value,)) == expected


def test_inner_machines_are_passed_over() -> None:
    """The host from outside counts, not the provider's own; what stands below it was written outside."""
    received = (
        "from localhost (localhost [127.0.0.1]) by store.c.example",
        "from filter (filter [10.1.2.3]) by store.c.example",
        "from in1.c.example (in1.c.example [192.0.2.77]) by store.c.example",
        "from mail.a.example (unknown [192.0.2.1]) by in1.c.example",
        "from amazon.co.jp (amazon.co.jp [192.0.2.2]) by mail.a.example",
    )

    assert find_hop(received) == Hop("mail.a.example", "", "192.0.2.1", looked_up=True)


def test_a_server_is_learned_only_where_nobody_else_can_write() -> None:
    """Results below the receiving server's own Received line came with the mail."""
    above = message(results("mx.reader.example; spf=pass"), RECEIVED)
    below = message(RECEIVED, results("mx.reader.example; spf=pass"))
    nameless = message(results("spf=pass smtp.mailfrom=shop.example; dkim=none"), RECEIVED)
    gmail = message(
        ("received", "from a.example (a.example. [192.0.2.1]) by mx.google.com"), results("mx.google.com; spf=pass")
    )

    assert own_authserv(above) == "mx.reader.example"
    assert own_authserv(below) is None
    assert own_authserv(nameless) == ""
    assert own_authserv(gmail) == "mx.google.com"
    assert own_authserv(message(RECEIVED)) is None


def test_results_are_read_in_linear_time() -> None:
    """A header made of nothing but brackets and pairs is bounded."""
    authserv, checks = parse_results("x; " + "dkim=pass " * 20_000 + "(" * 50_000)

    assert authserv == "x"
    assert len(checks) == 1

"""The usual names of IMAP servers."""

from __future__ import annotations

from watcher.discovery.found import Origin, Way
from watcher.discovery.guesses import guesses


def test_the_usual_names_come_in_order() -> None:
    """TLS from the first octet on is tried at every name before STARTTLS is tried at any."""
    doors = [(guess.host, guess.port, guess.tls) for guess in guesses("taro@example.jp")]

    assert doors == [
        ("imap.example.jp", 993, "implicit"),
        ("mail.example.jp", 993, "implicit"),
        ("example.jp", 993, "implicit"),
        ("imap.example.jp", 143, "starttls"),
        ("mail.example.jp", 143, "starttls"),
        ("example.jp", 143, "starttls"),
    ]


def test_a_guess_claims_no_more_than_it_knows() -> None:
    """A guess says that it is one, and offers the plainest way in under the whole address."""
    for guess in guesses("taro@example.jp"):
        assert (guess.origin, guess.ways, guess.provider) == (Origin.GUESS, (Way.PASSWORD,), "")
        assert guess.address == guess.user == "taro@example.jp"

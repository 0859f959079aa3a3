"""Whose mailbox it is, and where its server is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.kit.dialogue import Person
from tests.kit.newcomer import THUNDERBIRD
from watcher.discovery.found import Candidate, Origin, Way
from watcher.discovery.probe import Reach
from watcher.discovery.records import Service as Record
from watcher.errors import UserError
from watcher.service import Service
from watcher.settings import Account
from watcher.setup.draft import Draft, name_for
from watcher.setup.finding import find
from watcher.setup.given import Given
from watcher.setup.surroundings import Surroundings


@dataclass
class Wire:
    """A network in memory: what DNS says, and where somebody answers."""

    records: Sequence[Record] = ()
    answering: Sequence[str] = ()
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str) -> bytes | None:
        """Nobody has a file."""
        self.asked.append(url)
        return None

    def services(self, domain: str) -> Sequence[Record]:
        """As given."""
        self.asked.append(domain)
        return self.records

    def exchangers(self, domain: str) -> Sequence[str]:
        """Nobody's."""
        self.asked.append(domain)
        return ()

    def probe(self, candidate: Candidate) -> Reach:
        """As given."""
        self.asked.append(candidate.host)
        return Reach(candidate.host in self.answering)


def no_service() -> Service:
    """There is none here."""
    raise UserError("no service")


def around(home: Path, wire: Wire | None = None) -> Surroundings:
    """A computer with that home and that network."""
    return Surroundings(
        config=home / "config.toml",
        home=home,
        environ={},
        platform="linux",
        language="en",
        network=wire or Wire(),
        service=no_service,
        reread=lambda: False,
        command=(),
        browse=lambda _: False,
    )


def found(person: Person, home: Path, wire: Wire | None = None, **answers: object) -> list[Candidate]:
    """What is found without any account yet."""
    address = str(answers.pop("address", ""))
    given = Given({f"--{option}": answer for option, answer in answers.items()}, person)
    return list(find(given, around(home, wire), (), address))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a Thunderbird in it."""
    (tmp_path / ".thunderbird").symlink_to(THUNDERBIRD)
    return tmp_path


def test_picked_from_thunderbird(home: Path) -> None:
    """What is picked of Thunderbird's accounts is taken as it stands there, and nobody is asked for an address."""
    person = Person(("1",))

    (candidate,) = found(person, home)

    assert (candidate.address, candidate.host) == ("hanako.yamada@gmail.com", "imap.gmail.com")
    assert candidate.ways == (Way.APP_PASSWORD, Way.OAUTH)
    assert len(person.asked) == 1


def test_none_of_thunderbirds(home: Path) -> None:
    """Whoever picks none of them is asked for another address."""
    person = Person((), "taro@gmail.com")

    (candidate,) = found(person, home)

    assert (candidate.user, candidate.origin) == ("taro@gmail.com", Origin.TABLE)


def test_what_is_watched_already_is_not_offered(home: Path) -> None:
    """An account that is in the configuration stands in the list no more."""
    gmail = Account(name="g", host="imap.gmail.com", user="Hanako.Yamada@gmail.com")
    person = Person(("0",))
    given = Given({}, person)
    (candidate,) = find(given, around(home), (gmail,), "")

    assert candidate.host == "127.0.0.1"
    assert not any(each.host == "imap.gmail.com" for each in find(Given({}, Person(None)), around(home), (gmail,), ""))


def test_an_address_is_looked_for_in_thunderbird_first(home: Path) -> None:
    """A script that names an address gets what Thunderbird has of it, without the network."""
    wire = Wire()

    (candidate,) = found(Person(interactive=False), home, wire, address="hanako@example.org")

    assert (candidate.host, candidate.origin) == ("mail.example.org", Origin.THUNDERBIRD)
    assert wire.asked == []


def test_the_network_is_asked_only_after_consent(tmp_path: Path) -> None:
    """Before, it is said who would be asked; without consent the user says where the server is."""
    wire, person = Wire(), Person(False, "mail.example.jp", None, None, None)

    (candidate,) = found(person, tmp_path, wire, address="taro@example.jp")

    assert wire.asked == []
    assert any("DNS" in words for words in person.told)
    assert candidate == Candidate(
        "taro@example.jp", "taro@example.jp", "mail.example.jp", 993, "implicit", Origin.GUESS, (Way.PASSWORD,)
    )


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("imap.example.jp", 0),
        ("example.jp", 0),
        ("evilexample.jp", 1),
        ("imap.hosting.example", 1),
    ],
)
def test_a_server_outside_of_the_domain_is_asked_about(tmp_path: Path, host: str, asked: int) -> None:
    """DNS can be forged: a server with another domain's name is for the user to confirm (RFC 6186, 6)."""
    person = Person(*[f"{host}:993"] * asked)
    wire = Wire([Record(host, 993, "implicit")])

    (candidate,) = found(person, tmp_path, wire, address="taro@example.jp", network=True)

    assert candidate.host == host
    assert len(person.asked) == asked


def test_nothing_is_found(tmp_path: Path) -> None:
    """Where nobody answers that is said, and the user is asked."""
    person = Person(True, "mail.example.jp", "starttls", None, "taro")

    (candidate,) = found(person, tmp_path, Wire(), address="taro@example.jp")

    assert "No server was found." in person.told
    assert (candidate.tls, candidate.port, candidate.user) == ("starttls", 143, "taro")


@pytest.mark.parametrize("port", ["", "0", "65536", "imap", "٩٩٣"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    """A port that cannot be one is told in words, and asked for again."""
    person = Person(None, port, "10993", None)

    (candidate,) = found(person, tmp_path, address="taro@example.jp", host="h.example")

    assert person.told == ["A port is a number from 1 to 65535."]
    assert candidate.port == 10993


def test_an_address_that_is_none(tmp_path: Path) -> None:
    """A slip of the fingers is told in words, and the address asked for again; a script ends there."""
    person = Person("taro@@x", "taro@gmail.com")

    (candidate,) = found(person, tmp_path)

    assert candidate.address == "taro@gmail.com"
    assert "taro@@x" in person.told[0]
    with pytest.raises(UserError):
        found(Person(interactive=False), tmp_path, address="taro@@x")


def test_a_script_takes_no_server_outside_of_the_domain(tmp_path: Path) -> None:
    """Nobody could confirm it, so the password is not sent there; which option confirms it is told."""
    wire = Wire([Record("imap.evil.example", 993, "implicit")])

    with pytest.raises(UserError, match=r"--host imap\.evil\.example"):
        found(Person(interactive=False), tmp_path, wire, address="taro@corp.example", network=True)


def test_a_script_does_not_ask_the_network_by_itself(tmp_path: Path) -> None:
    """Without a word about the network nobody is asked; the server has to be named."""
    wire = Wire(answering=["imap.corp.example"])

    with pytest.raises(UserError, match="--host is needed"):
        found(Person(interactive=False), tmp_path, wire, address="taro@corp.example")

    assert wire.asked == []


@pytest.mark.parametrize(
    ("address", "provider", "taken", "name"),
    [
        ("taro@example.jp", "", (), "example"),
        ("taro@example.jp", "", ("example",), "example-2"),
        ("taro@example.jp", "", ("example", "example-2", "x"), "example-3"),
        ("taro@gmail.com", "gmail", (), "gmail"),
        ("", "", (), "imap"),
    ],
)
def test_an_account_gets_a_short_name(address: str, provider: str, taken: tuple[str, ...], name: str) -> None:
    """Its provider's, or its domain's, with a number where another has it."""
    plain = Candidate(address, "taro", "imap.example.jp", 993, "implicit", Origin.GUESS, (Way.PASSWORD,), provider)

    assert name_for(plain, taken) == name


def test_a_draft_knows_what_is_usual() -> None:
    """What is as it would be anyway need not be written; where the password is, always."""
    draft = Draft("home", "imap.example.jp", "taro@example.jp")
    usual = {"port", "tls", "address", "ca_file", "folders", "suspicious_folder"}

    assert draft.usual() == usual
    assert replace(draft, tls="starttls", port=143).usual() == usual - {"tls"}
    assert replace(draft, port=10993, folders=("INBOX", "A")).usual() == usual - {"port", "folders"}


def test_a_draft_of_an_account_is_the_account() -> None:
    """An account that is read and written again is the same one."""
    account = Account.model_validate(
        {
            "name": "home",
            "host": "imap.example.jp",
            "tls": "starttls",
            "user": "taro",
            "address": "taro@example.jp",
            "password": {"command": ["pass", "show", "home"]},
            "folders": ["INBOX", "Shops"],
            "suspicious_folder": "Odd",
            "authserv": "mx.example.jp",
        }
    )

    assert Draft.of(account).account() == account.model_copy(update={"authserv": "auto"})

"""Logging in by an access token: at a real Dovecot that asks the authorisation server, and at scripted ones."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.kit.consents import Consenting, consenting
from tests.kit.dovecot import Dovecot
from tests.kit.imap_servers import HOST, ScriptedServer
from watcher.errors import RefusedError, TransientError, UserError
from watcher.sources.imap import ImapAccount, ImapSource, tls_context

ABLE = b"* CAPABILITY IMAP4rev1 %s\r\n{tag} OK done\r\n"


class Handing:
    """A vault that hands out one token after another, and the last one for ever."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens)
        self.refused: list[str] = []

    def secret(self) -> str:
        """The next token, once the one before was refused."""
        return self._tokens[0]

    def refuse(self, secret: str) -> bool:
        """Whether there is another."""
        self.refused.append(secret)
        if len(self._tokens) > 1:
            self._tokens.pop(0)
        return True


@pytest.fixture
def mine() -> Iterator[Consenting]:
    """A user who has consented to nothing yet."""
    with consenting() as user:
        yield user


@pytest.fixture(params=["xoauth2 oauthbearer", "xoauth2", "oauthbearer"])
def dovecot(request: pytest.FixtureRequest, mine: Consenting) -> Iterator[Dovecot]:
    """A Dovecot that takes that user's tokens, by these mechanisms."""
    with Dovecot(introspection=f"{mine.server.url}/introspect", mechanisms=request.param) as server:
        yield server


def source(server: Dovecot, mine: Consenting, user: str = "") -> ImapSource:
    """That user's mailbox, by OAuth."""
    account = replace(server.account(user or mine.server.user), oauth=True)
    return ImapSource(account, mine.consented(), server.certificates.client_context)


@pytest.mark.dbus
@pytest.mark.keyring
@pytest.mark.dovecot
class TestDovecot:
    """The real thing, from consent to the mailbox."""

    def test_logging_in(self, dovecot: Dovecot, mine: Consenting) -> None:
        """By whichever of the two mechanisms the server has, the token opens the mailbox."""
        mailbox = source(dovecot, mine)
        mailbox.open()
        assert mailbox.look("INBOX").folder == "INBOX"
        mailbox.close()

    def test_a_refused_token_is_renewed(self, dovecot: Dovecot, mine: Consenting) -> None:
        """A token that the server does not take any more, though its time is not over, is replaced without a word."""
        mailbox = source(dovecot, mine)
        mailbox.open()
        mailbox.close()
        mine.server.spoil_access()
        mailbox.open()
        assert mailbox.look("INBOX").folder == "INBOX"
        assert mine.server.grants("refresh_token") == 1
        mailbox.close()

    def test_another_ones_mailbox(self, dovecot: Dovecot, mine: Consenting) -> None:
        """Access to one mailbox does not open another, which is told as what it is, after one more try."""
        mailbox = source(dovecot, mine, "jiro@example.jp")
        with pytest.raises(RefusedError, match=r"jiro@example\.jp.*another account"):
            mailbox.open()
        assert mine.server.grants("refresh_token") == 1

    def test_withdrawn_consent(self, dovecot: Dovecot, mine: Consenting) -> None:
        """Where the consent is gone, opening the mailbox tells so, with the command, instead of a refused login."""
        mailbox = source(dovecot, mine)
        mine.server.withdraw()
        with pytest.raises(UserError, match=r"withdrawn.*watcher login home"):
            mailbox.open()


def opened(server: ScriptedServer, vault: Handing) -> None:
    """Open the mailbox there, and close it again."""
    account = ImapAccount("home", HOST, "taro,=jiro", server.port, "none", oauth=True, timeout=5)
    mailbox = ImapSource(account, vault, tls_context())
    try:
        mailbox.open()
    finally:
        mailbox.close()


def said(server: ScriptedServer, mechanism: bytes) -> list[bytes]:
    """What followed each AUTHENTICATE of that mechanism, decoded."""
    followers = zip(server.commands, server.commands[1:], strict=False)
    return [base64.b64decode(then) for now, then in followers if now.endswith(b"AUTHENTICATE " + mechanism)]


@pytest.mark.parametrize(
    ("offers", "mechanism", "words"),
    [
        (b"AUTH=OAUTHBEARER AUTH=XOAUTH2", b"XOAUTH2", b"user=taro,=jiro\1auth=Bearer one\1\1"),
        (b"AUTH=OAUTHBEARER", b"OAUTHBEARER", b"n,a=taro=2C=3Djiro,\1auth=Bearer one\1\1"),
    ],
)
def test_what_is_said(offers: bytes, mechanism: bytes, words: bytes) -> None:
    """XOAUTH2 where it is offered, OAUTHBEARER otherwise, each in its own words."""
    with ScriptedServer({"AUTHENTICATE": b"+ \r\n", "CAPABILITY": ABLE % offers}) as server:
        opened(server, Handing("one"))
        assert said(server, mechanism) == [words]


def test_no_token_where_none_is_asked_for() -> None:
    """A server that does not offer a login by OAuth is sent no token."""
    with ScriptedServer({"CAPABILITY": ABLE % b"AUTH=PLAIN"}) as server:
        with pytest.raises(UserError, match="does not offer a login by OAuth"):
            opened(server, Handing("one"))
        assert not [command for command in server.commands if b"AUTH" in command]


@pytest.mark.parametrize(("offers", "ending"), [(b"AUTH=XOAUTH2", b""), (b"AUTH=OAUTHBEARER", base64.b64encode(b"\1"))])
def test_a_servers_reasons_are_answered(offers: bytes, ending: bytes) -> None:
    """The reasons that come before a refusal are answered as each mechanism wants, and never by the token again."""
    reasons = b"+ " + base64.b64encode(b'{"status": "401"}') + b"\r\n"
    answers = {"AUTHENTICATE": b"+ \r\n", "CAPABILITY": ABLE % offers}
    first = base64.b64encode(b"user=" if b"X" in offers else b"n,a").decode()[:4].upper()
    with ScriptedServer({**answers, first: reasons, "": b"{tag} NO denied\r\n"}) as server:
        vault = Handing("one", "two")
        with pytest.raises(RefusedError):
            opened(server, vault)
        assert vault.refused == ["one"]
        tokens = [line for line in server.commands if len(line) > 20 and b" " not in line]
        assert len(set(tokens)) == len(tokens) == 2
        assert server.commands.count(ending) == 2


def test_one_more_try_on_a_new_connection() -> None:
    """A refused token costs one more try, with another token on another connection, and no third."""
    answers = {"AUTHENTICATE": b"{tag} NO denied\r\n", "CAPABILITY": ABLE % b"AUTH=XOAUTH2"}
    with ScriptedServer(answers) as server:
        with pytest.raises(RefusedError):
            opened(server, Handing("one", "two", "three"))
        assert sum(b"AUTHENTICATE" in command for command in server.commands) == 2
        assert sum(b"CAPABILITY" in command for command in server.commands) == 2


def test_a_passing_refusal_keeps_the_token() -> None:
    """A server that cannot take the login now has not refused the token."""
    answers = {"AUTHENTICATE": b"{tag} NO [UNAVAILABLE] later\r\n", "CAPABILITY": ABLE % b"AUTH=XOAUTH2"}
    vault = Handing("one", "two")
    with ScriptedServer(answers) as server, pytest.raises(TransientError):
        opened(server, vault)
    assert vault.refused == []

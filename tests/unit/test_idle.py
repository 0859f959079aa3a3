"""Waiting by IDLE holds whatever a server, a proxy or the network does to it."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.kit.certificates import Certificates, issue
from tests.kit.imap_servers import HOST, ScriptedServer, Secret
from watcher.errors import TransientError
from watcher.sources.imap import ImapAccount, ImapSource, tls_context

Idling = Callable[..., AbstractContextManager[tuple[ScriptedServer, ImapSource, int]]]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """One authority for all of them."""
    return issue(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(params=["plain", "tls"])
def idling(request: pytest.FixtureRequest, certificates: Certificates) -> Idling:
    """Begins IDLE with a server that follows a script."""
    tls = request.param == "tls"

    @contextmanager
    def begin(**answers: bytes) -> Iterator[tuple[ScriptedServer, ImapSource, int]]:
        with ScriptedServer(answers, certificates.server_context() if tls else None) as server:
            account = ImapAccount("home", HOST, "me", server.port, "implicit" if tls else "none", timeout=0.5)
            context = certificates.client_context if tls else tls_context()
            source = ImapSource(account, Secret("secret"), context)
            source.open()
            try:
                descriptor = source.start_idle()
                assert descriptor is not None
                yield server, source, descriptor
            finally:
                source.close()

    return begin


def await_news(source: ImapSource, descriptor: int) -> bool:
    """Wait on the descriptor as the daemon does, until there is news or the connection is gone."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if select.select([descriptor], [], [], 0.2)[0] and source.check_idle():
            return True
    return False


def test_news_together_with_the_continuation_is_seen_at_once(idling: Idling) -> None:
    """What arrives in the same segment as "+ idling" is seen by the first look, without any wait."""
    with idling(IDLE=b"+ idling\r\n* 4 EXISTS\r\n") as (_, source, _):
        assert source.check_idle()
        assert not source.check_idle()


def test_news_before_the_continuation_is_seen(idling: Idling) -> None:
    """A server may still have something to say before it says "+"."""
    with idling(IDLE=b"* 4 EXISTS\r\n+ idling\r\n") as (_, source, _):
        assert source.check_idle()


def test_news_behind_an_earlier_answer_is_seen(idling: Idling) -> None:
    """What imaplib has read ahead together with the answer before IDLE is not lost."""
    examined = b"* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT 4] .\r\n{tag} OK done\r\n* 4 EXISTS\r\n"
    with idling(EXAMINE=examined) as (_, source, _):
        assert source.check_idle()


def test_half_a_line_waits_for_its_other_half(idling: Idling) -> None:
    """A line that comes in two pieces is one event, seen when it is whole."""
    with idling() as (server, source, descriptor):
        server.say(b"* 4 EXI")
        time.sleep(0.1)
        assert not source.check_idle()
        server.say(b"STS\r\n")
        assert await_news(source, descriptor)


def test_a_burst_is_read_to_its_end(idling: Idling) -> None:
    """Two thousand lines at once are one piece of news, and nothing is left over."""
    with idling() as (server, source, descriptor):
        server.say(b"".join(b"* %d EXISTS\r\n" % number for number in range(1, 2001)))
        assert await_news(source, descriptor)
        time.sleep(0.1)
        source.check_idle()
        assert not source.check_idle()
        assert not source.end_idle()


@pytest.mark.parametrize(
    "words",
    [
        b"* OK Still here\r\n",
        b"* 1 FETCH (FLAGS (\\Seen))\r\n",
        b"* 2 EXPUNGE\r\n",
        b"* 0 RECENT\r\n",
        b"* 0 EXISTS\r\n",
    ],
)
def test_other_words_are_no_news(idling: Idling, words: bytes) -> None:
    """What does not speak of new mail wakes nobody."""
    with idling() as (server, source, _):
        server.say(words)
        time.sleep(0.1)
        assert not source.check_idle()
        assert not source.end_idle()


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(ScriptedServer.close, id="closed"),
        pytest.param(ScriptedServer.reset, id="reset"),
        pytest.param(lambda server: server.say(b"* BYE going down\r\n"), id="bye"),
        pytest.param(lambda server: server.say(b"IDLE OK that is enough\r\n"), id="ended"),
        pytest.param(lambda server: server.say(b"x" * (2 << 20)), id="endless-line"),
    ],
)
def test_a_connection_that_is_gone_is_noticed(idling: Idling, leave: Callable[[ScriptedServer], None]) -> None:
    """The end of a connection wakes whoever waits and is told as TransientError; then the source opens again."""
    with idling() as (server, source, descriptor):
        leave(server)
        with pytest.raises(TransientError):
            await_news(source, descriptor)
        with pytest.raises(TransientError):
            source.look("INBOX")
        source.open()
        assert source.look("INBOX").uidnext == 4


def test_silence_at_the_end_is_noticed(idling: Idling) -> None:
    """A peer that is dead does not answer DONE: that is told within the account's timeout."""
    with idling(DONE=b"") as (_, source, _):
        started = time.monotonic()
        with pytest.raises(TransientError):
            source.end_idle()
        assert time.monotonic() - started < 2


def test_a_sign_of_life_is_asked_for_once(idling: Idling) -> None:
    """The answer makes the descriptor stir, is no news, and needs no second question at the end."""
    with idling() as (server, source, descriptor):
        assert source.probe_idle()
        assert not source.probe_idle()
        assert select.select([descriptor], [], [], 5)[0]
        assert not source.end_idle()
        assert server.commands.count(b"DONE") == 1


def renewed(source: ImapSource, descriptor: int) -> bool | None:
    """Take the sign of life as the daemon does: whenever the connection stirs."""
    outcome = None
    while outcome is None and select.select([descriptor], [], [], 1)[0]:
        outcome = source.renew_idle()
    return outcome


def test_a_sign_of_life_is_taken_without_an_end(idling: Idling) -> None:
    """DONE and IDLE, any number of times, on one descriptor; mail is told afterwards, and commands work."""
    with idling() as (server, source, descriptor):
        for _ in range(3):
            assert source.probe_idle()
            assert renewed(source, descriptor) is False
        assert server.commands.count(b"DONE") == 3
        assert sum(command.endswith(b" IDLE") for command in server.commands) == 4
        server.say(b"* 4 EXISTS\r\n")
        assert await_news(source, descriptor)
        source.end_idle()
        assert source.look("INBOX").uidvalidity == 7


@pytest.mark.parametrize(
    "answers",
    [
        {"DONE": b"* 4 EXISTS\r\n{tag} OK done\r\n"},
        {"DONE": b"{tag} OK done\r\n* 4 EXISTS\r\n"},
        {"IDLE": b"* 4 EXISTS\r\n+ idling\r\n"},
        {"IDLE": b"+ idling\r\n* 4 EXISTS\r\n"},
    ],
)
def test_news_beside_a_sign_of_life_are_told(idling: Idling, answers: dict[str, bytes]) -> None:
    """Wherever the server tells of mail between the question and the next IDLE, a turn is due and has no wait."""
    with idling() as (server, source, descriptor):
        server.change(**answers)
        source.probe_idle()
        assert renewed(source, descriptor)
        started = time.monotonic()
        assert source.end_idle()
        assert source.look("INBOX").uidvalidity == 7
        assert time.monotonic() - started < 0.3


def test_a_renewal_may_be_cut_short(idling: Idling) -> None:
    """Who needs the connection while IDLE begins anew gets it, in step."""
    with idling() as (_, source, descriptor):
        source.probe_idle()
        assert select.select([descriptor], [], [], 5)[0]
        assert source.renew_idle() is None
        assert source.look("INBOX").uidvalidity == 7


def test_idle_may_be_refused_anew(idling: Idling) -> None:
    """A server that takes no IDLE any more has a turn find that out, and the connection is as good as before."""
    with idling() as (server, source, descriptor):
        server.change(IDLE=b"{tag} NO not now\r\n")
        source.probe_idle()
        assert renewed(source, descriptor)
        assert not source.end_idle()
        assert source.start_idle() is None
        assert source.look("INBOX").uidvalidity == 7


def test_what_stands_behind_a_refusal_is_heard_to_its_end(idling: Idling) -> None:
    """Half a line that comes with the refusal is not left for the next command to stumble over."""
    with idling() as (server, source, descriptor):
        server.change(IDLE=b"{tag} NO not now\r\n* 5 EX")
        source.probe_idle()
        assert renewed(source, descriptor)
        server.say(b"ISTS\r\n")
        assert source.end_idle()
        assert source.look("INBOX").uidvalidity == 7


def test_a_chatterbox_gets_a_turn(idling: Idling) -> None:
    """A server that says more than a sign of life takes is left to a turn by the thread that hears all others."""
    with idling() as (server, source, descriptor):
        server.change(DONE=b"* OK well\r\n" * 10_000)
        source.probe_idle()
        assert renewed(source, descriptor)


def test_a_server_that_goes_mute_between_two_idles_is_noticed(idling: Idling) -> None:
    """The next question finds that IDLE did not begin, and the end does not wait longer than the server had."""
    with idling() as (server, source, descriptor):
        server.change(IDLE=b"")
        source.probe_idle()
        assert renewed(source, descriptor) is None
        assert not source.probe_idle()
        started = time.monotonic()
        with pytest.raises(TransientError):
            source.end_idle()
        assert time.monotonic() - started < 0.3


def test_a_sign_of_life_that_is_heard_late_counts(idling: Idling) -> None:
    """It came in time, and nobody had the time to hear it: the connection is as good as before."""
    with idling() as (_, source, descriptor):
        source.probe_idle()
        assert select.select([descriptor], [], [], 5)[0]
        time.sleep(0.6)
        assert not source.end_idle()
        assert source.look("INBOX").uidvalidity == 7


def test_no_sign_of_life_is_noticed_without_waiting_longer(idling: Idling) -> None:
    """The time for the answer counts from the question: once it has passed the end comes at once."""
    with idling(DONE=b"") as (_, source, descriptor):
        source.probe_idle()
        assert not select.select([descriptor], [], [], 0.6)[0]
        started = time.monotonic()
        with pytest.raises(TransientError):
            source.end_idle()
        assert time.monotonic() - started < 0.3


def test_a_question_to_a_connection_that_is_gone_is_told(idling: Idling) -> None:
    """A reset connection takes no question, or answers none; afterwards the source opens again."""
    with idling() as (server, source, _):
        server.reset()
        with pytest.raises(TransientError):
            assert not source.probe_idle() or source.end_idle()
        assert not source.probe_idle()
        source.open()
        assert source.look("INBOX").uidnext == 4


def test_news_at_the_very_end_is_told(idling: Idling) -> None:
    """What the server says between DONE and its answer, or right behind that, is not lost."""
    with idling(DONE=b"* 4 EXISTS\r\n{tag} OK done\r\n") as (_, source, _):
        assert source.end_idle()
    with idling(DONE=b"{tag} OK done\r\n* 4 EXISTS\r\n") as (_, source, _):
        assert source.end_idle()


def test_the_connection_works_after_idle(idling: Idling) -> None:
    """Commands after IDLE, and the next IDLE, find the connection in step; a forgotten end is made up for."""
    with idling() as (server, source, _):
        source.end_idle()
        assert source.look("INBOX").uidvalidity == 7
        assert source.start_idle() is not None
        assert source.look("INBOX").uidvalidity == 7
        assert server.commands[-2] == b"DONE"


def test_the_open_folder_is_not_opened_again(idling: Idling) -> None:
    """A second IDLE costs no second EXAMINE."""
    with idling() as (server, source, _):
        source.end_idle()
        source.start_idle()
        assert sum(b"EXAMINE" in command for command in server.commands) == 1


def test_a_server_that_refuses_is_one_without_idle(certificates: Certificates) -> None:
    """NO to IDLE means to poll instead."""
    with ScriptedServer({"IDLE": b"{tag} NO not now\r\n"}, certificates.server_context()) as server:
        account = ImapAccount("home", HOST, "me", server.port, timeout=2)
        source = ImapSource(account, Secret("secret"), certificates.client_context)
        source.open()
        assert source.start_idle() is None
        assert source.look("INBOX").uidnext == 4
        source.close()


def test_a_source_without_idle_begun_has_no_news() -> None:
    """Asking about an IDLE that nobody began is answered without a connection."""
    source = ImapSource(ImapAccount("home", HOST, "me"), Secret("secret"), tls_context())
    assert not source.check_idle()
    assert not source.end_idle()

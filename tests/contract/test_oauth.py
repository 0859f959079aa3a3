"""What the vault of OAuth promises: tokens that are renewed in time, kept in a real key ring, used by one at a time."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from tests.kit.authorisation_server import AuthorisationServer
from tests.kit.bus import PrivateBus
from tests.kit.consents import Consenting, consenting
from tests.kit.keyring_daemon import hung_key_ring, keyring_daemon
from tests.kit.vaults import told
from watcher.errors import TransientError, UserError
from watcher.settings.oauth import COMPLETE
from watcher.vault.clients import Client, complete

KEYRING = [pytest.mark.dbus, pytest.mark.keyring]


@pytest.fixture
def mine() -> Iterator[Consenting]:
    """A user of an authorisation server who has not consented yet."""
    with consenting() as user:
        yield user


@pytest.mark.dbus
@pytest.mark.keyring
class TestTokens:
    """What `secret` and `refuse` do."""

    def test_without_consent(self, mine: Consenting) -> None:
        """Before there was consent the error names the command that asks for it, and the server is not troubled."""
        with pytest.raises(UserError, match="watcher login home"):
            mine.vault().secret()
        assert mine.server.asked == []

    def test_a_token_is_kept_while_it_is_good(self, mine: Consenting) -> None:
        """A token that is good for an hour is not asked for twice by one process."""
        vault = mine.consented()
        assert vault.secret() == vault.secret()
        assert mine.server.good(vault.secret())
        assert mine.server.grants("refresh_token") == 0

    def test_a_token_is_renewed_before_its_end(self, mine: Consenting) -> None:
        """A token that is about to end is replaced before anybody is given it."""
        mine.server.will.lifetime = 4
        vault = mine.consented()
        first = vault.secret()
        time.sleep(2.2)
        assert mine.server.good(first)
        assert vault.secret() != first
        assert mine.server.good(vault.secret())

    def test_an_hour_is_used_up_to_the_last_minute(self, mine: Consenting) -> None:
        """A token with a little more than a minute to live is given out, one with less is replaced."""
        for lifetime, renewals in ((130, 0), (59, 0)):
            mine.server.will.lifetime = lifetime
            mine.consented().secret()
            assert mine.server.grants("refresh_token") == renewals

    def test_a_refused_token_is_not_given_again(self, mine: Consenting) -> None:
        """What the server refused is replaced at the next request."""
        vault = mine.consented()
        refused = vault.secret()
        mine.server.spoil_access()
        assert vault.refuse(refused)
        assert vault.secret() != refused
        assert mine.server.good(vault.secret())

    def test_another_process_starts_from_the_key_ring(self, mine: Consenting) -> None:
        """What one process was granted lasts: each later one gets a token of its own, by what the one before left."""
        mine.consented()
        tokens = [mine.vault().secret() for _ in range(3)]
        assert len(set(tokens)) == 3
        assert all(map(mine.server.good, tokens))
        assert mine.server.grants("refresh_token") == 3
        assert not mine.server.reused

    def test_a_server_that_keeps_to_one_refresh_token(self, mine: Consenting) -> None:
        """Where no other refresh token is given, the first one stays in use."""
        mine.consented()
        mine.server.will.rotates = False
        assert mine.server.good(mine.access())
        assert mine.server.good(mine.access())

    def test_long_tokens(self, mine: Consenting) -> None:
        """Tokens of 4,000 characters, as Microsoft gives them, go through the key ring."""
        mine.server.will.token_length = 3000
        mine.consented()
        assert len(mine.vault().secret()) == 4000

    def test_withdrawn_consent(self, mine: Consenting) -> None:
        """Consent that was taken back is told with the command that mends it, and that command does."""
        vault = mine.consented()
        mine.server.withdraw()
        vault.refuse(vault.secret())
        for _ in range(2):
            with pytest.raises(UserError, match=r"withdrawn, or has ended\..*: watcher login home"):
                vault.secret()
        assert mine.server.good(mine.consented().secret())

    def test_forgetting(self, mine: Consenting) -> None:
        """After `forget` nothing is left to renew a token with, and to forget once more does no harm."""
        vault = mine.consented()
        vault.forget()
        vault.forget()
        with pytest.raises(UserError, match="not given access"):
            vault.secret()

    def test_a_refresh_token_is_for_one_client_at_one_place(self, mine: Consenting) -> None:
        """What was granted to one client is not shown for another, nor anywhere else."""
        mine.consented()
        client = mine.server.client()
        for other in (replace(client, client_id="another"), replace(client, token_endpoint=f"{mine.server.url}/else")):
            with pytest.raises(UserError, match="not given access"):
                mine.vault(other).secret()
        assert mine.server.grants("refresh_token") == 0


@pytest.mark.dbus
@pytest.mark.keyring
class TestManyAtOnce:
    """What the lock is for."""

    def test_several_processes_at_once(self, mine: Consenting) -> None:
        """Whoever asks at the same time gets a token, and no refresh token is ever used twice."""
        mine.consented()
        mine.server.will.delay = 0.2
        with ThreadPoolExecutor(4) as pool:
            tokens = list(pool.map(lambda vault: vault.secret(), [mine.vault() for _ in range(4)]))
        assert all(map(mine.server.good, tokens))
        assert mine.server.grants("refresh_token") == 4
        assert not mine.server.reused

    def test_consent_while_another_renews(self, mine: Consenting) -> None:
        """A renewal that is under way does not overwrite a consent that was given meanwhile."""
        vault = mine.consented()
        vault.refuse(vault.secret())
        mine.server.will.delay = 0.5
        with ThreadPoolExecutor(1) as pool:
            renewal = pool.submit(vault.secret)
            time.sleep(0.2)
            mine.consented()
            renewal.result()
        newest = mine.server.newest()
        mine.vault().secret()
        assert newest in mine.server.sent("refresh_token")
        assert not mine.server.reused

    @pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    def test_a_process_that_dies_while_it_renews(self, mine: Consenting, end: signal.Signals) -> None:
        """What the server granted to a process that is gone, with all its children signalled, is kept all the same."""
        mine.consented()
        mine.server.will.delay = 1.0
        process = subprocess.Popen(command(mine), env=mine.environment, stderr=subprocess.DEVNULL)
        wait_until_busy(mine)
        children = descendants(process.pid)
        process.send_signal(end)
        for pid in children if end is not signal.SIGKILL else []:
            os.kill(pid, end)
        process.wait(20)
        mine.server.will.delay = 0
        assert mine.server.good(mine.access())
        assert not mine.server.reused


@pytest.mark.dbus
@pytest.mark.keyring
class TestSecrecy:
    """Where no secret is ever to be seen."""

    def test_no_secret_in_processes(self, mine: Consenting) -> None:
        """While a token is renewed, neither arguments nor environment of any process hold a secret."""
        mine.consented()
        mine.server.will.delay = 1.0
        with ThreadPoolExecutor(1) as pool:
            renewal = pool.submit(mine.vault().secret)
            wait_until_busy(mine)
            seen = [words for pid in descendants(os.getpid()) for words in (read(pid, "cmdline"), read(pid, "environ"))]
            renewal.result()
        assert any(b"watcher.vault.grant" in words for words in seen)
        assert not [word for word in mine.server.secrets() if any(word.encode() in words for words in seen)]

    def test_no_secret_in_words(self, mine: Consenting, caplog: pytest.LogCaptureFixture) -> None:
        """No repr, error or log holds a secret, even where the server repeats what it was sent."""
        caplog.set_level(logging.DEBUG)
        vault = mine.consented()
        vault.secret()
        words = repr(vault) + repr(vars(vault)["_client"])
        mine.server.withdraw()
        for broken in (mine.vault(), mine.vault(replace(mine.server.client(), client_id="another"))):
            with pytest.raises(UserError) as problem:
                broken.secret()
            words += told(problem.value)
        words += caplog.text
        assert not [secret for secret in mine.server.secrets() if secret in words]

    def test_the_libraries_stay_outside(self, mine: Consenting) -> None:
        """What it takes to speak to the server and to the key ring is loaded by children alone."""
        mine.consented()
        done = subprocess.run(command(mine), env=mine.environment, capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["True", "[]"]


RENEW = """
import json, sys
from pathlib import Path
from watcher.vault.clients import Client, Owner
from watcher.vault.oauth import OAuthVault
owner, client, lock = json.loads(sys.argv[1])
token = OAuthVault(Owner(**owner), Client(**client), Path(lock)).secret()
heavy = {"authlib", "requests", "keyring", "cryptography", "urllib3", "http.server"}
print(len(token) > 20, sorted(heavy & sys.modules.keys()))
"""


def command(user: Consenting) -> list[str]:
    """A process that renews that user's token."""
    known = [asdict(user.owner), asdict(user.server.client()), str(user.lock)]
    return [sys.executable, "-c", RENEW, json.dumps(known)]


def wait_until_busy(user: Consenting) -> None:
    """Return when the server has been asked for a renewal, which it has not answered yet."""
    end = time.monotonic() + 10
    while not user.server.busy:
        assert time.monotonic() < end, "nobody asks"
        time.sleep(0.01)


def descendants(pid: int) -> list[int]:
    """The processes that this one has started, those that these have started, and so on."""
    tasks = [path.name for path in Path(f"/proc/{pid}/task").glob("*")]
    children = [int(child) for task in tasks for child in read(pid, f"task/{task}/children").split()]
    return [*children, *(grandchild for child in children for grandchild in descendants(child))]


def read(pid: int, name: str) -> bytes:
    """What the system tells of a process; nothing once it is gone."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


# The key ring.


@pytest.mark.dbus
def test_no_key_ring(bus: PrivateBus, tmp_path: Path) -> None:
    """Without a key ring the user is not even asked for consent: there would be nowhere to keep it."""
    with AuthorisationServer() as server:
        user = Consenting(server, bus.environment(), tmp_path / "lock")
        with pytest.raises(UserError, match="no key ring"):
            user.consented()
        with pytest.raises(UserError, match="no key ring"):
            user.vault().secret()
        assert server.asked == []


@pytest.mark.dbus
@pytest.mark.keyring
def test_a_locked_key_ring(bus: PrivateBus, tmp_path: Path) -> None:
    """A locked key ring may open later; then the token is there."""
    with AuthorisationServer() as server:
        user = Consenting(server, bus.environment(), tmp_path / "lock")
        with keyring_daemon(bus):
            user.consented()
        with keyring_daemon(bus, locked=True), pytest.raises(TransientError, match="locked"):
            user.vault().secret()
        with keyring_daemon(bus):
            assert server.good(user.access())


@pytest.mark.dbus
def test_a_hung_key_ring(bus: PrivateBus, tmp_path: Path) -> None:
    """A key ring that never answers costs the time that was allowed."""
    with AuthorisationServer() as server, hung_key_ring(bus):
        vault = Consenting(server, bus.environment(), tmp_path / "lock").vault(patience=1.0)
        start = time.monotonic()
        with pytest.raises(TransientError, match="did not answer within 1 seconds"):
            vault.secret()
        assert time.monotonic() - start < 8
        vault.close()


RINGS = """
import json, pathlib
from keyring.backend import KeyringBackend

KEPT = pathlib.Path(FILE)

class Own(KeyringBackend):
    priority = 1
    def get_password(self, service, username):
        return json.loads(KEPT.read_text()).get(service + username) if KEPT.exists() else None
    def set_password(self, service, username, password):
        if KEPT.with_name("full").exists():
            raise OSError(password)
        kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
        KEPT.write_text(json.dumps(kept | {service + username: password}))
    def delete_password(self, service, username):
        raise NotImplementedError

class PlaintextKeyring(Own): pass
"""


@pytest.fixture
def own_ring(tmp_path: Path) -> Iterator[Consenting]:
    """A user whose key ring is a file, and takes nothing more once there is a file "full" beside it."""
    (tmp_path / "rings.py").write_text(RINGS.replace("FILE", repr(str(tmp_path / "kept"))))
    environment = {"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path), "PYTHON_KEYRING_BACKEND": "rings.Own"}
    with AuthorisationServer() as server:
        yield Consenting(server, environment, tmp_path / "lock")


def test_a_key_ring_in_plain_text(own_ring: Consenting) -> None:
    """A key ring that keeps what it is given in plain text is given nothing, and nobody is asked for consent."""
    own_ring.environment["PYTHON_KEYRING_BACKEND"] = "rings.PlaintextKeyring"
    with pytest.raises(UserError, match="plain text"):
        own_ring.consented()
    assert own_ring.server.asked == []


def test_a_key_ring_in_plain_text_that_was_asked_for(own_ring: Consenting, tmp_path: Path) -> None:
    """Where the configuration asks for it, what is granted and the client's secret are kept there and found again."""
    environment = {**own_ring.environment, "PYTHON_KEYRING_BACKEND": "rings.PlaintextKeyring"}
    with AuthorisationServer(secret="of the client") as server:
        user = Consenting(server, environment, tmp_path / "lock", plaintext=True)
        user.vault().keep_client_secret("of the client")
        user.consented()
        assert server.good(user.access())
        assert server.grants("refresh_token") == 1


def test_a_key_ring_that_takes_nothing_more(
    own_ring: Consenting, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A renewal that cannot be kept is told, and its access token is used all the same."""
    own_ring.consented()
    (tmp_path / "full").touch()
    token = own_ring.vault().secret()
    assert own_ring.server.good(token)
    assert "home: the key ring did not take" in caplog.text
    assert not [secret for secret in own_ring.server.secrets() if secret in caplog.text]


def test_consent_that_cannot_be_kept(own_ring: Consenting, tmp_path: Path) -> None:
    """Consent that the key ring does not take is told as such: it has not succeeded."""
    (tmp_path / "full").touch()
    with pytest.raises(TransientError, match="did not keep it"):
        own_ring.consented()


# The clients that are known.


@pytest.mark.parametrize("name", COMPLETE)
def test_known_clients_are_complete(name: str) -> None:
    """Of the providers that the configuration may name alone, everything is known, and every address is one of TLS."""
    client = complete(Client(name, "mine"))
    assert client.client_id == "mine"
    assert client.scope
    assert client.authorization_endpoint.startswith("https://")
    assert client.token_endpoint.startswith("https://")


def test_google_is_asked_for_what_lasts() -> None:
    """Google gives a refresh token only when asked in this way, and no code for another device for mail."""
    client = complete(Client("google", "mine"))
    assert client.more == {"access_type": "offline", "prompt": "consent"}
    assert client.device_endpoint == ""


def test_a_client_may_say_otherwise() -> None:
    """What the configuration says of a known provider counts; of another one nothing is added."""
    tenant = Client("microsoft", "mine", token_endpoint="https://login.example.jp/token")
    assert complete(tenant).token_endpoint == "https://login.example.jp/token"
    assert complete(tenant).device_endpoint
    unknown = replace(tenant, name="work")
    assert complete(unknown) == unknown

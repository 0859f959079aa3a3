"""Which hosts a configuration may name, and which of them without TLS."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.errors import UserError
from watcher.settings import Settings, load


def loaded(folder: Path, host: str, more: str = "") -> Settings:
    """The settings of a file with an account at that host."""
    path = folder / "config.toml"
    path.write_text(f"[[accounts]]\nname = 'a'\nuser = 'u'\nhost = '{host}'\n{more}", encoding="utf-8")
    return load(path)


def problem(folder: Path, host: str, more: str = "") -> str:
    """What is told of such a file, which is one thing."""
    with pytest.raises(UserError) as caught:
        loaded(folder, host, more)
    (told,) = caught.value.problems
    return told


@pytest.mark.parametrize(
    "host", ["メール.example.jp", "imap.example.jp.", "192.0.2.1", "2001:db8::1", "mail_1", "x" * 63]
)
def test_host(tmp_path: Path, host: str) -> None:
    """Names in any script, addresses and names of one's own network are hosts."""
    assert loaded(tmp_path, host).accounts[0].host == host


@pytest.mark.parametrize(
    "host", ["imap..example.jp", "x" * 64 + ".example.jp", "imap.example.jp:993", "-imap.example.jp", "imaps://b/"]
)
def test_no_host(tmp_path: Path, host: str) -> None:
    """What DNS can have no name for is told here, and not only by whoever connects."""
    assert problem(tmp_path, host).startswith("accounts[0].host: must be the name of a server")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_no_tls_on_this_computer(tmp_path: Path, host: str) -> None:
    """On the way to this very computer nobody else can read the password."""
    assert loaded(tmp_path, host, "tls = 'none'").accounts[0].port == 143


@pytest.mark.parametrize(
    "host",
    [
        "imap.localhost",
        "imap.example.jp",
        "192.168.1.2",
        "localhost.example.jp",
        "127.0.0.1.example.jp",
        "0.0.0.0",  # noqa: S104 - every address is not this computer alone
    ],
)
def test_tls_elsewhere(tmp_path: Path, host: str) -> None:
    """A password goes over the network under TLS or not at all."""
    assert problem(tmp_path, host, "tls = 'none'").startswith("accounts[0].tls: ")

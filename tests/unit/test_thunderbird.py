"""What is learned from Thunderbird's profiles: where they lie, what accounts they have, where an alert is raised."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from watcher.discovery.found import Candidate, Origin, Way
from watcher.discovery.thunderbird import accounts, alerts_for, profiles

FIXTURE = Path(__file__).parents[1] / "fixtures" / "thunderbird"
REAL = FIXTURE / "abcd1234.default-default"

INI = "[Profile0]\nName=home\nIsRelative=1\nPath=Profiles/one\nDefault=1\n"

PLACES = {
    ".thunderbird": "linux",
    ".config/thunderbird": "linux",
    ".var/app/org.mozilla.Thunderbird/.thunderbird": "linux",
    ".var/app/org.mozilla.thunderbird/.thunderbird": "linux",
    ".var/app/org.mozilla.thunderbird_esr/.thunderbird": "linux",
    ".var/app/net.thunderbird.Thunderbird/.thunderbird": "linux",
    ".var/app/eu.betterbird.Betterbird/.thunderbird": "linux",
    "snap/thunderbird/common/.thunderbird": "linux",
    "Library/Thunderbird": "darwin",
    "AppData/Roaming/Thunderbird": "win32",
}

SERVER = {"type": "imap", "hostname": "mail.example.org", "userName": "hanako", "socketType": 3, "authMethod": 3}
GIVES: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "TLS from the start": ({}, {"tls": "implicit", "port": 993}),
    "a port of its own": ({"port": 9993}, {"tls": "implicit", "port": 9993}),
    "a port that is none": ({"port": 70000}, {"port": 993}),
    "STARTTLS": ({"socketType": 2}, {"tls": "starttls", "port": 143}),
    "STARTTLS if possible": ({"socketType": 1, "port": 1143}, {"tls": "starttls", "port": 1143}),
    "none, elsewhere": ({"socketType": 0, "port": 143}, {"tls": "implicit", "port": 993}),
    "none, at home": ({"socketType": 0, "hostname": "192.168.0.2"}, {"tls": "implicit", "port": 993}),
    "none, on loopback": ({"socketType": 0, "hostname": "localhost", "port": 1143}, {"tls": "none", "port": 1143}),
    "none, below localhost": ({"socketType": 0, "hostname": "imap.localhost"}, {"tls": "implicit", "port": 993}),
    "nothing said": ({"socketType": "x"}, {"tls": "implicit", "port": 993}),
    "a password": ({"authMethod": 3}, {"ways": (Way.PASSWORD,), "provider": ""}),
    "encrypted": ({"authMethod": 4}, {"ways": (Way.PASSWORD,)}),
    "Kerberos": ({"authMethod": 5}, {"ways": (Way.PASSWORD,)}),
    "NTLM": ({"authMethod": 6}, {"ways": (Way.PASSWORD,)}),
    "a certificate": ({"authMethod": 7}, {"ways": (Way.PASSWORD,)}),
    "OAuth": ({"authMethod": 10}, {"ways": (Way.OAUTH,)}),
    "a known provider": (
        {"hostname": "imap.gmail.com", "authMethod": 10},
        {"ways": (Way.APP_PASSWORD, Way.OAUTH), "provider": "gmail"},
    ),
    "a host that was changed": ({"realhostname": "new.example.org"}, {"host": "new.example.org"}),
    "a user that was changed": ({"realuserName": "hanako2"}, {"user": "hanako2"}),
    "a Japanese host": ({"hostname": "メール.example"}, {"host": "xn--4dkua4c.example"}),
    "a user who is an address": ({"userName": "h@example.org"}, {"user": "h@example.org", "address": "h@example.org"}),
    "a user who is none": ({}, {"user": "hanako", "address": ""}),
    "a name": ({"name": "会社"}, {"name": "会社"}),
    "a name that lies": ({"name": "a\u202eb\x1b[31m\nc"}, {"name": "ab[31m c"}),
    "a user that lies": ({"userName": "hana\x1bko\u200b"}, {"user": "hanako"}),
    "a name without end": ({"name": "x" * 5000}, {"name": "x" * 119 + "…"}),
}
IGNORED: dict[str, dict[str, object]] = {
    "POP3": {"type": "pop3"},
    "news": {"type": "nntp"},
    "Exchange": {"type": "ews"},
    "local folders": {"type": "none"},
    "hidden": {"hidden": True},
    "no host": {"hostname": ""},
    "a host that is none": {"hostname": "a b;c"},
    "no user": {"userName": ""},
    "a number for a host": {"hostname": 5},
}

NEW, JUNK = 0x28082014, 0x40082014
CHECKS_ALL = {"mail.server.default.check_all_folders_for_new": True}
ALERTS: dict[str, tuple[Mapping[str, object], int | None, bool | None]] = {
    "as it comes": ({}, 0x08082014, True),
    "without a look at the start": ({"mail.server.server1.login_at_startup": False}, 0x08082014, None),
    "told to check": ({"mail.server.server1.login_at_startup": False}, NEW, True),
    "told to check all": ({**CHECKS_ALL, "mail.server.server1.login_at_startup": False}, 0x08082014, True),
    "for junk": ({}, JUNK, False),
    "for junk, told to check all": (CHECKS_ALL, JUNK, False),
    "no alerts": ({**CHECKS_ALL, "mail.biff.show_alert": False}, NEW, False),
    "a folder never met": (CHECKS_ALL, None, None),
}


def write(profile: Path, values: Mapping[str, object]) -> None:
    """A profile's prefs.js, as Thunderbird would write it."""
    profile.mkdir(parents=True, exist_ok=True)
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in values.items())
    (profile / "prefs.js").write_text("".join(lines), "utf-8")


def one_account(**changes: object) -> dict[str, object]:
    """The settings of a profile with one account."""
    server = {f"mail.server.server1.{name}": value for name, value in {**SERVER, **changes}.items()}
    return {"mail.accountmanager.accounts": "account1", "mail.account.account1.server": "server1", **server}


def listed(root: Path, ini: str = INI, *used: str) -> None:
    """A folder with that profiles.ini and these profiles in use, the last one latest."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "profiles.ini").write_text(ini, "utf-8")
    for age, name in enumerate(used or ("Profiles/one",)):
        write(root / name, {})
        os.utime(root / name / "prefs.js", (1_000 + age, 1_000 + age))


# Profiles.


@pytest.mark.parametrize(("place", "platform"), PLACES.items())
def test_profiles_are_found_where_each_package_keeps_them(tmp_path: Path, place: str, platform: str) -> None:
    """Every way of installing Thunderbird has its own place, on its own system alone."""
    listed(tmp_path / place)
    others = {"linux", "darwin", "win32"} - {platform}

    assert [profile.path for profile in profiles(tmp_path, {}, platform)] == [tmp_path / place / "Profiles" / "one"]
    assert not any(profiles(tmp_path, {}, other) for other in others)


def test_the_environment_says_where_settings_are(tmp_path: Path) -> None:
    """XDG_CONFIG_HOME and APPDATA are followed, but for a relative one, which means nothing."""
    listed(tmp_path / "elsewhere" / "thunderbird")
    listed(tmp_path / "roaming" / "Thunderbird")

    assert profiles(tmp_path, {"XDG_CONFIG_HOME": str(tmp_path / "elsewhere")}, "linux")
    assert not profiles(tmp_path, {"XDG_CONFIG_HOME": "elsewhere"}, "linux")
    assert profiles(tmp_path, {"APPDATA": str(tmp_path / "roaming")}, "win32")


def test_the_profile_used_last_comes_first(tmp_path: Path) -> None:
    """What the user had open most recently is offered before what lies there from former times."""
    listed(tmp_path / ".thunderbird", INI + "[Profile1]\nName=work\nIsRelative=1\nPath=two\n", "Profiles/one", "two")

    assert [(each.name, each.default) for each in profiles(tmp_path, {}, "linux")] == [("work", False), ("home", True)]


def test_an_installation_has_its_own_default(tmp_path: Path) -> None:
    """What an installation has taken for itself counts, and Default=1 is then a leftover."""
    ini = INI + "[Profile1]\nName=new\nIsRelative=1\nPath=two\n[Install01]\nDefault=two\nLocked=1\n"
    listed(tmp_path / ".thunderbird", ini, "two", "Profiles/one")

    assert {each.name: each.default for each in profiles(tmp_path, {}, "linux")} == {"home": False, "new": True}


def test_a_profile_may_lie_anywhere(tmp_path: Path) -> None:
    """A path that is not relative is taken as it is, and one that two packages share is given once."""
    write(tmp_path / "disk" / "mail", {})
    ini = f"[Profile0]\nName=\u202edisk\nIsRelative=0\nPath={tmp_path}/disk/mail\nDefault=1\n"
    for place in (".thunderbird", ".config/thunderbird"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "profiles.ini").write_text(ini, "utf-8")

    found = profiles(tmp_path, {}, "linux")

    assert [(each.path, each.name) for each in found] == [(tmp_path / "disk" / "mail", "disk")]


@pytest.mark.parametrize(
    "ini",
    [
        "",
        "no section\n",
        "\0\0\0",
        "[Profile0\nPath=Profiles/one\n",
        "[Profile0]\nName=no path\nIsRelative=1\n",
        "[Profile0]\nIsRelative=0\nPath=Profiles/one\n",
        "[Profile0]\nIsRelative=1\nPath=never/used\n",
        "[Profile0]\nIsRelative=1\nPath=a\0b\n",
        "[Backup]\nIsRelative=1\nPath=Profiles/one\n",
    ],
)
def test_a_file_in_disorder_names_no_profile(tmp_path: Path, ini: str) -> None:
    """Whatever stands in profiles.ini, at worst there is no profile."""
    listed(tmp_path / ".thunderbird", ini)

    assert profiles(tmp_path, {}, "linux") == ()


# Accounts.


@pytest.mark.parametrize(("changes", "expected"), GIVES.values(), ids=GIVES.keys())
def test_an_account_is_understood(tmp_path: Path, changes: dict[str, object], expected: dict[str, object]) -> None:
    """Each setting of a server means what it means to Thunderbird."""
    write(tmp_path, one_account(**changes))

    [found] = accounts(tmp_path)

    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize("changes", IGNORED.values(), ids=IGNORED.keys())
def test_what_cannot_be_watched_is_left_out(tmp_path: Path, changes: dict[str, object]) -> None:
    """Only IMAP accounts that are shown, with a host and a user, are given."""
    write(tmp_path, one_account(**changes))

    assert accounts(tmp_path) == ()


def test_lists_in_disorder_are_followed_as_far_as_they_lead(tmp_path: Path) -> None:
    """Accounts that are named twice, or missing, or without a server, do no harm."""
    write(tmp_path, {**one_account(), "mail.accountmanager.accounts": " account1,,account9, account1,account2"})

    assert [each.user for each in accounts(tmp_path)] == ["hanako"]


def test_no_profile_has_no_accounts(tmp_path: Path) -> None:
    """A folder without settings has no accounts."""
    assert accounts(tmp_path) == ()


# Alerts.


@pytest.mark.parametrize(("changes", "flags", "expected"), ALERTS.values(), ids=ALERTS.keys())
def test_alerts_are_foretold_as_they_were_measured(
    tmp_path: Path, changes: Mapping[str, object], flags: int | None, expected: object
) -> None:
    """Settings and flags of the folder say together whether Thunderbird raises an alert."""
    own = one_account(**{"directory-rel": "[ProfD]ImapMail/mail.example.org", "login_at_startup": True})
    write(tmp_path, {**own, **changes})
    remember(tmp_path, "ImapMail/mail.example.org/Suspicious.msf", flags)

    assert alerts_for(tmp_path, "mail.example.org", "hanako", "Suspicious") is expected
    assert alerts_for(tmp_path, "mail.example.org", "hanako", "Suspicious", junk=True) is False


def remember(profile: Path, path: str, flags: int | None, name: str = "Suspicious", delimiter: str = "/") -> None:
    """A list of folders with one folder in it; without one where it has no flags."""
    entry: dict[str, Any] = {"flags": flags, "onlineName": name, "hierDelim": ord(delimiter)}
    entries = {} if flags is None else {f"/HOME/profile/{path}": entry}
    (profile / "folderCache.json").write_text(json.dumps(entries), "utf-8")


@pytest.mark.parametrize(
    ("path", "name", "delimiter", "folder"),
    [
        ("ImapMail/mail.example.org/INBOX.sbd/Suspicious.msf", "INBOX.Suspicious", ".", "INBOX/Suspicious"),
        ("ImapMail/mail.example.org/INBOX.sbd/Suspicious.msf", "INBOX.Suspicious", ".", "Suspicious"),
        ("ImapMail\\mail.example.org\\Suspicious.msf", "Suspicious", "/", "Suspicious"),
        ("ImapMail/mail.example.org/a.sbd/b.msf", "a/b", "/", "a/b"),
    ],
)
def test_a_folder_is_known_by_its_name_on_the_server(
    tmp_path: Path, path: str, name: str, delimiter: str, folder: str
) -> None:
    """Delimiters, a prefix of the server and the paths of other systems do not hide a folder."""
    write(tmp_path, one_account(**{"directory-rel": "[ProfD]ImapMail/mail.example.org"}))
    remember(tmp_path, path, NEW, name, delimiter)

    assert alerts_for(tmp_path, "mail.example.org", "hanako", folder) is True


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "[" * 100_000, '{"/ImapMail/mail.example.org/x.msf": 5}', '{"a": {"flags": "x"}}', "null"]
)
def test_a_list_of_folders_in_disorder_tells_nothing(tmp_path: Path, text: str) -> None:
    """Whatever stands in folderCache.json, at worst nothing can be told."""
    write(tmp_path, one_account(**{"directory-rel": "[ProfD]ImapMail/mail.example.org"}))
    (tmp_path / "folderCache.json").write_text(text, "utf-8")

    assert alerts_for(tmp_path, "mail.example.org", "hanako", "Suspicious") is None


def test_an_account_that_thunderbird_has_not_tells_nothing(tmp_path: Path) -> None:
    """Of an account that is not in the profile nothing can be told, not even for junk."""
    write(tmp_path, one_account())

    assert alerts_for(tmp_path, "mail.example.org", "taro", "Suspicious", junk=True) is None


# The profile that a real Thunderbird wrote.


def test_the_real_profile_is_found(tmp_path: Path) -> None:
    """Of the two profiles that Thunderbird makes at its first start, the one that it uses is given."""
    (tmp_path / ".thunderbird").symlink_to(FIXTURE)

    [profile] = profiles(tmp_path, {}, "linux")

    assert (profile.path.name, profile.name, profile.default) == (REAL.name, "default-default", True)


def test_the_real_accounts_are_understood() -> None:
    """What Thunderbird itself wrote gives its five IMAP accounts, in its order, with all that it left unsaid."""
    here, gmail, sakura, office, japanese = accounts(REAL)

    assert here == Candidate(
        "hanako@example.jp",
        "hanako",
        "127.0.0.1",
        10143,
        "none",
        Origin.THUNDERBIRD,
        (Way.PASSWORD,),
        name="hanako@example.jp",
    )
    assert (gmail.address, gmail.provider, gmail.ways) == (
        "hanako.yamada@gmail.com",
        "gmail",
        (Way.APP_PASSWORD, Way.OAUTH),
    )
    assert (gmail.tls, gmail.port, gmail.name) == ("implicit", 993, "Gmail（仕事）")
    assert (sakura.host, sakura.tls, sakura.port) == ("hanako.sakura.ne.jp", "starttls", 143)
    assert (sakura.ways, sakura.name) == ((Way.PASSWORD,), 'さくらの "メール"')
    assert (office.host, office.tls, office.port, office.name) == ("mail.example.org", "implicit", 993, "会社")
    assert (japanese.host, japanese.port, japanese.name) == ("imap.xn--4dkua4c.example", 993, "")
    assert japanese.user == japanese.address == "花子@メール.example"


def test_the_real_folders_are_understood() -> None:
    """Of the real list of folders, alerts are foretold for Suspicious and not for Junk."""
    asked = {folder: alerts_for(REAL, "127.0.0.1", "hanako", folder) for folder in ("Suspicious", "Junk", "Elsewhere")}

    assert asked == {"Suspicious": True, "Junk": False, "Elsewhere": None}

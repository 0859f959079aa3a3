"""What Thunderbird knows already: its profiles, their IMAP accounts, and where it raises an alert of its own.

Nothing is written, no program is started, and no password is read: `logins.json`, `logins.db` and `key4.db` are never
opened. What a profile says is shown to people, so it is cleaned here, at the door.

Betterbird keeps the same files in the same places.
"""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watcher.discovery.found import Candidate, Origin, Tls, Way
from watcher.discovery.prefs import Prefs, read_prefs, read_text
from watcher.discovery.providers import by_host
from watcher.domains import is_loopback, to_ascii
from watcher.text import clean

_LINUX = (
    ".thunderbird",
    ".var/app/org.mozilla.Thunderbird/.thunderbird",
    ".var/app/org.mozilla.thunderbird/.thunderbird",
    ".var/app/org.mozilla.thunderbird_esr/.thunderbird",
    ".var/app/net.thunderbird.Thunderbird/.thunderbird",
    ".var/app/eu.betterbird.Betterbird/.thunderbird",
    "snap/thunderbird/common/.thunderbird",
)
"""Below the home, of Debian's and Mozilla's own package, of the Flatpaks (Flathub before and after 2026, Fedora,
Betterbird) and of the Snap."""
_MOST_ACCOUNTS = 200
_LONGEST_NAME = 320
"""Characters of a name to log in with: as long as an addr-spec can be (RFC 5321, 4.5.3.1)."""
_MOST_OCTETS = 16 * 1024 * 1024
"""Of the list of folders: 700 octets each."""

_IMPLICIT = 3
_OAUTH = 10
"""nsMsgSocketType and nsMsgAuthMethod. Of the latter also 3: a password, 4: encrypted, 5: Kerberos, 6: NTLM,
7: a certificate."""

_SPECIAL = 0x40404F20
"""nsMsgFolderFlags: trash, sent mail, drafts, mail to be sent, archives, templates, junk, saved searches."""
_CHECK_NEW = 0x20000000
"""nsMsgFolderFlags: "When getting new messages for this account, always check this folder"."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One of the user's profiles."""

    path: Path
    """Its folder."""
    name: str
    """What Thunderbird calls it when it asks which one to take."""
    default: bool
    """Whether Thunderbird takes it without asking."""


def profiles(home: Path, environ: Mapping[str, str], platform: str) -> tuple[Profile, ...]:
    """All profiles that have ever been used, the one that was used last first.

    Args:
        home: the user's home.
        environ: the environment; of it APPDATA and XDG_CONFIG_HOME count.
        platform: as in `sys.platform`.
    """
    found: dict[Path, tuple[float, Profile]] = {}
    for root in _roots(home, environ, platform):
        for profile in _listed(root):
            if used := _last_used(profile.path):
                found.setdefault(profile.path.resolve(), (used, profile))
    return tuple(profile for _, profile in sorted(found.values(), key=lambda pair: -pair[0]))


def accounts(profile: Path) -> tuple[Candidate, ...]:
    """The IMAP accounts of a profile, in the order in which Thunderbird shows them.

    An account without any encryption (`socketType` 0, or none set) to a server elsewhere is offered with implicit TLS
    on port 993: passwords do not go over a network in the clear, and whether it works is seen when it is tried.

    How to log in is what the built-in table says of that server; otherwise OAuth where Thunderbird uses it, and the
    password for everything else, since servers that also take Kerberos, NTLM or a certificate as a rule take that.
    """
    found = (server.candidate() for server in _servers(read_prefs(profile / "prefs.js")))
    return tuple(dict.fromkeys(candidate for candidate in found if candidate.host and candidate.user))


@dataclass(frozen=True, slots=True)
class _Server:
    """An IMAP account as the settings have it."""

    prefs: Prefs
    key: str
    """Of its server: "mail.server.server1"."""
    identity: str
    """Of the first of its identities: "mail.identity.id1"."""

    @property
    def host(self) -> str:
        """As A-labels; `realhostname` is where older versions noted that the user had changed it."""
        return to_ascii(self._text("realhostname") or self._text("hostname"))

    @property
    def user(self) -> str:
        return clean(self._text("realuserName") or self._text("userName"), _LONGEST_NAME)

    def candidate(self) -> Candidate:
        """The account as one that could be watched; without a host or a user where it is a broken one."""
        tls = self._tls()
        provider = by_host(self.host)
        return Candidate(
            address=self._address(),
            user=self.user,
            host=self.host,
            port=self._port(tls),
            tls=tls,
            origin=Origin.THUNDERBIRD,
            ways=provider.ways if provider else self._ways(),
            provider=provider.key if provider else "",
            name=clean(self._text("name")),
        )

    @property
    def checks_all(self) -> bool:
        """Whether new mail is looked for in all its folders."""
        name = "check_all_folders_for_new"
        every = self.prefs.truth(f"mail.server.default.{name}", otherwise=False)
        return self.prefs.truth(f"{self.key}.{name}", otherwise=every)

    @property
    def checks_at_start(self) -> bool:
        """Whether Thunderbird logs in when it starts, as it does with every account that it set up itself."""
        return self.prefs.truth(f"{self.key}.login_at_startup", otherwise=False)

    def holds(self, path: str) -> bool:
        """Whether that file is one of its folders. In a Flatpak the profile itself seems to lie elsewhere."""
        own = self._text("directory-rel").removeprefix("[ProfD]")
        return bool(own) and f"/{own}/" in path.replace("\\", "/")

    def _text(self, name: str) -> str:
        return self.prefs.text(f"{self.key}.{name}")

    def _number(self, name: str) -> int:
        return self.prefs.number(f"{self.key}.{name}", 0)

    def _address(self) -> str:
        address = clean(self.prefs.text(f"{self.identity}.useremail"), _LONGEST_NAME)
        return next((each for each in (address, self.user) if "@" in each), "")

    def _tls(self) -> Tls:
        kind = self._number("socketType")
        if 0 < kind < _IMPLICIT:
            return "starttls"
        return "none" if kind != _IMPLICIT and is_loopback(self.host) else "implicit"

    def _port(self, tls: Tls) -> int:
        usual = 993 if tls == "implicit" else 143
        port = self._number("port")
        meant = tls != "implicit" or self._number("socketType") == _IMPLICIT
        return port if meant and 0 < port < 0x10000 else usual

    def _ways(self) -> tuple[Way, ...]:
        return (Way.OAUTH,) if self._number("authMethod") == _OAUTH else (Way.PASSWORD,)


def _servers(prefs: Prefs) -> Iterator[_Server]:
    """The servers of all IMAP accounts that are shown."""
    for account in _listing(prefs, "mail.accountmanager.accounts")[:_MOST_ACCOUNTS]:
        key = f"mail.server.{prefs.text(f'mail.account.{account}.server')}"
        shown = not prefs.truth(f"{key}.hidden", otherwise=False)
        if shown and prefs.text(f"{key}.type") == "imap":
            identities = _listing(prefs, f"mail.account.{account}.identities")
            yield _Server(prefs, key, f"mail.identity.{identities[0] if identities else ''}")


def _listing(prefs: Prefs, name: str) -> list[str]:
    """The keys that a setting lists, each once."""
    return list(dict.fromkeys(key for each in prefs.text(name).split(",") if (key := each.strip())))


# Where profiles are.


def _roots(home: Path, environ: Mapping[str, str], platform: str) -> tuple[Path, ...]:
    """The folders in which there may be a profiles.ini."""
    if platform == "win32":
        roaming = environ.get("APPDATA")
        return ((Path(roaming) if roaming else home / "AppData" / "Roaming") / "Thunderbird",)
    if platform == "darwin":
        return (home / "Library" / "Thunderbird",)
    given = Path(environ.get("XDG_CONFIG_HOME", ""))
    config = given if given.is_absolute() else home / ".config"
    return (*(home / folder for folder in _LINUX), config / "thunderbird")


def _listed(root: Path) -> Iterator[Profile]:
    """The profiles that profiles.ini names. Those of an installation are its own, so that `Default=1` is then history.

    Installations take each a profile for themselves since version 67, and note it in a section of their own.
    """
    sections = _read_ini(root / "profiles.ini")
    chosen = {each.get("default", "") for name, each in sections.items() if name.startswith("Install")}
    for name, section in sections.items():
        path = section.get("path", "")
        if not re.fullmatch(r"Profile[0-9]+", name) or not path or "\0" in path:
            continue
        default = path in chosen if chosen else section.get("default") == "1"
        folder = root / path if section.get("isrelative") == "1" else Path(path)
        if folder.is_absolute():
            yield Profile(folder, clean(section.get("name", "")), default)


def _read_ini(path: Path) -> dict[str, Mapping[str, str]]:
    """The sections of a file with their keys in lower case; none where it is in disorder."""
    parser = configparser.ConfigParser(interpolation=None, strict=False, allow_no_value=False)
    try:
        parser.read_string(read_text(path, 1024 * 1024))
    except configparser.Error:
        return {}
    return {name: dict(parser[name]) for name in parser.sections()}


def _last_used(profile: Path) -> float:
    """When Thunderbird last wrote its settings, in seconds since 1970; 0 for a profile that was never used."""
    try:
        return (profile / "prefs.js").stat().st_mtime
    except (OSError, ValueError):
        return 0


# Where Thunderbird raises an alert.


def alerts_for(profile: Path, host: str, user: str, folder: str, *, junk: bool = False) -> bool | None:
    r"""Whether Thunderbird raises an alert of its own for new mail in that folder. None: it cannot be told.

    Measured with 153.7.0esr on Linux, against Dovecot, a notification server recording what came:

    - Mail that bears `$Junk`, which Watcher adds where the server keeps keywords: no alert in any of the cases
      below, also where the keyword follows the move; `$Phishing` alone prevents nothing. Nor for read mail.
    - `mail.biff.show_alert` off, or a folder for junk (`\Junk`), trash, sent mail and the like: no alert.
    - A folder that Thunderbird is told to check, by itself or with all others: an alert within 2 s; at times none,
      where the download for reading offline came first.
    - Any other subscribed folder: none while Thunderbird runs, whether the folder was ever opened or not; but an
      alert at the next start, for what came while it was closed.
    - Not subscribed, also where all folders are to be checked: none.

    The inbox is another matter: mail that stayed there for a second was announced from there before it was moved (3
    times of 6), mail that was moved within 30 ms was not (0 of 9).

    Args:
        profile: its folder.
        host: of the account's server.
        user: the name to log in with.
        folder: on the server, divided by "/".
        junk: whether the mail will bear `$Junk` there.
    """
    prefs = read_prefs(profile / "prefs.js")
    server = next((each for each in _servers(prefs) if (each.host, each.user) == (to_ascii(host), user)), None)
    if server is None:
        return None
    if junk or not prefs.truth("mail.biff.show_alert", otherwise=True):
        return False
    flags = _flags(profile, server, folder)
    if flags is None:
        return None
    return not flags & _SPECIAL and (server.checks_all or bool(flags & _CHECK_NEW) or server.checks_at_start or None)


def _flags(profile: Path, server: _Server, folder: str) -> int | None:
    """The flags of a folder in `folderCache.json`, which Thunderbird also writes while it runs; None: not there."""
    try:
        listed = json.loads(read_text(profile / "folderCache.json", _MOST_OCTETS) or "{}")
    except (ValueError, RecursionError):
        return None
    entries = listed.items() if isinstance(listed, dict) else ()
    of_server = (entry for path, entry in entries if server.holds(path) and isinstance(entry, dict))
    flags = next((entry.get("flags") for entry in of_server if _name(entry) == folder.removeprefix("INBOX/")), None)
    return flags if isinstance(flags, int) else None


def _name(entry: Mapping[str, Any]) -> str:
    """What the folder is called on the server, divided by "/", without the prefix that some servers give to all."""
    name, delimiter = entry.get("onlineName"), entry.get("hierDelim")
    if not isinstance(name, str) or not isinstance(delimiter, int) or not 0 < delimiter < 0x80:
        return ""
    return name.replace(chr(delimiter), "/").removeprefix("INBOX/")

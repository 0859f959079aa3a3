"""The reasons why Watcher might not work, looked for one by one, each with what mends it.

A check that needs an earlier one which failed is left out: one cause, one line.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path

from watcher import app as house
from watcher import brands, paths
from watcher.errors import RefusedError, TransientError, UserError, WatcherError
from watcher.model import Notice
from watcher.ports import Source, Vault
from watcher.settings import Account, FromKeyring, Settings, load


@dataclass(frozen=True, slots=True)
class Check:
    """What one look came to."""

    name: str
    """For programs: "config", "password.home", …"""
    good: bool
    finding: str
    """One sentence."""
    mend: str = ""
    """The command, or what to do; empty where nothing need be mended."""


def examine(config: Path, *, notify: bool) -> Iterator[Check]:
    """Look at everything, in the order in which things build upon each other.

    Args:
        config: the configuration file.
        notify: whether to show a notice as a trial.
    """
    settings = yield from _config(config)
    mend_brands, mend_ledger = _("edit %s") % paths.brands_dir(), _("make its folder writable, or move the ledger away")
    yield _try("brands", lambda: brands.load(paths.brands_dir()), _("The brand files can be read."), mend_brands)
    yield _try("ledger", _open_ledger, _("The ledger can be written."), mend_ledger)
    if settings is None:
        return
    yield _notifier(settings, notify=notify)
    for account in settings.accounts:
        yield from _account(account, settings)


def _config(config: Path) -> Generator[Check, None, Settings | None]:
    """Each problem of the configuration is a line of its own. Gives back the settings, or None."""
    try:
        settings = load(config)
    except UserError as error:
        for problem in error.problems:
            yield Check("config", good=False, finding=problem, mend=_("edit %s") % config)
        return None
    count = len(settings.accounts)
    yield Check("config", good=True, finding=_("The configuration is in order: accounts: %d.") % count)
    return settings


def _open_ledger() -> None:
    from watcher.store.ledger import open_ledger  # noqa: PLC0415 - sqlite3 is loaded where it is used

    open_ledger(paths.ledger_file()).close()


def _notifier(settings: Settings, *, notify: bool) -> Check:
    notifier = house.notifier(settings)
    try:
        if notify and not notifier.show(Notice(_("Watcher can show notices."), _("This is a trial."))):
            return Check("notifier", good=False, finding=_("No notice can be shown."), mend=_("see notify.backend"))
        plain = _("without buttons, or only in the log where there is no desktop; use the commands")
        shown = _("with buttons") if notifier.buttons() else plain
        return Check("notifier", good=True, finding=_("Notices are shown %s.") % shown)
    finally:
        notifier.close()


def _account(account: Account, settings: Settings) -> Iterator[Check]:
    vault = house.vault(account)
    password = _password(account, vault)
    yield password
    if not password.good:
        return
    try:
        source = house.source(account, settings)
    except UserError as problem:  # no certificates in ca_file
        yield _unreachable(account, problem)
        return
    try:
        yield from _server(account, source)
    except TransientError as problem:
        yield _unreachable(account, problem)
    finally:
        source.close()


def _server(account: Account, source: Source) -> Iterator[Check]:
    login = _login(account, source)
    yield login
    if login.good:
        yield _folders(account, source)
        yield _abilities(account, source)


def _password(account: Account, vault: Vault) -> Check:
    mend = _("correct “password” in the configuration")
    if isinstance(account.password, FromKeyring):
        mend = _("keyring set watcher/%(account)s %(user)s") % {"account": account.name, "user": account.user}
    return _try(f"password.{account.name}", vault.secret, _("%s: the password is there.") % account.name, mend)


def _login(account: Account, source: Source) -> Check:
    name = f"login.{account.name}"
    try:
        source.open()
    except RefusedError as error:
        return Check(name, good=False, finding=f"{account.name}: {error}", mend=_("check the user and the password"))
    except WatcherError as error:
        return _unreachable(account, error)
    return Check(
        name,
        good=True,
        finding=_("%(account)s: logged in at %(host)s.") % {"account": account.name, "host": account.host},
    )


def _unreachable(account: Account, error: WatcherError) -> Check:
    mend = _("check host, port, tls and ca_file")
    return Check(f"login.{account.name}", good=False, finding=f"{account.name}: {error}", mend=mend)


def _folders(account: Account, source: Source) -> Check:
    name = f"folders.{account.name}"
    missing = [folder for folder in account.folders if not _exists(source, folder)]
    if missing:
        words = {"account": account.name, "folders": ", ".join(missing)}
        finding = _("%(account)s: there is no folder %(folders)s.") % words
        return Check(name, good=False, finding=finding, mend=_("correct “folders” in the configuration"))
    return Check(name, good=True, finding=_("%s: all folders are there.") % account.name)


def _exists(source: Source, folder: str) -> bool:
    try:
        source.look(folder)
    except UserError:
        return False
    return True


def _abilities(account: Account, source: Source) -> Check:
    able = source.abilities()
    name = f"abilities.{account.name}"
    if "MOVE" not in able and "UIDPLUS" not in able:
        finding = _("%s: the server can only copy mail safely, not move it.") % account.name
        return Check(name, good=False, finding=finding, mend=_("nothing; suspicious mail is copied and marked"))
    if "IDLE" not in able:
        finding = _("%s: the server cannot tell of new mail; it is looked for at each interval.") % account.name
        return Check(name, good=True, finding=finding)
    return Check(name, good=True, finding=_("%s: the server can do all that is needed.") % account.name)


def _try(name: str, work: Callable[[], object], finding: str, mend: str = "") -> Check:
    try:
        work()
    except TransientError as problem:
        return Check(name, good=False, finding=str(problem), mend=mend or _("try again"))
    except WatcherError as problem:
        return Check(name, good=False, finding=str(problem), mend=mend)
    return Check(name, good=True, finding=finding)

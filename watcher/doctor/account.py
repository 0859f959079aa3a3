"""One account: the way to its server, the login, its folders, and whom its mail is believed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from gettext import gettext as _

from watcher import app as house
from watcher import learn, report
from watcher.discovery.found import Way
from watcher.discovery.providers import by_host
from watcher.doctor import mending
from watcher.doctor.check import Check, Level, bad, good, warning
from watcher.doctor.folders import folders
from watcher.doctor.popup import popup
from watcher.doctor.reach import reach
from watcher.doctor.surroundings import Surroundings
from watcher.doctor.sweeps import sweep
from watcher.errors import RefusedError, TransientError, UserError, WatcherError
from watcher.model import Belief
from watcher.ports import Source, Store, Vault
from watcher.settings import Account, FromCommand, FromCredential, FromOAuth, Settings

_AHEAD = timedelta(minutes=10)
"""By so much mail may come from the future before our clock is doubted."""


@dataclass(frozen=True, slots=True)
class Patient:
    """An account, and what was found out before its turn came."""

    account: Account
    settings: Settings
    around: Surroundings
    store: Store | None
    """None where the ledger cannot be opened."""
    ring: Check | None = None
    """How the key ring is that it needs; None where it needs none."""


def examine_account(patient: Patient) -> Iterator[Check]:
    """All lines about one account. What needs something that has failed is left out."""
    reached = list(reach(patient.account, patient.around))
    yield from reached
    vault = house.vault(patient.account, patient.settings)
    secret = _secret(patient, vault)
    if secret is not None:
        yield secret
    had = secret is not None and secret.level is Level.GOOD  # a warning: it is not for us to have
    if had and all(check.works for check in reached):
        yield from _inside(patient, vault)
    if patient.store is not None:
        yield authserv(patient.account, patient.store, patient.around.edit)


def _secret(patient: Patient, vault: Vault) -> Check | None:
    """Whether there is a password, or consent; None where the key ring is at fault, which has its own line."""
    account, way = patient.account, patient.account.password
    name = f"grant.{account.name}" if isinstance(way, FromOAuth) else f"password.{account.name}"
    if patient.ring is not None and not patient.ring.works:
        return None
    if isinstance(way, FromCredential) and "CREDENTIALS_DIRECTORY" not in patient.around.environ:
        finding = _("The password is a credential of the service: only Watcher itself can try it.")
        return warning(name, finding, "watcher status")
    try:
        vault.secret()
    except TransientError as problem:
        later = isinstance(way, FromOAuth)  # a command that failed once fails again until somebody looks at it
        return bad(name, str(problem), patient.around.later if later else _source(patient))
    except UserError as problem:
        return bad(name, str(problem), _source(patient))
    if isinstance(way, FromOAuth):
        return good(name, _("Your provider grants access."))
    return good(name, _("The password is there."))


def _source(patient: Patient) -> str:
    """What mends the place that the password comes from."""
    if isinstance(patient.account.password, FromCommand | FromCredential):
        return _("correct “password”: {command}").format(command=patient.around.edit)
    return patient.around.ours("login", patient.account.name)


# Behind the login.


def _inside(patient: Patient, vault: Vault) -> Iterator[Check]:
    with closing(house.source(patient.account, patient.settings, vault)) as source:
        entered = log_in(patient, source, vault)
        yield entered
        if not entered.works:
            return
        try:
            yield from folders(patient.account, patient.settings, source, patient.around.edit)
            yield from _clock(patient.account, source)
            if answer := popup(patient.account, patient.around, junk=_marks(patient, source)):
                yield answer
        except WatcherError as problem:
            mend = patient.around.later if isinstance(problem, TransientError) else _correct(patient)
            yield bad(f"mailbox.{patient.account.name}", str(problem), mend)
            return
    if answer := sweep(patient.account.name, patient.settings.watch.interval, patient.around.daemon):
        yield answer


def log_in(patient: Patient, source: Source, vault: Vault) -> Check:
    """Whether the server lets us in.

    Args:
        patient: whose account it is.
        source: open afterwards, if so.
        vault: the account's, asked once more where it may be at fault: access can be withdrawn at any moment.
    """
    account, name = patient.account, f"login.{patient.account.name}"
    try:
        source.open()
    except RefusedError as problem:
        return bad(name, f"{problem} {password_hint(account, patient.around.language)}".rstrip(), _source(patient))
    except TransientError as problem:
        return bad(name, str(problem), patient.around.later)
    except WatcherError as problem:
        secret = _secret(patient, vault)
        lost = secret.mend if secret is not None and not secret.works else ""
        return bad(name, str(problem), lost or _correct(patient))
    return good(name, _("{user} is logged in.").format(user=account.user))


def _correct(patient: Patient) -> str:
    """What mends a server that does not do what it is asked, and will not by and by either."""
    words = _("correct this account, or ask whoever runs the server: {command}")
    return words.format(command=patient.around.edit)


def password_hint(account: Account, language: str) -> str:
    """What a refused password means at this provider."""
    provider = by_host(account.host)
    if isinstance(account.password, FromOAuth) or provider is None or Way.PASSWORD in provider.ways:
        return ""
    label = report.in_language(provider.label, language)
    if Way.APP_PASSWORD in provider.ways:
        hint = _("{provider} takes an app password only, never your usual one: {page}")
        return hint.format(provider=label, page=provider.app_password_url)
    return _("{provider} takes no passwords from mail programs any more.").format(provider=label)


def _marks(patient: Patient, source: Source) -> bool:
    """Whether mail that is moved bears $Junk in the end."""
    try:
        return patient.settings.watch.action == "move" and source.keeps_keywords(patient.account.suspicious_folder)
    except UserError:  # no such folder yet
        return False


def _clock(account: Account, source: Source) -> Iterator[Check]:
    """A line only where the newest mail comes from the future, by the server's clock."""
    folder = account.folders[0]
    with suppress(UserError):  # no such folder: told already
        newest = source.uids_before(folder, source.look(folder).uidnext, 1)
        now = datetime.now(UTC)
        for mail in source.headers(folder, newest, ["Date"]):
            if mail.internal_date - now > _AHEAD:
                finding = _("By the clock of {host} the newest mail came at {moment}: the clock here is slow.")
                moment = mail.internal_date.astimezone().strftime("%Y-%m-%d %H:%M")
                yield warning(
                    f"clock.{account.name}", finding.format(host=account.host, moment=moment), mending.SET_CLOCK
                )


# Whom to believe.


def authserv(account: Account, store: Store, edit: str) -> Check:
    """Whether it is known who vouches for senders. Without, much mail can be told from genuine mail less surely."""
    name = f"authserv.{account.name}"
    counts = store.authserv_counts(account.name)
    belief = learn.belief(account.authserv, counts)
    if belief != Belief():
        finding = _("It is known who vouches for senders here: {authserv}.")
        return good(name, finding.format(authserv=belief.authserv or _("Exchange, which writes no name")))
    _seen, mails, domains = counts[0] if counts else ("", 0, 0)
    finding = _(
        "It is not known yet who vouches for senders here. 10 mails from 5 domains teach it; so far: {mails} from"
        " {domains}."
    )
    mend = _("nothing, it comes by itself; or set “authserv”: {command}").format(command=edit)
    return warning(name, finding.format(mails=mails, domains=domains), mend)

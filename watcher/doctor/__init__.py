"""The reasons why Watcher might not work, looked for one by one, each with what mends it.

A check that needs an earlier one which failed is left out: one cause, one line. Nothing is changed on a server, and
the daemon's lock is not touched: it may be running or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from gettext import gettext as _

from watcher import brands, paths
from watcher.doctor import mending
from watcher.doctor.account import Patient, examine_account
from watcher.doctor.check import Check, Level, Section, bad, good
from watcher.doctor.computer import asides, clock, disk, key_rings, ledger, limits
from watcher.doctor.desktop import desktop
from watcher.doctor.service import service
from watcher.doctor.surroundings import Surroundings
from watcher.errors import UserError
from watcher.ports import Store
from watcher.settings import Settings, load
from watcher.store.ledger import open_ledger


def examine(around: Surroundings) -> Iterator[Section]:
    """Look at everything, in the order in which things build upon each other."""
    settings, configured = _configuration(around)
    yield Section(_("Configuration"), [*configured, _brands(around)])
    kept = ledger(around.ours("doctor"))
    rings = key_rings(settings.accounts if settings else (), around)
    yield Section(_("This computer"), _computer(kept, rings, around, len(settings.accounts) if settings else 0))
    with ExitStack() as opened:
        store = _open_store(opened) if kept.works else None
        if settings is None:
            return
        for account in settings.accounts:
            patient = Patient(account, settings, around, store, rings.get(account.name))
            yield Section(_("Account “{account}”").format(account=account.name), examine_account(patient))
        yield Section(_("Desktop"), desktop(settings, around, store))
        yield Section(_("Service"), service(around))


def _open_store(opened: ExitStack) -> Store:
    store = open_ledger(paths.ledger_file())
    opened.callback(store.close)
    return store


def _configuration(around: Surroundings) -> tuple[Settings | None, list[Check]]:
    """The settings, if they are in order; each problem is a line of its own."""
    try:
        settings = load(around.config)
    except UserError as error:
        mend = around.edit if around.config.exists() else around.ours("setup")
        return None, [bad("config", problem, mend) for problem in error.problems]
    finding = _("The configuration is in order; accounts: {count}.").format(count=len(settings.accounts))
    return settings, [good("config", finding)]


def _brands(around: Surroundings) -> Check:
    folder = paths.brands_dir()
    try:
        brands.load(folder)
    except UserError as problem:
        return bad("brands", str(problem), mending.edit(folder, around.environ))
    return good("brands", _("The brand files can be read."))


def _computer(kept: Check, rings: Mapping[str, Check], around: Surroundings, accounts: int) -> Iterator[Check]:
    yield kept
    yield from asides(around.language)
    if kept.works:
        yield disk(paths.state_dir())
    if told := clock(around.environ):
        yield told
    if told := limits(accounts, int(around.daemon.get("pid", 0))):
        yield told
    yield from {ring.finding: ring for ring in rings.values()}.values()


__all__ = ["Check", "Level", "Section", "Surroundings", "examine"]

"""The folders of an account, and what its server can do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from gettext import gettext as _

from watcher.doctor.check import Check, bad, good, warning
from watcher.errors import UserError
from watcher.model import Use
from watcher.ports import Source
from watcher.settings import Account, Settings, format_duration


def folders(account: Account, settings: Settings, source: Source, edit: str) -> Iterator[Check]:
    """Watched folders, suspicious folder, abilities. The source is open; nothing is changed by it.

    Args:
        account: whose folders they are.
        settings: of them `watch` counts.
        source: the account's mailbox.
        edit: the command that opens the configuration.
    """
    yield _watched(account, source, edit)
    if settings.watch.action != "move":
        yield from _abilities(account, settings, source, keeps=True)
        return
    listed = source.folders()
    yield from _suspicious(account, source, listed, edit)
    there = account.suspicious_folder in listed
    yield from _abilities(
        account, settings, source, keeps=not there or source.keeps_keywords(account.suspicious_folder)
    )


def _watched(account: Account, source: Source, edit: str) -> Check:
    name = f"folders.{account.name}"
    missing = [folder for folder in account.folders if not _exists(source, folder)]
    if missing:
        finding = _("There is no folder {folders}.").format(folders=", ".join(missing))
        return bad(name, finding, _("correct “folders”: {command}").format(command=edit))
    return good(name, _("The watched folders are there: {folders}.").format(folders=", ".join(account.folders)))


def _exists(source: Source, folder: str) -> bool:
    try:
        source.look(folder)
    except UserError:
        return False
    return True


# The folder for suspicious mail.


def _suspicious(account: Account, source: Source, listed: Mapping[str, frozenset[str]], edit: str) -> Iterator[Check]:
    name, folder = f"suspicious.{account.name}", account.suspicious_folder
    words = {"folder": folder, "command": edit}
    correct = _("choose another “suspicious_folder”: {command}").format(**words)
    known = _as_listed(folder, listed, source)
    if known in {_as_listed(watched, listed, source) for watched in account.folders}:
        yield bad(name, _("To this server {folder} is one of the watched folders.").format(**words), correct)
    elif Use.JUNK.value in listed.get(known, ()):
        finding = _("The server takes {folder} for its junk folder, and may empty it by itself.")
        yield warning(name, finding.format(**words), correct)
    elif known in listed and known not in source.subscribed():
        finding = _("The folder {folder} is there, but not subscribed: mail programs may hide it.")
        yield warning(name, finding.format(**words), _("subscribe to it in your mail program"))
    elif known in listed:
        yield good(name, _("The folder {folder} is there for suspicious mail.").format(**words))
    elif r"\noinferiors" in listed.get(folder.rpartition("/")[0], frozenset()):
        yield bad(name, _("The folder {folder} cannot be made: the one above it takes none.").format(**words), correct)
    else:
        yield good(name, _("The folder {folder} is made when it is first needed.").format(**words))


def _as_listed(folder: str, listed: Mapping[str, frozenset[str]], source: Source) -> str:
    """The server's own spelling: to some servers "suspicious" is "Suspicious", to all of them "inbox" is "INBOX"."""
    alike = next((name for name in listed if name.casefold() == folder.casefold()), folder)
    return alike if folder not in listed and _exists(source, folder) else folder


# What the server can do.


def _abilities(account: Account, settings: Settings, source: Source, *, keeps: bool) -> Iterator[Check]:
    """One line for all that it can, and one for each thing that it cannot."""
    able, lacking = source.abilities(), list[Check]()
    if "IDLE" not in able:
        interval = format_duration(settings.watch.interval)
        finding = _("The server cannot tell of new mail (IDLE): it is looked for every {interval}.")
        lacking.append(warning(f"idle.{account.name}", finding.format(interval=interval)))
    if not able & {"MOVE", "UIDPLUS"}:
        finding = _("The server can only copy mail safely, not move it (MOVE): the original stays, and is marked.")
        lacking.append(warning(f"move.{account.name}", finding))
    if not keeps:
        finding = _("The server keeps no keywords: moved mail is not marked as phishing for other programs.")
        lacking.append(warning(f"keywords.{account.name}", finding))
    if not source.special_folder(Use.TRASH):
        finding = _("No folder for deleted mail was found (SPECIAL-USE): “watcher delete” cannot work.")
        lacking.append(warning(f"trash.{account.name}", finding))
    yield from lacking
    if not lacking:
        yield good(f"abilities.{account.name}", _("The server can do all that is needed."))

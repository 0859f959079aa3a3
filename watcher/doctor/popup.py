"""Whether Thunderbird itself raises a pop-up for mail that was moved out of the reader's way."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

from watcher.discovery import thunderbird
from watcher.doctor.check import Check, good, warning
from watcher.doctor.surroundings import Surroundings
from watcher.settings import Account


def popup(account: Account, around: Surroundings, *, junk: bool) -> Check | None:
    """A line where some Thunderbird has this account; None elsewhere.

    Args:
        account: whose folder for suspicious mail it is about.
        around: where profiles are looked for.
        junk: whether mail bears $Junk there, which keeps Thunderbird quiet.
    """
    home = Path(around.environ.get("HOME") or Path.home())
    profiles = thunderbird.profiles(home, around.environ, around.platform)
    folder = account.suspicious_folder
    told = {thunderbird.alerts_for(profile.path, account.host, account.user, folder, junk=junk) for profile in profiles}
    name = f"popup.{account.name}"
    if True in told:
        finding = _("Thunderbird may show a pop-up of its own for each mail that is moved to {folder}.")
        mend = _("in Thunderbird, right-click {folder} › Properties, and switch off the check for new messages")
        return warning(name, finding.format(folder=folder), mend.format(folder=folder))
    if False in told:
        return good(name, _("Thunderbird shows no pop-up for mail that is moved to {folder}.").format(folder=folder))
    return None

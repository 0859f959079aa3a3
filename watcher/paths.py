"""Where things lie, by the XDG Base Directory Specification: functions of the environment, asked when needed."""

import os
import warnings
from gettext import gettext as _
from pathlib import Path

from platformdirs import PlatformDirs

from watcher.errors import UserError


def config_file() -> Path:
    """`$XDG_CONFIG_HOME/watcher/config.toml`, whether it is there or not."""
    return _places().user_config_path / "config.toml"


def naming(config: Path) -> tuple[str, ...]:
    """The words that tell a command of ours of that configuration file: none where it is the usual one."""
    config = Path(os.path.abspath(config))  # noqa: PTH100 - without following links
    return () if config == config_file() else ("--config", str(config))


def brands_dir() -> Path:
    """The folder of the user's own brands, whether it is there or not."""
    return _places().user_config_path / "brands"


def ledger_file() -> Path:
    """The ledger, whether it is there or not; its folder is."""
    return state_dir() / "ledger.sqlite"


def state_dir() -> Path:
    """`$XDG_STATE_HOME/watcher`, made if need be, for its owner alone (0700). Raises UserError where it cannot be."""
    return _keep_private(_places().user_state_path)


def pages_dir() -> Path:
    """The folder of the report, whether it is there or not: below the user's documents, since it must not be hidden.

    Browsers that come as a Snap may read no file in a hidden folder, and not `$XDG_RUNTIME_DIR` either.
    """
    return _places().user_documents_path / "Watcher"


def runtime_dir() -> Path:
    """`$XDG_RUNTIME_DIR/watcher`, made if need be, for its owner alone (0700). Raises UserError where it cannot be.

    Without a session, or where that folder is not ours alone, `platformdirs` finds a private one in its place.
    """
    with warnings.catch_warnings(action="ignore"):  # which it would say on the standard error of every command
        try:
            path = _places(ensure_exists=True).user_runtime_path
        except OSError as error:
            raise UserError(_("There is no safe folder for a socket: {reason}").format(reason=error)) from error
    return _keep_private(path)


def _places(*, ensure_exists: bool = False) -> PlatformDirs:
    return PlatformDirs("watcher", appauthor=False, ensure_exists=ensure_exists)


def _keep_private(path: Path) -> Path:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    except OSError as error:
        raise UserError(_("{folder} cannot be used: {reason}").format(folder=path, reason=error.strerror)) from error
    return path

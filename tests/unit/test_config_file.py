"""`config.toml` as setup changes it."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from watcher.errors import UserError
from watcher.setup.config_file import ConfigFile

HOME = {"name": "home", "host": "imap.example.jp", "user": "taro@example.jp", "password": {"keyring": True}}
WORK = {"name": "work", "host": "mail.example.org", "user": "taro", "password": {"command": ["pass", "show", "work"]}}

COMMENTED = """\
# What I watch.
[[accounts]]  # at home
name = "home" # short
host = "old.example.jp"  # was new once
user = "taro@example.jp"
folders = ["INBOX", "Shops"]
# A thought about it.

[notify]   # quiet, please
backend = "log"
"""

BESIDES = {
    "comments and order": COMMENTED,
    "no line break at the end": COMMENTED.rstrip(),
    "one account after another": COMMENTED.replace(
        "[notify]", '[[accounts]]\nname="b"\nhost="b"\nuser="b"\n\n[notify]'
    ),
    "all in one line": 'accounts = [{name = "home", host = "old.example.jp", user = "t"}]\n[notify]\nbackend = "log"\n',
    "other tables alone behind": '[watch]\ninterval = "1m"\n[[accounts]]\nname = "home"\nhost = "h"\nuser = "u"',
}


def test_a_new_file_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    """Folder and file come into being with modes 0700 and 0600, and what was put in is read again."""
    path = tmp_path / "watcher" / "config.toml"
    file = ConfigFile(path)
    file.put("accounts", HOME)
    file.put("accounts", WORK)
    file.save()

    assert [account.name for account in file.settings.accounts] == ["home", "work"]
    assert (stat.S_IMODE(path.parent.stat().st_mode), stat.S_IMODE(path.stat().st_mode)) == (0o700, 0o600)
    assert [each.name for each in path.parent.iterdir()] == ["config.toml"]


@pytest.mark.parametrize("text", BESIDES.values(), ids=BESIDES)
def test_a_file_stays_good_whatever_is_done(tmp_path: Path, text: str) -> None:
    """An account is added, changed and removed, an option is set, and each time the file can be read."""
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")

    changes: tuple[Callable[[ConfigFile], None], ...] = (
        lambda file: file.put("accounts", WORK),
        lambda file: file.put("accounts", {**HOME, "host": "new.example.jp"}),
        lambda file: file.put("accounts", {**WORK, "name": "office"}, "work"),
        lambda file: file.set("watch", "action", "observe"),
        lambda file: file.remove("accounts", "home"),
    )
    for change in changes:
        file = ConfigFile(path)
        change(file)
        file.save()

    after = tomllib.loads(path.read_text("utf-8"))
    assert [each["name"] for each in after["accounts"] if each["name"] != "b"] == ["office"]
    assert after["watch"]["action"] == "observe"
    assert after.get("notify", {"backend": "log"}) == {"backend": "log"}


def test_what_was_not_changed_stays_to_the_letter(tmp_path: Path) -> None:
    """Comments, spaces and order survive; only the value that is another one is written anew."""
    path = tmp_path / "config.toml"
    path.write_text(COMMENTED, encoding="utf-8")
    file = ConfigFile(path)
    file.put("accounts", {"name": "home", "host": "new.example.jp", "user": "taro@example.jp"})
    file.save()

    assert path.read_text("utf-8") == COMMENTED.replace("old.example.jp", "new.example.jp")


def test_what_is_as_usual_is_changed_where_it_stands(tmp_path: Path) -> None:
    """A usual value takes the place of another one, and is not added where there was none."""
    path = tmp_path / "config.toml"
    path.write_text(COMMENTED, encoding="utf-8")
    file = ConfigFile(path)
    file.put("accounts", {"name": "home", "folders": ["INBOX"], "port": 993}, usual={"folders", "port"})
    file.save()

    assert path.read_text("utf-8") == COMMENTED.replace('["INBOX", "Shops"]', '["INBOX"]')


def test_a_file_that_has_problems_is_not_touched(tmp_path: Path) -> None:
    """All its problems are told, and nothing is written."""
    path = tmp_path / "config.toml"
    path.write_text('[watch]\nintervall = "1m"\naction = "burn"\n', encoding="utf-8")

    with pytest.raises(UserError) as caught:
        ConfigFile(path)

    assert len(caught.value.problems) == 2


def test_what_would_be_no_good_configuration_is_not_written(tmp_path: Path) -> None:
    """A mistake of ours leaves the former file as it was, and nothing beside it."""
    path = tmp_path / "config.toml"
    path.write_text(COMMENTED, encoding="utf-8")
    file = ConfigFile(path)
    file.put("accounts", {**WORK, "host": ""})

    with pytest.raises(UserError):
        file.save()

    assert path.read_text("utf-8") == COMMENTED
    assert [each.name for each in tmp_path.iterdir()] == ["config.toml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Whoever keeps the settings elsewhere, and a link here, has them changed there."""
    there, here = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    there.write_text(COMMENTED, encoding="utf-8")
    here.symlink_to(there)
    file = ConfigFile(here)
    file.put("accounts", WORK)
    file.save()

    assert here.is_symlink()
    assert "mail.example.org" in there.read_text("utf-8")


def test_a_relative_path_starts_where_the_link_is(tmp_path: Path) -> None:
    """As the program that reads the file understands it."""
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "ca.pem").touch()
    there, here = tmp_path / "dotfiles" / "watcher.toml", tmp_path / "config.toml"
    there.write_text(COMMENTED.replace('name = "home"', 'ca_file = "ca.pem"\nname = "home"'), encoding="utf-8")
    here.symlink_to(there)
    file = ConfigFile(here)
    file.set("watch", "action", "notify")
    file.save()

    assert ConfigFile(here).settings.watch.action == "notify"


def test_comments_in_one_line_are_not_lost(tmp_path: Path) -> None:
    """What would lose them is refused, with the words that help."""
    path = tmp_path / "config.toml"
    path.write_text('accounts = [ # mine\n  {name = "home", host = "h", user = "t"}]\n', encoding="utf-8")

    with pytest.raises(UserError, match=r"\[\[accounts\]\]"):
        ConfigFile(path).put("accounts", WORK)


def test_a_password_in_a_table_of_its_own(tmp_path: Path) -> None:
    """It is changed where it stands, and the comments there stay."""
    path = tmp_path / "config.toml"
    table = '[[accounts]]\nname = "home"\nhost = "h"\nuser = "t"\n\n[accounts.password] # at hand\n'
    path.write_text(table + 'command = ["pass"] # what else\n', encoding="utf-8")
    file = ConfigFile(path)
    file.put("accounts", {"name": "home", "password": {"command": ["pass", "show"]}})
    file.save()

    assert path.read_text("utf-8") == table + 'command = ["pass", "show"] # what else\n'


def test_the_last_account_can_be_removed(tmp_path: Path) -> None:
    """Then there is nothing to watch, but the rest of the file remains."""
    path = tmp_path / "config.toml"
    path.write_text(COMMENTED, encoding="utf-8")
    file = ConfigFile(path)
    file.remove("accounts", "home")
    file.save()

    assert file.settings.accounts == ()
    assert tomllib.loads(path.read_text("utf-8")) == {"notify": {"backend": "log"}}


def test_after_that_setup_can_begin_again(tmp_path: Path) -> None:
    """A file without any account is where setup begins, not a problem to complain about."""
    path = tmp_path / "config.toml"
    path.write_text('# mine\n[notify]\nbackend = "log"\n', encoding="utf-8")
    file = ConfigFile(path)
    file.put("accounts", HOME)
    file.save()

    assert path.read_text("utf-8").startswith('# mine\n[notify]\nbackend = "log"\n')


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """Where the folder's name is a file's, that is said in words."""
    (tmp_path / "watcher").write_text("", encoding="utf-8")
    file = ConfigFile(tmp_path / "watcher" / "config.toml")
    file.put("accounts", HOME)

    with pytest.raises(UserError, match="cannot be written"):
        file.save()

"""The settings: what a file may say, and what is told of one that is wrong."""

import traceback
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from watcher.errors import UserError
from watcher.settings import (
    FromCommand,
    FromCredential,
    FromKeyring,
    Settings,
    format_duration,
    load,
    parse_duration,
)
from watcher.settings.problems import explain

ACCOUNT = '[[accounts]]\nname = "home"\nhost = "imap.example.jp"\nuser = "taro@example.jp"\n'

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a configuration file, beside which lies a `ca.pem`."""
    (tmp_path / "ca.pem").touch()

    def write_config(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_config


def _problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(UserError) as caught:
        load(path)
    return caught.value.problems


# What a file may say


def test_least(write: Write) -> None:
    """An account with a name, a host and a user is enough; all else has the defaults of the documentation."""
    settings = load(write(ACCOUNT))
    account = settings.accounts[0]
    assert (settings.watch.interval, settings.watch.history) == (timedelta(minutes=5), timedelta(0))
    assert (settings.watch.action, settings.watch.most_moves) == ("move", 100)
    assert settings.watch.acquaintances
    assert (account.port, account.tls, account.ca_file) == (993, "implicit", None)
    assert (account.folders, account.suspicious_folder, account.authserv) == (("INBOX",), "Suspicious", "auto")
    assert account.password == FromKeyring()
    assert (settings.notify.backend, settings.notify.language, settings.notify.detail) == ("auto", "auto", "full")
    assert settings.trust == ()


def test_most(write: Write, tmp_path: Path) -> None:
    """Every option can be set, and arrives as it was written."""
    settings = load(
        write(
            "[watch]\ninterval = '30s'\nhistory = '7d'\naction = 'observe'\nmost_moves = 7\nacquaintances = false\n"
            + ACCOUNT
            + "port = 1143\ntls = 'starttls'\nca_file = 'ca.pem'\nfolders = ['INBOX', '仕事']\n"
            "suspicious_folder = '迷惑'\nauthserv = 'mx.example.jp'\npassword = { command = ['pass', 'show', 'x'] }\n"
            "[notify]\nbackend = 'log'\nlanguage = 'ja'\ndetail = 'none'\nquiet = '22:00-7:30'\ndigest = 'both'\n"
            "digest_at = '18:05'\n[keep]\ncases = '400d'\nclean = '30d'\n"
            "[[trust]]\nsender = 'news@example.org'\n[[trust]]\nsender = '@example.org'\n"
        )
    )
    account = settings.accounts[0]
    assert settings.watch.model_dump() == {
        "interval": timedelta(seconds=30),
        "history": timedelta(days=7),
        "action": "observe",
        "most_moves": 7,
        "acquaintances": False,
    }
    assert (account.port, account.tls, account.ca_file) == (1143, "starttls", tmp_path / "ca.pem")
    assert (account.folders, account.suspicious_folder) == (("INBOX", "仕事"), "迷惑")
    assert account.authserv == "mx.example.jp"
    assert account.password == FromCommand(command=("pass", "show", "x"))
    assert settings.notify.model_dump() == {
        "backend": "log",
        "language": "ja",
        "detail": "none",
        "quiet": (time(22), time(7, 30)),
        "digest": "both",
        "digest_at": time(18, 5),
    }
    assert settings.keep.model_dump() == {"cases": timedelta(days=400), "clean": timedelta(days=30)}
    assert [trust.sender for trust in settings.trust] == ["news@example.org", "@example.org"]


@pytest.mark.parametrize(
    ("lines", "port"),
    [
        ("", 993),
        ("tls = 'implicit'", 993),
        ("tls = 'starttls'", 143),
        ("tls = 'starttls'\nport = 993", 993),
    ],
)
def test_port_follows_tls(write: Write, lines: str, port: int) -> None:
    """Where no port is given it is the usual one for the kind of TLS."""
    assert load(write(ACCOUNT + lines)).accounts[0].port == port


def test_password_from_credential(write: Write) -> None:
    """A password may come from a systemd credential."""
    settings = load(write(ACCOUNT + "password = { credential = 'imap-home' }"))
    assert settings.accounts[0].password == FromCredential(credential="imap-home")


@pytest.mark.parametrize("spelling", ["ca.pem", "./ca.pem", "../{folder}/ca.pem", "{parent}/{folder}/ca.pem"])
def test_ca_file_is_beside_the_configuration(write: Write, tmp_path: Path, spelling: str) -> None:
    """A relative path starts at the folder of the configuration file, wherever the program was started."""
    name = spelling.format(folder=tmp_path.name, parent=tmp_path.parent)
    found = load(write(ACCOUNT + f"ca_file = '{name}'")).accounts[0].ca_file
    assert found is not None
    assert found.is_absolute()
    assert found.samefile(tmp_path / "ca.pem")


def test_settings_cannot_be_changed(write: Write) -> None:
    """Settings are frozen: whoever was given them can rely on them."""
    settings = load(write(ACCOUNT))
    with pytest.raises(ValidationError, match="frozen"):
        settings.watch.most_moves = 5
    assert settings.watch.most_moves == 100


def test_byte_order_mark(write: Write) -> None:
    """A file that an editor began with a byte order mark and ended its lines with CR LF is read all the same."""
    assert load(write("\ufeff" + ACCOUNT.replace("\n", "\r\n"))).accounts[0].name == "home"


# What is told of a file that is wrong


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[watch]\nintervall = '5m'", "watch.intervall: there is no such option; did you mean interval?"),
        ("[watch]\nINTERVAL = '5m'", "watch.INTERVAL: there is no such option; did you mean interval?"),
        ("[watch]\ncolour = 1", "watch.colour: there is no such option"),
        ("[wach]", "wach: there is no such option; did you mean watch?"),
        ("[watch]\nlanguage = 'ja'", "watch.language: there is no such option here; it belongs to the table [notify]"),
        ("[watch]\ninterval = 5", "watch.interval: must be a whole number and s, m, h or d"),
        ("[watch]\ninterval = '9s'", "watch.interval: must be at least 10s"),
        ("[watch]\ninterval = '2d'", "watch.interval: must be at most 1d"),
        ("[watch]\nhistory = '-1d'", "watch.history: must be a whole number and s, m, h or d"),
        ("[watch]\naction = 'delete'", 'watch.action: must be one of: "move", "notify", "observe"'),
        ("[watch]\nmost_moves = '7'", "watch.most_moves: must be a whole number without quotes"),
        ("[watch]\nmost_moves = true", "watch.most_moves: must be a whole number without quotes"),
        ("[watch]\nmost_moves = 7.0", "watch.most_moves: must be a whole number without quotes"),
        ("[watch]\nmost_moves = 0", "watch.most_moves: must be at least 1"),
        ("watch = 3", "watch: must be a table of options"),
        ("[[trust]]", "trust[0].sender: is missing"),
        ("[[trust]]\nsender = 'nobody'", "trust[0].sender: must be an address"),
        ("[trust]\nsender = 'a@b.example'", "trust: is a list of tables: write its name in double brackets"),
        (ACCOUNT, "accounts[1].name: another account has this name already"),
        ("[[accounts]]\nname = 'b'\nuser = 'u'", "accounts[1].host: is missing"),
        ("[[accounts]]\nname = 'b'\nuser = 'u'\nhost = 'imaps://b/'", "accounts[1].host: must be the name of a server"),
    ],
)
def test_problem(write: Write, text: str, problem: str) -> None:
    """Each mistake is told in plain words and by the path of its key, and nothing else is told."""
    path = write(text + "\n" + ACCOUNT if "accounts" not in text else ACCOUNT + text)
    problems = _problems(path)
    assert len(problems) == 1
    assert problems[0].startswith(problem)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("port = '993'", "port: must be a whole number without quotes"),
        ("port = 0", "port: must be at least 1"),
        ("port = 65536", "port: must be at most 65535"),
        ("tls = 'ssl'", 'tls: must be one of: "implicit", "starttls", "none"'),
        ("tls = 'none'", 'tls: "none" is only for a server on this computer'),
        ("ca_file = 'nowhere.pem'", "ca_file: there is no such file"),
        ("ca_file = '.'", "ca_file: there is no such file"),
        ("ca_file = '~nobody-at-all/x'", "ca_file: there is no such file"),
        ('ca_file = "x\\u0000"', "ca_file: there is no such file"),
        ("ca_file = 5", "ca_file: must be text in quotes"),
        ("authserv = ''", "authserv: must not be empty"),
        ("authserv = 1979-05-27", "authserv: must be text in quotes"),
        ("folders = []", "folders: must not be empty"),
        ("folders = 'INBOX'", "folders: must be a list"),
        ("folders = ['INBOX', 3]", "folders[1]: must be text in quotes"),
        ("folders = ['INBOX', 'INBOX']", "folders: names the same thing twice"),
        ('folders = ["INBOX\\r\\nA1 LOGOUT"]', "folders[0]: holds a character that cannot be there"),
        ("folders = ['INBOX', 'Suspicious']", "suspicious_folder: must be another folder"),
        ("suspicious_folder = 'inbox'", "suspicious_folder: must be another folder"),
        ("pasword = { keyring = true }", "pasword: there is no such option; did you mean password?"),
        ("password = 5", "password: must name exactly one place"),
        ("password = {}", "password: must name exactly one place"),
        ("password = { keyrng = true }", "password: must name exactly one place"),
        ("password = { keyring = true, credential = 'x' }", "password: must name exactly one place"),
        ("password = { keyring = true, service = 'x' }", "password.service: there is no such option"),
        ("password = { keyring = false }", "password.keyring: must be one of: true"),
        ("password = { command = 'pass show x' }", "password.command: must be a list"),
        ("password = { command = [] }", "password.command: must not be empty"),
        ("password = { command = ['a', ''] }", "password.command[1]: must not be empty"),
        ("password = { credential = '../x' }", "password.credential: holds a character that cannot be there"),
    ],
)
def test_problem_of_an_account(write: Write, line: str, problem: str) -> None:
    """Each mistake in an account is told with the account's place in the list."""
    problems = _problems(write(ACCOUNT + line))
    assert len(problems) == 1
    assert problems[0].startswith(f"accounts[0].{problem}")


def test_long_name(write: Write) -> None:
    """A limit is told with its number."""
    path = write(ACCOUNT.replace("home", "x" * 65))
    assert _problems(path) == ("accounts[0].name: must have at most 64 characters",)


def test_no_account(write: Write) -> None:
    """A file without any account says what to add, and `[accounts]` for `[[accounts]]` is told apart from that."""
    assert "add a table [[accounts]]" in _problems(write(""))[0]
    assert "double brackets" in _problems(write(ACCOUNT.replace("[[accounts]]", "[accounts]")))[0]


def test_all_problems_at_once(write: Write) -> None:
    """Not the first problem is told but every one, of every table and of every kind."""
    text = (
        "colour = 1\n[watch]\ninterval = '1s'\n[notify]\nbackend = 5\n"
        + ACCOUNT
        + "port = '1'\npassword = 'secret'\nca_file = 'nowhere.pem'\n"
        + ACCOUNT
        + "tls = 'none'\nfolders = []\n[[trust]]\n"
    )
    assert sorted(problem.partition(":")[0] for problem in _problems(write(text))) == [
        "accounts[0].ca_file",
        "accounts[0].password",
        "accounts[0].port",
        "accounts[1].folders",
        "accounts[1].name",
        "accounts[1].tls",
        "colour",
        "notify.backend",
        "trust[0].sender",
        "watch.interval",
    ]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("[watch]\ninterval == '5m'\n", 2, 11),
        ("[watch]\ninterval = 5m\n", 2, 13),
        ("[watch\n", 1, 7),
        ("[watch]\naction = 'move'\naction = 'notify'\n", 3, 18),
        ("[watch]\naction = [", 2, 11),
        ("[watch]\naction = '''", 2, 13),
    ],
)
def test_no_toml(write: Write, text: str, line: int, column: int) -> None:
    """Where a file is not TOML, the line and the column are told, also at the end of the file."""
    path = write(text)
    (problem,) = _problems(path)
    assert problem.startswith(f"{path}, line {line}, column {column}: not TOML (")
    assert "at line" not in problem


def test_no_text(tmp_path: Path) -> None:
    """A file in another encoding is told with the line where it shows."""
    path = tmp_path / "config.toml"
    path.write_bytes('# 設定\n[[accounts]]\nname = "自宅"\n'.encode("shift_jis"))
    assert _problems(path) == (f"{path}, line 1: not UTF-8 text",)


def test_no_file(tmp_path: Path) -> None:
    """A missing file and a folder in its place are told with their path."""
    missing = tmp_path / "config.toml"
    assert _problems(missing) == (f"{missing}: there is no such file; begin with a copy of config.example.toml",)
    assert _problems(tmp_path)[0].startswith(f"{tmp_path} cannot be read: ")


@pytest.mark.parametrize(
    "line",
    [
        "password = 'hunter2'",
        "pass = 'hunter2'",
        "password = { plain = 'hunter2' }",
        "password = { keyring = 'hunter2' }",
        "password = { command = 'hunter2' }",
        "password = ['hunter2']",
        "password = hunter2",
        "password = 'hunter2",
        "port = 'hunter2'",
        "tls = 'hunter2'",
        "[notify]\nbackend = 'hunter2'",
        "[hunter]\npassword = 'hunter2'",
    ],
)
def test_password_is_not_repeated(write: Write, line: str) -> None:
    """A password that somebody put into the file shows up in no message, repr or traceback."""
    with pytest.raises(UserError) as caught:
        load(write(ACCOUNT + line))
    told = [str(caught.value), repr(caught.value), *traceback.format_exception(caught.value)]
    assert "hunter2" not in "".join(told)
    assert caught.value.__context__ is None


def test_plain_password_is_told_what_to_write(write: Write) -> None:
    """Whoever writes a password into the file is told what to write instead."""
    (problem,) = _problems(write(ACCOUNT + "password = 'hunter2'"))
    assert "{ keyring = true }" in problem
    assert "`watcher login ACCOUNT`" in problem


def test_command_is_not_in_the_repr(write: Write) -> None:
    """The command for a password may hold one, against all advice: the repr of the settings does not show it."""
    settings = load(write(ACCOUNT + "password = { command = ['echo', 'hunter2'] }"))
    assert "hunter2" not in repr(settings)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.floats() | st.dates(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*Settings.model_fields, "name", "x"]), inner),
    )
)
def test_anything_else_is_a_problem(data: object) -> None:
    """Whatever a file holds, there is a problem to tell of, and never a crash: no such file has an account's host."""
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate(data)
    assert all(explain(error) for error in caught.value.errors())


# Durations


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30s", timedelta(seconds=30)),
        ("5m", timedelta(minutes=5)),
        ("1h", timedelta(hours=1)),
        ("7d", timedelta(days=7)),
        ("0d", timedelta(0)),
    ],
)
def test_duration(text: str, duration: timedelta) -> None:
    """A duration is read as people write it, and written the same way again."""
    assert parse_duration(text) == duration
    assert format_duration(duration) == text


@pytest.mark.parametrize("text", ["", "5", "m", "5 m", "5min", "-5m", "1.5h", "5M", "٥m", "5m\n", "100000d", "1h30m"])
def test_no_duration(text: str) -> None:
    """What is not a whole number and one unit is not guessed at."""
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)


@given(st.integers(min_value=0, max_value=99_999))
def test_duration_there_and_back(seconds: int) -> None:
    """Every duration of whole seconds is read back from how it is written."""
    duration = timedelta(seconds=seconds)
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(("mode", "good"), [(0o600, True), (0o664, True), (0o606, False), (0o666, False)])
def test_a_file_that_everybody_can_write(write: Write, mode: int, *, good: bool) -> None:
    """Who can write the file can name programs to be run: it is not read where that is everybody."""
    path = write(ACCOUNT)
    path.chmod(mode)
    if good:
        assert load(path).accounts
    else:
        assert f"chmod o-w {path}" in _problems(path)[0]

"""Mail in files is read like mail in folders, and no file is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.sources import NESTED, PLAIN, fetch_one
from watcher.errors import UserError
from watcher.parse import split
from watcher.sources.folder import FolderReader


def test_files_are_read_like_folders(tmp_path: Path) -> None:
    """Single mails, folders of them, a Maildir and an mbox each give their mail, as it was."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "one.eml").write_bytes(NESTED)
    for name in ("cur", "new", "tmp"):
        (tmp_path / "maildir" / name).mkdir(parents=True)
    (tmp_path / "maildir" / "cur" / "1.host:2,FS").write_bytes(PLAIN)
    (tmp_path / "maildir" / "tmp" / "half").write_bytes(b"half")
    (tmp_path / "maildir" / "dovecot-uidlist").write_bytes(b"no mail")
    reader = FolderReader([tmp_path])
    one, two = reader.folders()
    assert (Path(one).name, Path(two).name) == ("one.eml", "1.host:2,FS")
    assert fetch_one(reader, 1, two).flags == (r"\Flagged", r"\Seen")
    mail = fetch_one(reader, 1, one)
    assert (mail.header, mail.parts) == split(NESTED)
    assert mail.fingerprint == ""
    assert not reader.indexed(one)
    assert reader.fill(mail, ["1.2"], 4).parts[1].content == b"PGI+"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_an_mbox_is_taken_apart(tmp_path: Path, ending: str) -> None:
    """Each message of an mbox is numbered from 1; quoted From lines are restored, whatever ends the lines."""
    text = (
        "From - Wed Mar  4 05:06:07 2026\nSubject: one\n\nHello.\n>From here\n>>From there\nFrom afar\n\n"
        "From \nSubject: two\n\nBye.\n\n"
    )
    path = tmp_path / "Inbox"
    path.write_bytes(text.replace("\n", ending).encode())
    before = path.stat()
    reader = FolderReader([path])
    assert reader.indexed(str(path))
    assert list(reader.uids_from(str(path), 1)) == [1, 2]
    assert (reader.look(str(path)).uidnext, reader.look(str(path)).messages) == (3, 2)
    one, two = reader.fetch(str(path), [1, 2, 3])
    bodies = [(mail.parts[0].content or b"").decode().replace(ending, "\n") for mail in (one, two)]
    assert bodies == ["Hello.\nFrom here\n>From there\nFrom afar\n", "Bye.\n"]
    assert path.stat() == before


def test_what_is_no_mail_is_read_all_the_same(tmp_path: Path) -> None:
    """Whatever stands in a file is a message; the one who reads it finds out."""
    for name, content in (("empty", b""), ("note.txt", b"just words"), ("noise", bytes(range(256)))):
        (tmp_path / name).write_bytes(content)
    reader = FolderReader([tmp_path])
    assert [len(list(reader.fetch(name, reader.uids_from(name, 1)))) for name in reader.folders()] == [1, 1, 1]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A path that is not there is a matter for the user."""
    reader = FolderReader([tmp_path / "none.eml"])
    (name,) = reader.folders()
    with pytest.raises(UserError, match="none\\.eml"):
        reader.look(name)

"""An archive that cannot be opened, from a stranger.

Sees:
    An archive that is damaged or contradicts itself, unpacks to more than anybody sends, holds more files or more
    archives within archives than can be looked at, or over which the search in it broke down; from a sender whom the
    reader does not know.

Why it matters:
    What a filter cannot open it lets pass, while the reader's own unpacker finds the program in it. Archives are
    broken, swollen and nested for that purpose.

Example:
    From: 日本郵便 <info@parcel.example>, attached: 追跡.zip, which is 300 MB of zeros before a file

Leaves alone:
    Senders whom the reader knows, documents and pictures that are damaged, encrypted archives, and archives that were
    too large to be fetched. From a stranger who poses as nobody it is one fact of medium strength: archives do get
    damaged on their way, and people do send whole folders.

Sources:
    Measured 2026: about 0.1 % of wanted mail; SpamAssassin MIME_ARCHIVE_IN_ARCHIVE; MailScanner's maximum depth.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Evidence, Facet, Inquiry, Opened, Sentence, Strength, Where
from watcher.posing import pose
from watcher.text import clean, fill

REASONS = {
    Opened.BROKEN: Sentence(
        ja="添付ファイル「{file}」は壊れているか、調べられないように作られていて、中身を確かめることができません。",
        en="The attachment “{file}” is damaged, or made so that it cannot be checked: nobody can tell what is in it.",
    ),
    Opened.TOO_LARGE: Sentence(
        ja="添付ファイル「{file}」には異常に多くのものが詰め込まれていて、中身をすべて確かめることができません。",
        en="The attachment “{file}” is stuffed with so much that not all of it can be checked.",
    ),
}


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """One fact for each archive that withstood being looked into."""
    archives = [a for a in inquiry.message.attachments if a.opening.kind == "archive" and a.opening.state in REASONS]
    if not archives or inquiry.context.acquainted:
        return
    claim = pose(inquiry)
    for archive in archives:
        yield Evidence(
            text=fill(REASONS[archive.opening.state], file=archive.filename),
            strength=Strength.STRONG if claim else Strength.MEDIUM,
            facet=Facet.ATTACHMENT,
            where=Where.ATTACHMENT,
            claim=claim,
            quote=clean(archive.filename),
        )

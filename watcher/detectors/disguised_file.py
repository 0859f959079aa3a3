"""A file whose name hides what it is.

Sees:
    In the name of an attachment, or of a file inside one: characters that turn round the order in which the name is
    shown; a run of blanks that pushes the ending out of sight; the ending of a document or a picture before that of a
    program, a disk image or a web page; dots and blanks at the end, which Windows drops.

Why it matters:
    Readers have learned to look at the ending before they open a file. Whoever hides it knows what it would tell them.

Example:
    委託運送状.pdf          .exe, invoice.pdf.html

Leaves alone:
    Names as people and programs write them: dates and versions with dots, two blanks, archives of a document
    (invoice.pdf.zip), Hebrew and Arabic names with their own marks. Who sends the file does not matter, but one such
    fact never decides alone.

Sources:
    MITRE ATT&CK T1036.002 and T1036.007; UAX #9; measured 2026: 0 to 0.2 % of wanted mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.kinds import disguise, extension, kind
from watcher.model import Attachment, Evidence, Facet, Inquiry, Sentence, Strength, Where
from watcher.text import clean, fill

TRICKS = {
    "bidi": Sentence(
        ja="添付された「{file}」の名前には、文字の並びを逆に見せる隠し文字が入っています。本当の種類は {ending} です。",
        en="The name of the attached “{file}” holds hidden characters that turn its letters round; it is really a "
        "{ending} file.",
    ),
    "hidden by blanks": Sentence(
        ja="添付された「{file}」の名前には長い空白があり、末尾の {ending} が見えないようにされています。",
        en="The name of the attached “{file}” has a long gap, so that its real ending, {ending}, is out of sight.",
    ),
    "double extension": Sentence(
        ja="添付された「{file}」は書類や画像のような名前ですが、本当の種類は末尾の {ending} です。",
        en="The attached “{file}” is named like a document or a picture but is really a {ending} file.",
    ),
    "trailing dot": Sentence(
        ja="添付された「{file}」の名前の終わりには余分な点や空白があり、Windows は {ending} のファイルとして開きます。",
        en="The name of the attached “{file}” ends in needless dots or blanks; Windows opens it as a {ending} file.",
    ),
}
_ACTIVE = frozenset({"program", "html", "disk"})
_FOLDERS = re.compile(r"\A.*[/!](?=[^/!])", re.DOTALL)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The first disguised name of each attachment."""
    for attachment in inquiry.message.attachments:
        found = next(((name, trick) for name in _names(attachment) if (trick := disguise(name))), None)
        if found:
            name, trick = found
            yield Evidence(
                text=fill(TRICKS[trick], file=name, ending="." + extension(name)),
                strength=Strength.STRONG if kind(name) in _ACTIVE else Strength.MEDIUM,
                facet=Facet.ATTACHMENT,
                where=Where.ATTACHMENT,
                quote=clean(name),
            )


def _names(attachment: Attachment) -> Iterator[str]:
    """The name of the attachment and of all files in it, without their folders."""
    yield attachment.filename
    yield from (_FOLDERS.sub("", member.path) for member in attachment.opening.members)

"""A web page sent as a file that asks for a password or makes a file out of itself.

Sees:
    An attached HTML, XHTML or SVG file, or one inside an archive, in which there is a field for a password, code that
    puts a download together in the browser, a script that leads away at once, or, in a drawing, any script. In a
    brand's name any other form, and any archive folded up in the page.

Why it matters:
    Opened from the disk such a page has no address that a reader or a filter could check. It sends what is filled in
    to wherever it likes, or brings the archive with the program past everybody who looks at attachments.

Example:
    From: Microsoft <voicemail@fresh.example>, attached: Voicemail.html, which asks for the password of the mailbox

Leaves alone:
    Saved pages, reports, invoices and tickets in HTML without any of this; senders whom the reader knows. From a
    stranger who poses as nobody it is one fact of medium strength: some banks send locked messages this way.

Sources:
    MITRE ATT&CK T1027.006; Sublime's rules on HTML smuggling; measured 2026: 0 to 0.4 % of wanted mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from watcher.domains import host_of
from watcher.kinds import extension, kind
from watcher.model import Attachment, Evidence, Facet, Inquiry, Sentence, Strength, Trait, Where
from watcher.posing import pose
from watcher.text import clean, fill

ASKS = Sentence(
    ja="添付の「{file}」は、パスワードを入力させるウェブページです。本物の会社が入力画面をファイルで送ることはありません。",
    en="The attached “{file}” is a web page that asks for a password; no honest company sends one by mail.",
)
ASKS_MORE = Sentence(
    ja="添付の「{file}」は、情報を入力して送信させるウェブページです。本物の会社が入力画面をファイルで送ることはありません。",
    en="The attached “{file}” is a web page with a form to fill in; no honest company sends one by mail.",
)
ASSEMBLES = Sentence(
    ja="添付の「{file}」は、開くとその場で別のファイルを作り出してダウンロードさせるウェブページです。",
    en="The attached “{file}” is a web page that, once opened, makes another file out of itself and downloads it.",
)
SCRIPTED = Sentence(
    ja="添付の「{file}」は画像に見えますが、開くと動くスクリプト（小さなプログラム）が入っています。",
    en="The attached “{file}” looks like a picture but holds a script, a small program that runs when it is opened.",
)
LEADS_AWAY = Sentence(
    ja="添付の「{file}」は、開くとすぐに {host} へ移動させるウェブページです。",
    en="The attached “{file}” is a web page that, once opened, leads away to {host} at once.",
)
_DRAWINGS = frozenset({"svg", "svgz"})
_RUNS = frozenset({"program", "disk"})
_MOST = 20
"""Pages of one attachment that are told of."""


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """Each attached page that does such a thing."""
    pages = [page for attachment in inquiry.message.attachments for page in islice(_pages(attachment), _MOST)]
    if not pages or inquiry.context.acquainted:
        return
    claim = pose(inquiry)
    for name, found in pages:
        sentence = _deed(name, found) or (_intent(found) if claim else None)
        if not sentence:
            continue
        yield Evidence(
            text=fill(sentence, file=name, host=host_of(found.get(Trait.SCRIPT, ""))),
            strength=Strength.STRONG if claim else Strength.MEDIUM,
            facet=Facet.ATTACHMENT,
            where=Where.ATTACHMENT,
            claim=claim,
            quote=clean(name),
        )


def _pages(attachment: Attachment) -> Iterator[tuple[str, Mapping[Trait, str]]]:
    """The name of each page, with the first finding of each trait."""
    pages: dict[str, dict[Trait, str]] = {}
    for finding in attachment.opening.findings:
        pages.setdefault(finding.path, {}).setdefault(finding.trait, finding.detail)
    for path, found in pages.items():
        if (kind(path) if path else attachment.opening.kind) == "html":
            yield path.rpartition("/")[2].rpartition("!")[2] or attachment.filename, found


def _deed(name: str, found: Mapping[Trait, str]) -> Sentence | None:
    """What a page does, the worst first."""
    if Trait.ASSEMBLES_DOWNLOAD in found or found.get(Trait.EMBEDDED_FILE) in _RUNS:
        return ASSEMBLES
    if Trait.PASSWORD_FIELD in found:
        return ASKS
    if Trait.SCRIPT in found:
        return SCRIPTED if extension(name) in _DRAWINGS else LEADS_AWAY
    return None


def _intent(found: Mapping[Trait, str]) -> Sentence | None:
    """What is odd about a page only where it comes in the name of a brand, which has its forms on its own site."""
    if Trait.EMBEDDED_FILE in found:
        return ASSEMBLES
    return ASKS_MORE if Trait.FORM in found else None

"""A document that runs or fetches code when it is opened.

Sees:
    In an attached document, or one inside an archive: macros; a template, an object or a page that is fetched from
    elsewhere; an action that starts a program; a program packed into the document; scripts in a PDF.

Why it matters:
    A document is opened without a second thought. Each of these makes it do what only programs should, and the
    campaigns of Emotet and its heirs began with nothing else. No brand and no authority sends such documents.

Example:
    From: 国税庁 <info@fresh.example>, attached: 納税通知書.docm

Leaves alone:
    Macros and scripts from senders whom the reader knows: accountants do send .xlsm. Scripts in a form from a stranger
    who poses as nobody; templates on a share of the sender's own network, which offices leave in their letters; tables
    and drawings packed into a document. A stranger's macro is one fact of medium strength.

Sources:
    MITRE ATT&CK T1204.002 and T1221; SpamAssassin OLEVBMacro; measured 2026: under 0.5 % of wanted mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from watcher.domains import is_ip, to_ascii
from watcher.kinds import kind
from watcher.links import Oddity, oddity
from watcher.model import (
    Attachment,
    Evidence,
    Facet,
    Finding,
    Inquiry,
    Sentence,
    Strength,
    Trait,
    Where,
)
from watcher.posing import pose
from watcher.text import clean, fill

DEEDS: Mapping[Trait, Sentence] = {
    Trait.LAUNCH: Sentence(
        ja="添付された書類「{file}」は、開くと別のプログラムを起動しようとします。",
        en="The attached document “{file}” tries to start another program when it is opened.",
    ),
    Trait.EMBEDDED_OBJECT: Sentence(
        ja="添付された書類「{file}」の中に、クリックすると動くプログラムが埋め込まれています。",
        en="A program is packed into the attached document “{file}”; a click starts it.",
    ),
    Trait.REMOTE_TEMPLATE: Sentence(
        ja="添付された書類「{file}」は、開くと {host} から別の中身を読み込みます。",
        en="The attached document “{file}” fetches more from {host} when it is opened.",
    ),
    Trait.MACRO: Sentence(
        ja="添付された書類「{file}」には、プログラムの一種であるマクロが入っています。「コンテンツの有効化」を押さないでください。",
        en="The attached document “{file}” holds macros, which are programs; do not enable its content.",
    ),
    Trait.SCRIPT: Sentence(
        ja="添付された書類「{file}」には、開くと動くスクリプト（小さなプログラム）が入っています。",
        en="The attached document “{file}” holds a script, a small program that runs when it is opened.",
    ),
}
"""What a document can do, the worst first."""
_USED_BY_OFFICES = frozenset({Trait.MACRO, Trait.SCRIPT})
_RUNS = frozenset({"program", "disk"})
_HOST = re.compile(r"(?:[\w+.-]{2,30}:)*[/\\]{2,}(?:[^/\\@]{0,200}@)?([^/\\:?#]{1,253})")


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The worst thing that each attachment does."""
    found = [(attachment, _deeds(attachment)) for attachment in inquiry.message.attachments]
    claim = pose(inquiry) if any(deeds for _, deeds in found) else None
    for attachment, deeds in found:
        for trait in (trait for trait in DEEDS if trait in deeds):
            if strength := _strength(trait, inquiry, poses=claim is not None):
                finding = deeds[trait]
                yield Evidence(
                    text=fill(DEEDS[trait], file=_file(attachment, finding), host=_host(finding.detail)),
                    strength=strength,
                    facet=Facet.ATTACHMENT,
                    where=Where.ATTACHMENT,
                    claim=claim,
                    quote=clean(finding.detail or _file(attachment, finding)),
                )
                break


def _deeds(attachment: Attachment) -> dict[Trait, Finding]:
    """What the attachment does, and the first finding that tells of it."""
    found = reversed([(_deed(attachment, finding), finding) for finding in attachment.opening.findings])
    return {trait: finding for trait, finding in found if trait}


def _strength(trait: Trait, inquiry: Inquiry, *, poses: bool) -> Strength | None:
    """How much it weighs from this sender, if anything."""
    if inquiry.context.acquainted:
        return None if trait in _USED_BY_OFFICES else Strength.MEDIUM
    if poses or trait not in _USED_BY_OFFICES:
        return Strength.STRONG
    return Strength.MEDIUM if trait is Trait.MACRO else None


def _deed(attachment: Attachment, finding: Finding) -> Trait | None:
    """What a finding comes to; None for one that is usual in documents."""
    if _is_page(attachment, finding):
        return None
    if finding.trait in {Trait.EMBEDDED_OBJECT, Trait.EMBEDDED_FILE}:
        return Trait.EMBEDDED_OBJECT if _runs(finding.detail) else None
    if finding.trait is Trait.LAUNCH:
        return None if _opens_document(finding.detail) else Trait.LAUNCH
    if finding.trait is Trait.REMOTE_TEMPLATE:
        return Trait.REMOTE_TEMPLATE if _is_abroad(_host(finding.detail)) else None
    return finding.trait if finding.trait in DEEDS else None


def _runs(embedded: str) -> bool:
    """Whether an embedded file is a program or a disk, by its name or by what was found out about it."""
    return embedded in _RUNS or embedded.endswith(" (program)") or kind(embedded) in _RUNS


def _opens_document(target: str) -> bool:
    """Whether a launch action merely opens a document that came along: the appendix of a manual."""
    return " " not in target and kind(target) in {"document", "picture", "media", "text"}


def _is_page(attachment: Attachment, finding: Finding) -> bool:
    """Whether it was found in a page or a drawing, which `attached_page` judges."""
    return (kind(finding.path) if finding.path else attachment.opening.kind) == "html"


def _host(target: str) -> str:
    found = _HOST.match(target)
    return to_ascii(found[1]) if found else ""


def _is_abroad(host: str) -> bool:
    """Whether a host can be reached from anywhere, and is no share in an office."""
    if is_ip(host):
        return oddity(f"http://{host}/") is Oddity.NUMERIC
    return "." in host and not host.endswith(_OWN_NETWORK)


_OWN_NETWORK = (".local", ".lan", ".internal", ".intranet", ".corp", ".home.arpa")
"""Endings of hosts inside somebody's own network (RFC 6762, appendix G)."""


def _file(attachment: Attachment, finding: Finding) -> str:
    return finding.path.rpartition("/")[2].rpartition("!")[2] or attachment.filename

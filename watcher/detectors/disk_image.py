"""A disk image from a stranger.

Sees:
    An attachment that is the image of a disk or a disc (.iso, .img, .vhd, .dmg), or holds one, by its content or its
    name, from a sender whom the reader does not know.

Why it matters:
    A double click mounts it like a disk, and what lies in it is no longer marked as downloaded, so that the system
    does not warn. Mail filters hardly ever look inside. Nobody sends a bill that way.

Example:
    From: 三井住友カード <info@fresh.example>, attached: ご利用明細.iso

Leaves alone:
    Senders whom the reader knows: technicians do send each other images. An image in which a program was found, which
    `program_attached` tells of. From a stranger who poses as nobody it is one fact of medium strength.

Sources:
    MITRE ATT&CK T1553.005; Gmail and Outlook refuse such files.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Attachment, Evidence, Facet, Inquiry, Sentence, Strength, Where
from watcher.posing import pose
from watcher.text import clean, fill

IMAGE = Sentence(
    ja="添付ファイル「{file}」はディスクイメージです。開くと、中のプログラムが警告なしに動くことがあります。",
    en="The attachment “{file}” is a disk image; what is in it may run without the usual warning.",
)
INSIDE = Sentence(
    ja="添付ファイル「{file}」の中にディスクイメージ「{member}」が入っています。開くと、中のプログラムが警告なしに動くことがあります。",
    en="The attachment “{file}” holds a disk image, “{member}”; what is in it may run without the usual warning.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """One fact for each image in which no program was found."""
    found = [(a, image) for a in inquiry.message.attachments if (image := _image(a)) is not None]
    if not found or inquiry.context.acquainted:
        return
    claim = pose(inquiry)
    for attachment, image in found:
        member = image.rpartition("/")[2].rpartition("!")[2]
        yield Evidence(
            text=fill(INSIDE if image else IMAGE, file=attachment.filename, member=member),
            strength=Strength.STRONG if claim else Strength.MEDIUM,
            facet=Facet.ATTACHMENT,
            where=Where.ATTACHMENT,
            claim=claim,
            quote=clean(image or attachment.filename),
        )


def _image(attachment: Attachment) -> str | None:
    """The path of the first image inside; empty if the attachment itself is one; None without any."""
    opening = attachment.opening
    if any(member.kind == "program" for member in opening.members):
        return None
    if opening.kind == "disk":
        return ""
    return next((member.path for member in opening.members if member.kind == "disk"), None)

"""A mail that does what the brand says it never does.

Sees:
    A mail in a brand's name that breaks one of the brand's stated habits: it carries an attachment although the brand
    never sends any, or leads to a suffix that the brand never uses.

Why it matters:
    Brands publish such rules for exactly this purpose. Japan Post: our mails never carry attachments; our sites never
    use .com, .net or .top. The campaign of 2015 and 2016 broke the first with every mail.

Example:
    日本郵便 with 日本郵便追跡.zip attached.

Leaves alone:
    Mail proved to be the brand's own; senders who name the brand in the subject (a shop says by whom it sends) or bear
    the word for a name; links to the sender's own pages, and those to other organisations, which `foreign_links`
    judges; signatures (.p7s, .asc) and calendar entries; pictures shown within the text.

Sources:
    Each habit names its own source and date in the brand's file.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.domains import registrable
from watcher.model import Attachment, Brand, Evidence, Facet, Habit, HabitKind, Inquiry, Result, Strength, Where
from watcher.posing import is_own, unproven
from watcher.text import clean

_HARMLESS = (".p7s", ".p7m", ".asc", ".sig", ".ics", ".gif", ".png", ".jpg", ".jpeg")


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """One fact for each broken habit of each brand without proof."""
    for brand, claim in unproven(inquiry):
        if claim and (claim.where is Where.SUBJECT or claim.common):
            continue  # a shop that says by whom it sends, somebody who bears the word for a name
        for habit in brand.habits:
            if found := _breach(habit, brand, inquiry):
                facet, where, quote = found
                yield Evidence(habit.text, Strength.STRONG, facet, where, claim=claim, quote=clean(quote))


def _breach(habit: Habit, brand: Brand, inquiry: Inquiry) -> tuple[Facet, Where, str] | None:
    if habit.kind is HabitKind.NO_ATTACHMENTS:
        carried = next((a for a in inquiry.message.attachments if not _is_harmless(a)), None)
        return (Facet.ATTACHMENT, Where.ATTACHMENT, carried.filename) if carried else None
    if habit.kind is HabitKind.NEVER_SUFFIXES:
        hosts = (link.host for link in inquiry.message.links)
        forged = inquiry.authentication.aligned is Result.FAIL
        own = "" if forged else registrable(inquiry.message.author.domain)
        foreign = next(
            (
                host
                for host in hosts
                if host.endswith(habit.values) and not is_own(host, brand, inquiry) and registrable(host) != own
            ),
            "",
        )
        return (Facet.LINK, Where.LINK, foreign) if foreign else None
    return None


def _is_harmless(attachment: Attachment) -> bool:
    return attachment.filename.lower().endswith(_HARMLESS) or not attachment.filename

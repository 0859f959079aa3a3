"""What happens if a mail is believed: told from the facts, for a layman, never more certainly than they are. Pure."""

from __future__ import annotations

from enum import Enum, auto
from types import MappingProxyType

from watcher import report
from watcher.domains import host_of, to_unicode
from watcher.kinds import kind
from watcher.model import Case, Catalogue, Evidence, Facet, Where
from watcher.page.survey import brand_of, whom
from watcher.text import clean
from watcher.words import translation

_LONGEST_HOST = 100


class Danger(Enum):
    """What waits behind a click, the worst first."""

    PROGRAM = auto()
    DISK = auto()
    DOCUMENT = auto()
    LOCKED = auto()
    UNREADABLE = auto()
    PAGE = auto()
    CODE = auto()
    """A QR code, in whatever form."""
    ATTACHED_LINK = auto()
    LINK = auto()
    ANSWER = auto()


KNOWN_BY = MappingProxyType(
    {
        "program_attached": Danger.PROGRAM,
        "disk_image": Danger.DISK,
        "document_code": Danger.DOCUMENT,
        "encrypted_archive": Danger.LOCKED,
        "unreadable_archive": Danger.UNREADABLE,
        "attached_page": Danger.PAGE,
        "drawn_code": Danger.CODE,
        "attached_link": Danger.ATTACHED_LINK,
        "foreign_reply": Danger.ANSWER,
    }
)
"""Detectors whose facts tell of a danger that names of files and hosts do not. One that is missing here costs nothing
but such a sentence: what it has found is told among the reasons all the same."""

_KINDS = MappingProxyType({"program": Danger.PROGRAM, "disk": Danger.DISK, "html": Danger.PAGE})
_FROM_ATTACHMENT = frozenset({Danger.CODE, Danger.ATTACHED_LINK})
"""By these the host is told of that the attachment leads to."""


def consequences(case: Case, catalogue: Catalogue, language: str) -> tuple[str, ...]:
    """What happens if the reader does what the mail wants; at least one sentence.

    Args:
        case: of it the facts, and the names of files and hosts.
        catalogue: tells whose a host is.
        language: "ja" or "en".
    """
    _ = translation(language).gettext
    brand = whom(case, catalogue, language)
    host = foreign_host(case, catalogue)
    found = _dangers(case, host)
    texts = _texts(language, with_brand=bool(brand))
    told = tuple(texts[danger].format(host=defanged(host), brand=brand) for danger in Danger if danger in found)
    return told or (
        _(
            "What would happen cannot be told from the mail alone. Leave its links and attachments closed, and do not "
            "answer it. If it might be genuine after all, ask the sender in a way that you know from elsewhere."
        ),
    )


def foreign_host(case: Case, catalogue: Catalogue) -> str:
    """The host that the mail leads to and that is not the brand's: that of which a fact speaks, or the first."""
    brand = brand_of(case, catalogue)
    foreign = [host for host in case.imprint.hosts if brand is None or brand not in catalogue.owners(host)]
    spoken = [host_of(fact.quote) for fact in report.against(case) if fact.facet is Facet.LINK]
    return next((host for host in (*spoken, *foreign) if host in foreign), "")


def defanged(host: str) -> str:
    """A host as words that nothing takes for a link."""
    return clean(to_unicode(host), _LONGEST_HOST).replace(".", "[.]")


def _dangers(case: Case, host: str) -> frozenset[Danger]:
    against = report.against(case)
    named = frozenset(_KINDS[found] for found in map(kind, case.imprint.files) if found in _KINDS)
    found = named | {danger for danger in map(_danger, against) if danger}
    in_text = any(fact.where is Where.LINK for fact in against)
    return found | {Danger.LINK} if host and (in_text or not found & _FROM_ATTACHMENT) else found


def _danger(fact: Evidence) -> Danger | None:
    danger = KNOWN_BY.get(fact.detector)
    return Danger.CODE if danger is Danger.ATTACHED_LINK and "QR code" in fact.text.en else danger


def _texts(language: str, *, with_brand: bool) -> dict[Danger, str]:
    _ = translation(language).gettext
    return {
        Danger.PROGRAM: _(
            "Opening the attachment starts a program. It can take over this computer, and with it passwords, mail and "
            "bank accounts."
        ),
        Danger.DISK: _(
            "Opening the attached disk image can start a program in it without the usual warning. It can take over "
            "this computer."
        ),
        Danger.DOCUMENT: _(
            "Opening the attached document and allowing what it asks for (“Enable content”) can start a program that "
            "takes over this computer."
        ),
        Danger.LOCKED: _(
            "The attachment is locked so that no virus check sees what is in it. Once it is unlocked with the "
            "password, a program in it can take over this computer."
        ),
        Danger.UNREADABLE: _("What is in the attachment could not be checked. Opening it may start a program."),
        Danger.PAGE: _(
            "The attachment opens as a page in the browser. Whatever is typed into it, such as a password or a card "
            "number, can reach whoever sent it."
        ),
        Danger.CODE: _(
            "The QR code opens a page on your telephone, out of reach of what protects this computer. It probably asks "
            "for a password or a card number."
        ),
        Danger.ATTACHED_LINK: _(
            "A link in the attachment leads to a page of somebody else. It probably asks for a password or a card "
            "number."
        ),
        Danger.LINK: _(
            "The link leads to a page at {host}, which is not that of {brand}. It probably asks for a password or a "
            "card number, to steal them."
        )
        if with_brand
        else _("The link leads to a page at {host}. It may ask for a password or a card number, to steal them."),
        Danger.ANSWER: _("An answer goes to somebody else than the mail says, who may then ask for money or secrets."),
    }

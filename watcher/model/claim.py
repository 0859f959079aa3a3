"""Whom a mail claims to be from, whom there is to pose as, and what the receiving server says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same words in both languages of the house."""

    ja: str
    en: str


class ClaimKind(Enum):
    """Whom a mail can present as its sender."""

    BRAND = "brand"
    AUTHORITY = "authority"
    CONTACT = "contact"
    ROLE = "role"
    """Whoever does something for the reader, without a name: the mail administrator, a parcel service."""


class Where(Enum):
    """A place in a mail, as users and programs are told it."""

    FROM_NAME = "from.name"
    FROM_ADDRESS = "from.address"
    REPLY_TO = "reply-to"
    SUBJECT = "subject"
    BODY = "body"
    LINK = "link"
    ATTACHMENT = "attachment"
    RECEIVED = "received"
    AUTHENTICATION = "authentication-results"
    HEADER = "header"


class Likeness(IntEnum):
    """How exactly the words of a claim are the name that they present."""

    LOOKALIKE = 1
    """Other characters that look alike: 日本郵更, PayPaI."""
    DISGUISED = 2
    """The same name, written so that a filter would not find it: 三 井 住 友, 𝐏𝐚𝐲𝐏𝐚𝐥."""
    EXACT = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """Whom the mail presents as its sender, where, and in what words."""

    kind: ClaimKind
    brand: str
    """Identifier in the catalogue, for instance "japan_post"."""
    name: str
    """The real name that is presented: "日本郵便"."""
    words: str
    """The words that stand in the mail: "日本郵更"."""
    where: Where
    likeness: Likeness = Likeness.EXACT
    common: bool = False
    """An everyday word as well (LINE, ETC, Target): needs corroboration."""
    shared: bool = False
    """No everyday word, but borne by others too (a surname, shops under one sign) or very short: ADAC, Rossmann, UPS.

    Such a claim is `common` too.
    """


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of the catalogue found in a text, at `start:end` of the text that was searched."""

    brand: str
    name: str
    start: int
    end: int
    common: bool = False
    shared: bool = False


class HabitKind(Enum):
    """What a brand states of its own mail, so that its breach is evidence."""

    NO_ATTACHMENTS = "no_attachments"
    NEVER_SUFFIXES = "never_suffixes"
    SIGNS_ALL = "signs_all"
    NO_LINKS = "no_links"


@dataclass(frozen=True, slots=True)
class Habit:
    """One stated habit of a brand, with its source, since it may cease to be true."""

    kind: HabitKind
    text: Sentence
    source: str
    date: str
    values: tuple[str, ...] = ()
    """For NEVER_SUFFIXES (".com", ".net", …), for SIGNS_ALL the domains that sign (DKIM d=)."""


@dataclass(frozen=True, slots=True)
class Brand:
    """An organisation that mail is known to pose as: its names, its domains and its habits."""

    id: str
    kind: ClaimKind
    label: Sentence
    """What to call it in a sentence."""
    names: tuple[str, ...]
    common_words: tuple[str, ...] = ()
    """Those of `names` that are everyday words too."""
    shared_names: tuple[str, ...] = ()
    """Those of `names` that others bear too, or that are too short to stand alone."""
    domains: tuple[str, ...] = ()
    """Its own domains; each stands for its subdomains as well. The first is the one to show."""
    services: tuple[str, ...] = ()
    """Domains of others that send in its name."""
    public_mailboxes: tuple[str, ...] = ()
    """Those of `domains` where anybody can have a mailbox: mail from there proves nothing."""
    addresses: tuple[str, ...] = ()
    """Its own addr-specs, lower case, where a domain would say too much: taro@gmail.com of a person."""
    innocents: tuple[str, ...] = ()
    """Names and domains of others that look or sound like it."""
    habits: tuple[Habit, ...] = ()
    report_to: str = ""
    advice_url: str = ""
    senders_known: bool = True
    """Whether a source says whence it sends; otherwise only its web sites are known."""
    indexed: bool = False
    """From the compiled index: only its names and its web domains are known, not whence it sends."""


class Offer(Enum):
    """What a host offers to everybody, so that its name says nothing about who uses it."""

    MAILBOX = "mailbox"
    """A mailbox for everybody: gmail.com."""
    PAGE = "page"
    """Pages, forms or files of everybody: pages.dev."""
    SHORT_LINK = "short link"
    REDIRECT = "redirect"
    """It forwards to wherever the link says."""
    WRAPPER = "wrapper"
    """A security product that writes the links of a mail anew."""
    BULK_MAIL = "bulk mail"
    """It sends the mail of others."""
    COUNTER = "counter"
    """It counts clicks for others."""


class Catalogue(Protocol):
    """What the house may ask about brands; see `brands`."""

    def brand(self, identifier: str) -> Brand:
        """The brand of that identifier. Raises KeyError for an unknown one."""

    def owners(self, host: str) -> tuple[Brand, ...]:
        """The brands that own this host or a domain above it (their own domains, not their services)."""

    def find(self, text: str) -> Iterator[Mention]:
        """Every brand named in a short text, longest name first at each place, in one pass."""

    def find_first(self, text: str) -> Iterator[Mention]:
        """Like `find` for a long text: each name where it stands first.

        Everyday words and the organisations of the index are left out: too many would stand there by chance.
        """

    def lookalikes(self, text: str) -> Iterator[Mention]:
        """Every place where something that looks like a brand's name, but is no real name, stands."""

    def offers(self, host: str) -> frozenset[Offer]:
        """What this host, or a domain above it, offers to everybody."""


class Result(Enum):
    """A check's outcome. "Could not tell" is a value of its own, never a failure."""

    PASS = "pass"  # noqa: S105 - the word of RFC 8601, not a secret
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Belief:
    """Whose Authentication-Results may be believed.

    `authserv` None and `topmost` False: nobody's yet. `topmost` True: whoever wrote the topmost one.
    """

    authserv: str | None = None
    topmost: bool = False


@dataclass(frozen=True, slots=True)
class Hop:
    """The host that handed the mail to the reader's own provider, from the trusted Received line."""

    helo: str = ""
    reverse_dns: str = ""
    """The name that the receiving server looked up; empty where it found none or did not say."""
    ip: str = ""
    looked_up: bool = False
    """Whether the receiving server says that it looked: only then does an empty name mean anything."""


@dataclass(frozen=True, slots=True)
class Authentication:
    """What the receiving server vouches for (RFC 8601), and nothing that the sender could have written."""

    aligned: Result = Result.UNKNOWN
    """Whether the domain of From is vouched for: DMARC pass, or SPF or DKIM pass of an aligned domain."""
    spf: Result = Result.UNKNOWN
    dkim: Result = Result.UNKNOWN
    dmarc: Result = Result.UNKNOWN
    vouched: tuple[str, ...] = ()
    """Domains with a pass, aligned or not: DKIM d=, SPF mailfrom."""
    authserv: str = ""
    hop: Hop = field(default_factory=Hop)
    unprotected: bool = False
    """Whether the server says that the sender's domain has no SPF record and the mail no signature: no failure, but a
    fact about the domain."""
    forwarded: bool = False
    """Whether the mail came by a mailing list or a forwarder, which breaks SPF and often DKIM."""

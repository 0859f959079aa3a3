r"""One mail's journey.

  mail in ─▶ Message ─▶ Claim*, ───────▶ Evidence* ─▶ Verdict ─▶ Plan (Step*) ─▶ Receipt ─▶ Notice ─▶ Decision ─▶ Lesson
  sources    parse      Authentication   detectors    judge      plan            sources    desktop   settle      learn
  (effect)   (pure)     claims,          (pure)       (pure)     (pure)          (effect)   (effect)  (effect)    (pure)
                        authentication                   ▲                                                          │
                        (pure)                           └── store: receipts, lessons, acquaintances ◀──────────────┘

The pipeline decides nothing and knows the world by its ports alone: it carries what one room says to the next. `sweep`
finds the mail that is new in a folder, `settle` finishes what a crash left open and carries out what the user decided,
`own_moves` finds what the user moved by hand, `telling` tells him, `acquaint` reads old mail for whom he knows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from watcher import contacts, learn, plan
from watcher.authentication import authenticate, own_authserv
from watcher.campaigns import imprint
from watcher.claims import find_claims
from watcher.detectors import Detector, examine, version
from watcher.domains import registrable
from watcher.errors import TransientError, UserError
from watcher.judge import judge
from watcher.model import (
    Address,
    Authentication,
    Belief,
    Case,
    Catalogue,
    Context,
    Evidence,
    FolderState,
    Imprint,
    Inquiry,
    Intent,
    Lesson,
    Mail,
    Message,
    Needs,
    Receipt,
    Result,
    State,
    Step,
    Verdict,
)
from watcher.pages import Pages
from watcher.parse import decode, parse
from watcher.ports import Clock, Opener, Reader, Source, Store
from watcher.stumbles import Stumbles
from watcher.telling import Teller
from watcher.text import clean

_log = logging.getLogger(__name__)

_LOOKS = 3
"""The first look at headers and structure, and two more: at the text, and into the attachments."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the configuration says about one account."""

    account: str
    folders: tuple[str, ...] = ("INBOX",)
    suspicious_folder: str = "Suspicious"
    action: str = "move"
    history: timedelta = timedelta()
    most_moves: int = 100
    owner: tuple[str, ...] = ()
    authserv: str = learn.AUTO
    trusted: tuple[Lesson, ...] = ()
    acquaintances: bool = True


@dataclass(frozen=True, slots=True)
class Tools:
    """The ports and the knowledge that all accounts share."""

    store: Store
    teller: Teller
    pages: Pages
    examiner: Examiner
    clock: Clock
    look: Callable[[str], str]
    """What words look like at a glance."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a mail turned out to be."""

    message: Message
    authentication: Authentication
    verdict: Verdict


Introduce = Callable[[Message, Authentication, Context], Context]


class Examiner:
    """Judges mail, reading no more of it than is needed. Changes nothing."""

    def __init__(self, catalogue: Catalogue, detectors: Sequence[Detector], opener: Opener) -> None:
        self.catalogue = catalogue
        self.detectors = tuple(detectors)
        self._opener = opener
        self._version = version(detectors)

    def examine(self, reader: Reader, mail: Mail, context: Context, introduce: Introduce | None = None) -> Examination:
        """Judge a mail from its headers and structure, and again for each thing that had to be got.

        Args:
            reader: where to get more of the mail.
            mail: headers and structure are enough.
            context: whose mailbox it is, and whom to believe.
            introduce: adds to the context what is known of the author.

        Raises:
            TransientError: more of the mail could not be got now.
        """
        message = parse(mail)
        self._prepare(message)
        authentication = authenticate(message, context.belief)
        context = introduce(message, authentication, context) if introduce else context
        for look in range(_LOOKS):
            inquiry = Inquiry(message, find_claims(message, self.catalogue), authentication, context)
            evidence = examine(inquiry, self.detectors)
            needed = plan.needs(message, evidence)
            if look + 1 == _LOOKS or needed == Needs():
                break
            mail, message = self._get(reader, mail, message, needed)
        return Examination(message, authentication, self._judge(inquiry, evidence))

    def foresee(self, mail: Mail, context: Context) -> tuple[str, ...]:
        """The text parts without which a mail will not be judged, as far as its headers and structure tell."""
        message = parse(mail)
        self._prepare(message)
        authentication = authenticate(message, context.belief)
        if not message.unfetched or not plan.may_be_proved(authentication):
            return message.unfetched
        inquiry = Inquiry(message, find_claims(message, self.catalogue), authentication, context)
        return plan.needs(message, examine(inquiry, self.detectors)).fetch

    def _prepare(self, message: Message) -> None:
        """Let the child start, which takes its time, while the text is fetched and judged."""
        for filename in plan.unseen(message):
            self._opener.prepare(filename)

    def _judge(self, inquiry: Inquiry, evidence: tuple[Evidence, ...]) -> Verdict:
        versions = f"{self._version} {learn.version(inquiry.context.lessons)}"
        verdict = judge(evidence, inquiry.claims, versions)
        return replace(verdict, unseen=plan.unseen(inquiry.message, evidence))

    def _get(self, reader: Reader, mail: Mail, message: Message, needed: Needs) -> tuple[Mail, Message]:
        if needed.fetch:
            mail = reader.fill(mail, needed.fetch, plan.share_text_limit(len(needed.fetch)))
            return mail, parse(mail)
        filled = reader.fill(mail, needed.open, plan.ATTACHMENT_LIMIT)
        contents = {part.section: decode(part) for part in filled.parts if part.content is not None}
        attachments = tuple(
            replace(attachment, opening=self._opener.open(attachment.filename, contents[attachment.section]))
            if attachment.section in needed.open and attachment.section in contents
            else attachment
            for attachment in message.attachments
        )
        return mail, replace(message, attachments=attachments)


class Pipeline:
    """One account's mail on its way, with the effects that this has."""

    def __init__(self, tools: Tools, rules: Rules) -> None:
        self.tools = tools
        self.rules = rules
        self.stumbles = Stumbles()

    def handle(self, source: Source, mail: Mail, *, may_move: bool) -> Case:
        """Judge a new mail and do what is to be done with it. The user is told by the `Teller`.

        A bug met on the way is logged and recorded, and the mail left where it is.

        Args:
            source: the account's mailbox.
            mail: headers and structure, not judged before.
            may_move: whether the sweep may still move mail.

        Raises:
            TransientError: the mailbox went away; what was begun is finished by `settle.recover`.
        """
        try:
            introduce = partial(self._introduce, mail.internal_date) if self.rules.acquaintances else None
            context = self._context()
            examination = self.tools.examiner.examine(source, mail, context, introduce)
        except TransientError:
            raise
        except Exception:  # noqa: BLE001 - a bug is a value here: it must not end the watch
            _log.exception("%s: a mail could not be judged and is left where it is", self.rules.account)
            return self.tools.store.add_case(self.case(mail, Message(), State.FAILED))
        if context.belief == Belief():  # otherwise nothing is left to be learned
            self.note_authserv(examination.message)
        return self._carry_on(source, mail, examination, may_move=may_move)

    def read_ahead(self, source: Source, mails: Sequence[Mail]) -> Iterator[Mail]:
        """The same mails with the text that they will be judged by, in few round trips.

        It is fetched as they are asked for, some at a time. What is not read here is read as its mail is judged.

        Args:
            source: the account's mailbox.
            mails: headers and structure, of one folder.

        Raises:
            TransientError: the mailbox went away.
        """
        context = self._context()
        for some in plan.together(mails):
            alike: dict[tuple[str, ...], list[Mail]] = {}
            for mail in some:
                alike.setdefault(self._foresee(mail, context), []).append(mail)
            filled = [mail for sections, group in alike.items() for mail in self._fill(source, group, sections)]
            yield from sorted(filled, key=lambda mail: mail.place.uid)

    def _foresee(self, mail: Mail, context: Context) -> tuple[str, ...]:
        try:
            return self.tools.examiner.foresee(mail, context)
        except Exception:  # noqa: BLE001 - it comes again, and is told, as the mail is judged
            return ()

    def _fill(self, source: Source, mails: Sequence[Mail], sections: tuple[str, ...]) -> Sequence[Mail]:
        try:
            return source.fill_all(mails, sections, plan.share_text_limit(len(sections))) if sections else mails
        except UserError:
            return mails  # an answer that cannot be read keeps only the mail that it comes of from being judged

    def _carry_on(self, source: Source, mail: Mail, examination: Examination, *, may_move: bool) -> Case:
        rules, verdict = self.rules, examination.verdict
        lessons = self.tools.store.lessons() if verdict.suspicious else ()
        action = plan.turn_down(rules.action, verdict, lessons)
        planned = plan.decide(verdict, mail, action, rules.suspicious_folder, may_move=may_move)
        state = State.MOVING if planned.steps else planned.state
        case = self.case(mail, examination.message, state)
        vouched = examination.authentication.aligned is Result.PASS
        case = self.tools.store.add_case(
            replace(
                case,
                verdict=verdict,
                authenticated=examination.message.author.domain if vouched else "",
                imprint=self._imprint(examination),
                notified=not planned.notify,
            )
        )
        if vouched and not verdict.suspicious:
            self.note_author(examination.message.author, mail.internal_date)
        for step in planned.steps:
            self.attempt(source, case, step)
        return self.tools.store.case(case.id) if planned.steps else case

    def _imprint(self, examination: Examination) -> Imprint:
        suspicious, offers = examination.verdict.suspicious, self.tools.examiner.catalogue.offers
        return imprint(examination.message, offers) if suspicious else Imprint()

    def attempt(self, source: Source, case: Case, step: Step) -> None:
        """Take a step like `take`; where the server refuses it for good the log says why."""
        try:
            self.take(source, case, step)
        except UserError as refusal:
            _log.warning("%s: case %d stays where it is: %s", self.rules.account, case.id, refusal)

    def take(self, source: Source, case: Case, step: Step) -> Receipt | None:
        """Take one step for a case: intent, deed, receipt. The case then stands as `plan.done` says.

        Args:
            source: the account's mailbox.
            case: the mail lies at `case.place`.
            step: what to do.

        Returns:
            The receipt; None where the mail was gone.

        Raises:
            UserError: the server refuses for good (over quota, no such folder).
            TransientError: it is not known whether the step happened; `settle.recover` finds out.
        """
        store, done = self.tools.store, plan.done(case, step)
        refused = plan.refused(store.case(case.id).state, step)
        try:
            target = self._target(source, step.target)
        except UserError:
            store.set_state(case.id, refused)
            raise
        intent = store.intend(self.intent(case, step, target), done if done is State.RELEASED else State.MOVING)
        try:
            receipt = source.apply(intent)
        except UserError:
            store.settle(intent, None, refused)
            raise
        store.settle(intent, receipt, plan.state_after(receipt, done))
        return receipt

    def _target(self, source: Source, folder: str) -> FolderState:
        """How the target folder stands; it is made again where somebody has deleted it."""
        try:
            return source.look(folder)
        except UserError:
            source.prepare(folder)
            return source.look(folder)

    def intent(self, case: Case, step: Step, target: FolderState) -> Intent:
        """The intent to take that step on the mail at `case.place`, now."""
        return Intent(
            case=case.id,
            step=step,
            place=case.place,
            fingerprint=case.fingerprint,
            message_id=case.message_id,
            target_uidvalidity=target.uidvalidity,
            target_uidnext=target.uidnext,
            at=self.tools.clock(),
        )

    def belief(self) -> Belief:
        """Whose Authentication-Results this account believes by now."""
        return learn.belief(self.rules.authserv, self.tools.store.authserv_counts(self.rules.account))

    def note_authserv(self, message: Message) -> None:
        """Remember who wrote the Authentication-Results of a mail, where that is still to be learned."""
        if self.rules.authserv == learn.AUTO and self.belief() == Belief():
            authserv = own_authserv(message)
            if authserv is not None:
                self.tools.store.note_authserv(self.rules.account, authserv, message.author.domain)

    def note_author(self, author: Address, at: datetime) -> None:
        """Remember the author of a mail with an aligned pass that the user wants to have."""
        if self.rules.acquaintances and author.domain:
            self.tools.store.acquaint(self.rules.account, [contacts.meet(author, at, self.tools.look)])

    def _context(self) -> Context:
        return Context(
            catalogue=self.tools.examiner.catalogue,
            owner=self.rules.owner,
            belief=self.belief(),
            lessons=(*self.rules.trusted, *self.tools.store.lessons()),
        )

    def _introduce(self, at: datetime, message: Message, authentication: Authentication, context: Context) -> Context:
        """The same with what is known of the author of a mail that came then."""
        store, author = self.tools.store, message.author
        vouched = authentication.aligned is Result.PASS
        known = store.acquaintance(author.spec) if author.domain else None
        filled = contacts.is_filled(store.progress(self.rules.account), self.rules.folders)
        acquainted = contacts.acquainted(known, at, vouched=vouched, filled=filled)
        return replace(
            context,
            acquainted=acquainted,
            written_to=bool(acquainted and known and known.written_to),
            namesake=self._namesake(author, context.catalogue, vouched=vouched),
        )

    def _namesake(self, author: Address, catalogue: Catalogue, *, vouched: bool) -> str:
        store, likeness = self.tools.store, contacts.likeness(author.name, self.tools.look)
        bearers = store.bearers(likeness) if likeness else ()
        if not bearers:
            return ""
        colleague = vouched and contacts.is_private(author.domain, catalogue)
        domain = store.pseudonym(registrable(author.domain)) if colleague else ""
        return contacts.namesake(bearers, store.pseudonym(author.spec), domain, catalogue)

    def clean_case(self, mail: Mail) -> Case:
        """A case for a mail of our own, which is not to be judged."""
        return self.case(mail, parse(mail), State.CLEAN)

    def case(self, mail: Mail, message: Message, state: State) -> Case:
        """A case for a mail, not judged yet."""
        return Case(
            place=mail.place,
            fingerprint=mail.fingerprint,
            author=message.author,
            subject=clean(message.subject),
            message_id=message.message_id,
            date=mail.internal_date,
            state=state,
            judged_at=self.tools.clock(),
        )

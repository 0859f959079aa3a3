"""What the user, or the Watcher of another computer, moved into the suspicious folder and out of it.

Mail that left it for the folder that it came from, or another that is watched, was taken back: that is a release, like
the button. Mail that went to the trash or to junk mail was deleted. Mail that went anywhere else is left alone. Mail
that was put into it by hand is reported, but only if it was judged here, and bears no `$Phishing`: that would be the
mark of another computer's Watcher.

What lies in a folder cannot change without its count of mails or its next UID changing: as long as both stand, nothing
is asked (so CONDSTORE, which tells of flags besides, would tell nothing more). What was there before is in the ledger,
so that moves made while the daemon was not running are found as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from watcher import plan
from watcher.errors import UserError
from watcher.model import (
    Bookmark,
    By,
    Case,
    Choice,
    Decision,
    FolderState,
    How,
    Mail,
    Place,
    Receipt,
    State,
    Step,
    StepKind,
    Use,
)
from watcher.parse import parse
from watcher.pipeline import Pipeline
from watcher.ports import Source
from watcher.settle import carry_out, restrain

_PRESENT = (State.MOVED, State.REPORTED)
"""States of cases whose mail ought to lie in the suspicious folder."""
_DUE = (State.VANISHED, State.MARKED, State.HELD, State.FILED, State.DELETED)
"""States of cases whose mail belongs there without a word: another Watcher was faster, or the user was."""
_SETTLING = timedelta(minutes=1)
"""Another computer's Watcher moves a mail first and marks it then: what was judged this moment may be its doing."""


class OwnMoves:
    """Looks at one account's suspicious folder."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._store = pipeline.tools.store
        self._folder = pipeline.rules.suspicious_folder
        self._account = pipeline.rules.account
        self._seen: FolderState | None = None
        """How the folder stood when nothing was left to be found out."""
        self._has_released = False

    def look(self, source: Source) -> None:
        """Find what was moved since the last look, and learn from it.

        Raises:
            TransientError: the mailbox went away; the next look finds the rest.
        """
        try:
            state = source.look(self._folder)
        except UserError:
            return  # no such folder (any more): where its mail went cannot be told
        if state == self._seen or self._pipeline.rules.action == "observe":
            return
        uids = source.uids_from(self._folder, 1)
        self._find_taken(source, state, frozenset(uids))
        following = self._find_put(source, state, uids)
        self._store.set_bookmark(
            Bookmark(self._account, self._folder, state.uidvalidity, following, self._pipeline.tools.clock())
        )
        self._seen = state if following >= state.uidnext else None
        if self._has_released:
            self._has_released = False
            restrain(self._pipeline)

    # What left the folder.

    def _find_taken(self, source: Source, state: FolderState, uids: frozenset[int]) -> None:
        for number, place in self._store.kept_in(self._account, self._folder, _PRESENT):
            if place.uidvalidity == state.uidvalidity and place.uid in uids:
                continue
            self._follow(source, self._store.case(number))

    def _follow(self, source: Source, case: Case) -> None:
        """Find out where the mail of a case went, and what that means."""
        if place := source.find(self._folder, case):  # out and in again, or all UIDs were given out anew
            self._record(case, Step(StepKind.MOVE, self._folder, self._folder), place, case.state)
            return
        home = case.place.folder
        discarded = {source.special_folder(use) for use in (Use.TRASH, Use.JUNK)} - {"", self._folder, home}
        # First where nothing is learned from: the same mail may lie in two folders.
        for folder in dict.fromkeys((*sorted(discarded), home, *self._pipeline.rules.folders)):
            if place := source.find(folder, case):
                step = Step(StepKind.MOVE, self._folder, folder)
                if folder in discarded:
                    self._record(case, step, place, State.DELETED)
                else:
                    self._record(case, step, place, case.state, Choice.RESTORE)
                    self._carry_out(source)
                return
        self._store.set_state(case.id, State.FILED)

    # What came into it.

    def _find_put(self, source: Source, state: FolderState, uids: Sequence[int]) -> int:
        """Deal with mail that somebody else put there; the UID from which on it is still to be dealt with."""
        bookmark = self._store.bookmark(self._account, self._folder)
        if bookmark is None or bookmark.uidvalidity != state.uidvalidity:
            return state.uidnext
        kept = self._store.kept_in(self._account, self._folder, _PRESENT)
        ours = {place.uid for _, place in kept if place.uidvalidity == state.uidvalidity}
        for mail in source.fetch(self._folder, [uid for uid in uids if uid >= bookmark.uidnext and uid not in ours]):
            if not self._examine(source, mail):
                return mail.place.uid
        return state.uidnext

    def _examine(self, source: Source, mail: Mail) -> bool:
        """Deal with one mail that was not put there by us; False where it is too early to tell."""
        case = self._store.find_cases(self._account, [mail.fingerprint]).get(mail.fingerprint)
        if case is None:
            self._store.add_case(self._pipeline.case(mail, parse(mail), State.FOREIGN))
            return True
        if case.state in {State.MOVED, State.COPIED, State.REPORTED, State.MOVING, State.FOREIGN}:
            return True
        if case.state in _DUE:  # found suspicious here, too; or it was there before
            self._record(case, plan.move(case.place.folder, self._folder), mail.place, State.MOVED)
            return True
        if plan.PHISHING.lower() in {flag.lower() for flag in mail.flags} or self._is_junk(source):
            return True
        if abs(self._pipeline.tools.clock() - case.judged_at) < _SETTLING:  # the future is long past: a wrong clock's
            return False
        origin = plan.whereabouts(case, self._store.receipts(case.id)).folder
        self._record(case, Step(StepKind.MOVE, origin, self._folder), mail.place, case.state, Choice.CONFIRM)
        self._carry_out(source)
        return True

    def _is_junk(self, source: Source) -> bool:
        """Whether the suspicious folder is that of junk mail, into which other filters put mail as well."""
        return source.special_folder(Use.JUNK) == self._folder

    # What that means.

    def _record(self, case: Case, step: Step, place: Place, state: State, choice: Choice | None = None) -> None:
        """Keep a step that others have taken, as if it had been ours, and what it decides: undo reads receipts."""
        there = FolderState(place.folder, place.uidvalidity, place.uid)
        standing = plan.whereabouts(case, self._store.receipts(case.id))
        intent = self._pipeline.intent(replace(case, place=standing), step, there)
        decision = Decision(choice, case.id, By.OWN_MOVE, intent.at) if choice else None
        self._store.record(Receipt(intent, place, How.OTHERS, intent.at), state, decision)

    def _carry_out(self, source: Source) -> None:
        """Do what the user has decided by moving a mail, also what was left undone by a crash."""
        for decision in self._store.waiting_decisions():
            case = self._store.case(decision.case)
            if decision.by is By.OWN_MOVE and case.place.account == self._account:
                carry_out(self._pipeline, source, decision)
                self._has_released |= decision.choice is Choice.RESTORE

"""What is still open is brought to its end.

That is: steps that a crash interrupted, news of which the user has not been told, decisions that the user has taken.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from gettext import gettext as _

from watcher import learn, plan, report
from watcher.errors import UserError
from watcher.model import By, Case, Choice, Decision, Intent, LessonKind, State, Use
from watcher.pipeline import Pipeline
from watcher.ports import Source

_log = logging.getLogger(__name__)

_ONCE_MOVED = (State.MOVED, State.COPIED, State.RELEASED, State.FILED, State.DELETED)

DONE = "done"
GONE = report.GONE
"""Outcomes of a decision: carried out; the mail is no longer where it was moved to."""


def recover(pipeline: Pipeline, source: Source) -> None:
    """Finish what a crash or a lost connection left open: no step is taken twice, none is forgotten.

    While only observing everything stays open, since it could not be finished.

    Raises:
        TransientError: the mailbox went away again; the next call goes on.
    """
    store, rules = pipeline.tools.store, pipeline.rules
    if rules.action == "observe":
        return
    for intent in store.open_intents(rules.account):
        _finish(pipeline, source, intent)
    open_still = {intent.case for intent in store.open_intents(rules.account)}
    for case in store.cases((State.MOVING,), rules.account):  # kept, but interrupted before the intent was
        if case.id in open_still:
            continue
        if pipeline.stumbles.is_given_up(case.id):
            store.set_state(case.id, State.HELD)
            continue
        action = plan.turn_down(rules.action, case.verdict, store.lessons()) if case.verdict else rules.action
        with pipeline.stumbles.watched(case.id):
            pipeline.attempt(source, case, plan.step(case.place.folder, action, rules.suspicious_folder)[0])
    pipeline.tools.teller.tell(rules.account)


def _finish(pipeline: Pipeline, source: Source, intent: Intent) -> None:
    """Find out whether the step was taken; take it where it was not.

    Where that cannot be found out, the intent stays open until the next start: all other mail must not wait for it.
    """
    store, stumbles = pipeline.tools.store, pipeline.stumbles
    looking = ("locate", intent.case)
    if stumbles.is_given_up(looking):
        return
    case = replace(store.case(intent.case), place=intent.place)
    with stumbles.watched(looking):
        receipt = source.locate(intent)
    if receipt:
        store.settle(intent, receipt, plan.state_after(receipt, plan.done(case, intent.step)))
    elif stumbles.is_given_up(intent.case):
        _give_up(pipeline, intent)
    else:
        store.settle(intent, None, case.state)
        with stumbles.watched(intent.case):
            pipeline.attempt(source, case, intent.step)


def _give_up(pipeline: Pipeline, intent: Intent) -> None:
    """The connection breaks off whenever this is tried: all other mail must not wait for it. The user is told."""
    store, account = pipeline.tools.store, pipeline.rules.account
    words = _("%(account)s: case %(case)d stays where it is: the server breaks off each time it is to be moved")
    _log.warning(words, {"account": account, "case": intent.case})
    store.settle(intent, None, plan.refused(store.case(intent.case).state, intent.step))


def carry_out(pipeline: Pipeline, source: Source, decision: Decision) -> str:
    """Carry out what the user decided about a case of this account, and keep the outcome.

    Returns:
        `DONE`, `GONE`, or a sentence that says why it could not be done.

    Raises:
        TransientError: the mailbox went away; the decision goes on waiting.
    """
    store = pipeline.tools.store
    try:
        outcome = _carry_out(pipeline, source, decision, store.case(decision.case))
    except UserError as refusal:
        outcome = str(refusal)
    store.set_outcome(decision.id, outcome)
    if decision.by is By.BUTTON and outcome != DONE:
        teller = pipeline.tools.teller
        teller.show_now(report.refusal(outcome, teller.manners.language))
    return outcome


def _carry_out(pipeline: Pipeline, source: Source, decision: Decision, case: Case) -> str:
    if pipeline.rules.action == "observe":
        raise UserError(_("Nothing is changed on the server while “action” is “observe”."))
    if decision.choice is Choice.DELETE and decision.by is By.BUTTON and decision.choice not in report.commands(case):
        return DONE  # the button is one for many mails, and this one has been taken back since
    _learn(pipeline, decision, case)
    match decision.choice:
        case Choice.RESTORE | Choice.TRUST:
            return _restore(pipeline, source, case)
        case Choice.CONFIRM:
            return _confirm(pipeline, source, case)
        case Choice.DELETE:
            return _delete(pipeline, source, case)
    return DONE


def _learn(pipeline: Pipeline, decision: Decision, case: Case) -> None:
    """Keep what the decision teaches, and take back what it contradicts."""
    store, now = pipeline.tools.store, pipeline.tools.clock()
    for lesson in learn.contradicted(decision, case, store.lessons()):
        store.forget_lesson(lesson.id, now)
    if taught := learn.lesson(decision, case, now):
        store.add_lesson(taught)


def _restore(pipeline: Pipeline, source: Source, case: Case) -> str:
    """Take all steps back. "Released" is kept before anything moves: it is never judged again."""
    store, rules = pipeline.tools.store, pipeline.rules
    if case.authenticated and case.state is not State.RELEASED:
        pipeline.note_author(case.author, case.date)
    store.set_state(case.id, State.RELEASED)
    undoing = plan.undo(store.receipts(case.id), rules.suspicious_folder, rules.folders)
    if undoing is None:
        return DONE
    step, place = undoing
    return DONE if pipeline.take(source, replace(case, place=place, state=State.RELEASED), step) else GONE


def _confirm(pipeline: Pipeline, source: Source, case: Case) -> str:
    """The user says that it poses as somebody else: it belongs into the suspicious folder, wherever it lies."""
    store, folder = pipeline.tools.store, pipeline.rules.suspicious_folder
    if case.state in {State.MOVED, State.COPIED, State.REPORTED, State.DELETED}:
        return DONE
    place = plan.whereabouts(case, store.receipts(case.id))
    case, step = replace(case, place=place, state=State.MOVING), plan.move(place.folder, folder)
    if place.folder == folder:  # the user has put it there
        store.set_state(case.id, plan.done(case, step))
        return DONE
    source.prepare(folder)
    return DONE if pipeline.take(source, case, step) else GONE


def _delete(pipeline: Pipeline, source: Source, case: Case) -> str:
    """To the trash. A server that can only copy would leave the mail where it is, and a copy in the trash."""
    if case.state is State.DELETED:
        return DONE
    if case.state is State.COPIED or not source.abilities() & {"MOVE", "UIDPLUS"}:
        raise UserError(_("This server cannot move mail safely. Delete it in your mail program."))
    trash = source.special_folder(Use.TRASH)
    if not trash:
        raise UserError(_("No folder for deleted mail was found on the server. Delete it in your mail program."))
    place = plan.whereabouts(case, pipeline.tools.store.receipts(case.id))
    case = replace(case, place=place, state=State.MOVING)
    return DONE if pipeline.take(source, case, plan.discard(place.folder, trash)) else GONE


def restrain(pipeline: Pipeline) -> None:
    """Turn down the detectors that were wrong too often, and tell the user. Wanted when mail was taken back."""
    store = pipeline.tools.store
    counting = store.lessons()
    restrained = {lesson.detector for lesson in counting if lesson.kind is LessonKind.RESTRAINT}
    cases = store.cases(_ONCE_MOVED, limit=2000)
    for lesson in learn.restraints(cases, store.lessons(revoked=True), pipeline.tools.clock()):
        if lesson.detector not in restrained:
            store.add_lesson(lesson)
    pipeline.tools.teller.tell(pipeline.rules.account)

"""What is still open is brought to its end.

That is: steps that a crash interrupted, news of which the user has not been told, decisions that the user has taken.
"""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from watcher import learn, plan, report
from watcher.errors import UserError
from watcher.model import Case, Choice, Decision, Intent, State, StepKind
from watcher.pipeline import Pipeline
from watcher.ports import Source

DONE = "done"
GONE = "gone"
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
        case = replace(store.case(intent.case), place=intent.place)
        done = _done(intent, case)
        receipt = source.locate(intent)
        if receipt:
            store.settle(intent, receipt, plan.state_after(receipt, done))
        else:
            store.settle(intent, None, case.state)
            pipeline.attempt(source, case, intent.step, done)
    for case in store.cases((State.MOVING,), rules.account):  # kept, but interrupted before the intent was
        step, done = plan.step(case.place.folder, rules.action, rules.suspicious_folder)
        pipeline.attempt(source, case, step, done)
    tell(pipeline)


def _done(intent: Intent, case: Case) -> State:
    if case.state is State.RELEASED:
        return State.RELEASED
    return State.MOVED if intent.step.kind is StepKind.MOVE else State.MARKED


def tell(pipeline: Pipeline) -> None:
    """Tell the user of what was moved and has not been told yet, in one notice."""
    store, rules = pipeline.tools.store, pipeline.rules
    news = store.untold(rules.account)
    if news and pipeline.tools.notifier.show(report.notice(news, rules.language, rules.detail)):
        store.set_notified([case.id for case in news])


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
    return outcome


def _carry_out(pipeline: Pipeline, source: Source, decision: Decision, case: Case) -> str:
    store = pipeline.tools.store
    if pipeline.rules.action == "observe":
        raise UserError(_("Nothing is changed on the server while “action” is “observe”."))
    if lesson := learn.lesson(decision, case, pipeline.tools.clock()):
        store.add_lesson(lesson)
    if decision.choice in {Choice.RESTORE, Choice.TRUST}:
        return _restore(pipeline, source, case)
    if decision.choice is Choice.CONFIRM and case.state is State.HELD:
        source.prepare(pipeline.rules.suspicious_folder)
        step = plan.move(case.place.folder, pipeline.rules.suspicious_folder)
        return DONE if pipeline.take(source, case, step, State.MOVED) else GONE
    return DONE


def _restore(pipeline: Pipeline, source: Source, case: Case) -> str:
    """Take all steps back, the last first. "Released" is kept before anything moves: it is never judged again."""
    store = pipeline.tools.store
    if case.authenticated and case.state is not State.RELEASED:
        pipeline.note_author(case.author, case.date)
    store.set_state(case.id, State.RELEASED)
    steps = plan.undo(store.receipts(case.id))
    receipts = [pipeline.take(source, replace(case, place=place), step, State.RELEASED) for step, place in steps]
    return DONE if all(receipts) else GONE

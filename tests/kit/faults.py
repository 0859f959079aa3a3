"""What a server can do wrong, by name: one line a fault. A newcomer adds a line, or an effect and a line."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.kit.misbehaving_server import ABILITIES, Fault, Folder, HangUpError, Turn

Effect = Callable[[Turn], bytes | None]
PATIENCE = 0.15
"""Seconds that the client has for each sign of life."""


@dataclass(frozen=True)
class Trouble:
    """A fault, and what must come of the impersonating mail."""

    name: str
    fault: Fault | None = None
    outcome: str = "moved"
    """`moved`, `copied` (the original stays), `left` (in place, held), `told` (in place, whatever it is taken for), or
    `any` (in one place, whichever)."""
    abilities: str = ABILITIES
    prefix: str = ""
    delimiter: str = "/"
    heals: bool = True
    """Whether the server behaves in the end."""


# When.


def once(command: str, effect: Effect, word: str = "") -> Fault:
    """The effect on the first command of that kind, with that word in it, only."""
    done: list[Turn] = []

    def fault(turn: Turn) -> bytes | None:
        if done or turn.command != command or word not in turn.words:
            return None
        done.append(turn)
        turn.server.misdeeds += 1
        return effect(turn)

    return fault


def always(command: str, effect: Effect) -> Fault:
    """The effect on every command of that kind; an empty one is every command after the login."""

    def fault(turn: Turn) -> bytes | None:
        late = turn.command not in {"GREETING", "CAPABILITY", "LOGIN"}
        if turn.command != command and (command or not late):
            return None
        turn.server.misdeeds += 1
        return effect(turn)

    return fault


# How a connection ends.


def bye(turn: Turn) -> None:
    """BYE."""
    turn.send(b"* BYE going down\r\n")
    raise HangUpError


def reset(turn: Turn) -> None:
    """RST."""
    turn.reset()


def silence(turn: Turn) -> None:
    """Nothing, for longer than anybody waits."""
    turn.server.ended.wait(3 * PATIENCE)
    raise HangUpError


def cut(turn: Turn) -> None:
    """Half of the answer, and BYE in the middle of it."""
    turn.send(turn.answer[: len(turn.answer) // 2] + b"* BYE\r\n")
    raise HangUpError


# How an answer comes.


def slowly(octets: int) -> Effect:
    """In pieces of so many octets."""

    def effect(turn: Turn) -> bytes:
        for start in range(0, len(turn.answer), octets):
            turn.send(turn.answer[start : start + octets])
            time.sleep(0.0002)
        return b""

    return effect


def trickle(turn: Turn) -> bytes:
    """One octet after another, each in time even where a busy machine is late, without an end."""
    while not turn.server.ended.wait(0.2 * PATIENCE):
        turn.send(b"*")
    return b""


def endless(piece: bytes) -> Effect:
    """The same words again and again, until the client hangs up."""

    def effect(turn: Turn) -> bytes:
        while not turn.server.ended.is_set():
            turn.send(piece * 2000)
        return b""

    return effect


# What an answer says.


def before(words: bytes) -> Effect:
    """These words, then the answer."""
    return lambda turn: words.replace(b"{tag}", turn.tag) + turn.answer


def after(words: bytes) -> Effect:
    """The answer, and these words in the same segment."""
    return lambda turn: turn.answer + words.replace(b"{tag}", turn.tag)


def refuse(words: bytes) -> Effect:
    """This in place of the OK, and nothing done."""

    def effect(turn: Turn) -> bytes:
        turn.undo()
        return turn.tag + b" " + words + b"\r\n"

    return effect


def swap(pattern: bytes, words: bytes) -> Effect:
    """The answer with something replaced in it."""
    return lambda turn: re.sub(pattern, words, turn.answer, flags=re.DOTALL)


def pretend(words: bytes = b"OK done") -> Effect:
    """This status, and nothing done."""
    return refuse(words)


def give_up(turn: Turn) -> None:
    """BYE, and nothing done."""
    turn.undo()
    bye(turn)


def complain(turn: Turn) -> bytes:
    """NO, although it was done."""
    return turn.tag + b" NO it cannot be done\r\n"


def copy_and_refuse(turn: Turn) -> bytes:
    """MOVE that leaves the original, and says NO."""
    turn.server.folders["INBOX"] = turn.before["INBOX"]
    return complain(turn)


def vanish(turn: Turn) -> bytes:
    """The first innocent mail is expunged by another client before the answer is made."""
    turn.server.folders["INBOX"].mails.pop(1, None)
    return b"* 1 EXPUNGE\r\n" + re.sub(rb"\* 1 FETCH .*?(?=\* 2 FETCH)", b"", turn.answer, count=1, flags=re.DOTALL)


def renumber(turn: Turn) -> None:
    """Another UIDVALIDITY, and all UIDs given out anew, from the next look on."""
    inbox = turn.server.folders["INBOX"]
    inbox.uidvalidity += 1
    inbox.mails = dict(enumerate(inbox.mails.values(), start=11))
    inbox.uidnext = 11 + len(inbox.mails)


def spread(turn: Turn) -> None:
    """Large gaps between the UIDs."""
    inbox = turn.server.folders["INBOX"]
    inbox.mails = {1000 * uid: mail for uid, mail in inbox.mails.items()}
    inbox.uidnext = 1000 * inbox.uidnext


def take_hit_away(turn: Turn) -> None:
    """The user moves it elsewhere at the same moment."""
    folders = turn.server.folders
    folders["Kept"] = Folder()
    folders["Kept"].put(folders["INBOX"].mails.pop(max(folders["INBOX"].mails)).raw)


def renumber_in_silence(turn: Turn) -> None:
    """The same UIDs for other mails, without a word."""
    inbox = turn.server.folders["INBOX"]
    mails = list(inbox.mails.values())
    inbox.mails = dict(zip(inbox.mails, mails[1:] + mails[:1], strict=True))


def drop_target(turn: Turn) -> bytes:
    """Somebody deletes the target just before: TRYCREATE, once."""
    turn.undo()
    turn.server.folders.pop("Suspicious")
    return turn.tag + b" NO [TRYCREATE] no such folder\r\n"


def hide_mail_two(effect: Effect) -> Effect:
    """The effect on each FETCH of the second, innocent mail."""

    def spoil(turn: Turn) -> bytes | None:
        return effect(turn) if b"* 2 FETCH" in turn.answer and b"Lunch" in turn.answer else None

    return spoil


def new_validity(turn: Turn) -> bytes:
    """Another UIDVALIDITY at each look."""
    return re.sub(rb"UIDVALIDITY \d+", b"UIDVALIDITY %d" % (1000 + len(turn.server.commands)), turn.answer)


ONLY = "IMAP4rev1 NAMESPACE IDLE"
HUGE = b"* 1 FETCH (UID 1 BODY[] {1073741824}\r\n"

TRAITS = [
    Trouble("none"),
    Trouble("no MOVE", abilities=f"{ONLY} UIDPLUS"),
    Trouble("no UIDPLUS", abilities=f"{ONLY} MOVE"),
    Trouble("neither", outcome="copied", abilities=ONLY),
    Trouble("no IDLE", abilities="IMAP4rev1 MOVE UIDPLUS"),
    Trouble("INBOX. hierarchy", prefix="INBOX.", delimiter="."),
    Trouble("dots", delimiter="."),
    Trouble("NIL delimiter", delimiter=""),
]

ENDINGS = [
    Trouble(f"{effect.__name__} at {command}", once(command, effect))
    for effect in (bye, reset, silence, cut)
    for command in ("GREETING", "LOGIN", "IDLE", "UID SEARCH", "UID FETCH", "UID MOVE", "EXAMINE", "DONE")
]

PACE = [
    Trouble("one octet a segment", always("UID FETCH", slowly(7)), heals=False),
    Trouble("half lines", always("EXAMINE", slowly(3)), heals=False),
    Trouble("trickle", once("UID FETCH", trickle)),
    Trouble("endless lines", once("UID FETCH", endless(b"* 1 EXISTS\r\n"))),
    Trouble("a line without end", once("UID SEARCH", endless(b"7 "))),
    Trouble("endless lines in IDLE", once("IDLE", endless(b"* OK still here\r\n"))),
    Trouble("EXISTS with the continuation", always("IDLE", after(b"* 5 EXISTS\r\n")), heals=False),
    Trouble("EXISTS before the continuation", always("IDLE", before(b"* 5 EXISTS\r\n")), heals=False),
]

LITERALS = [
    Trouble("literal too short", once("UID FETCH", swap(rb"\{(\d)\d+\}", rb"{\1}"))),
    Trouble("literal too long", once("UID FETCH", swap(rb"\{(\d+)\}", rb"{\g<1>9}"))),
    Trouble("negative literal", once("UID FETCH", swap(rb"\{(\d+)\}", rb"{-\1}"))),
    Trouble("literal of 1 GB announced", once("UID FETCH", before(HUGE))),
    Trouble("literal of 5,000 digits", once("UID FETCH", before(b"* 1 FETCH (X {" + b"9" * 5000 + b"}\r\n"))),
    Trouble("literal of 1 GB streamed", once("UID FETCH", endless(HUGE + b"x" * 1000))),
    Trouble("one mail hangs up always", always("UID FETCH", hide_mail_two(bye)), heals=False),
    Trouble("one mail is garbled always", always("UID FETCH", hide_mail_two(before(b"* 1 FETCH ((\r\n"))), heals=False),
]

NUMBERS = [
    Trouble("UIDVALIDITY missing", once("EXAMINE", swap(rb"\* OK \[UIDVALIDITY[^\n]*\n", b""))),
    Trouble("UIDVALIDITY 0", once("EXAMINE", swap(rb"UIDVALIDITY \d+", b"UIDVALIDITY 0"))),
    Trouble("UIDVALIDITY a word", once("EXAMINE", swap(rb"UIDVALIDITY \d+", b"UIDVALIDITY x"))),
    Trouble("UIDNEXT missing", always("EXAMINE", swap(rb"\* OK \[UIDNEXT[^\n]*\n", b"")), heals=False),
    Trouble("UIDNEXT 0", always("EXAMINE", swap(rb"UIDNEXT \d+", b"UIDNEXT 0")), heals=False),
    Trouble("UIDVALIDITY new while judging", once("UID FETCH", renumber), "any"),
    Trouble("UIDVALIDITY new between intent and move", once("EXAMINE", renumber, "Suspicious")),
    Trouble("UIDVALIDITY new between two sweeps", once("LIST", renumber)),
    Trouble("UIDVALIDITY new at each look", always("EXAMINE", new_validity), heals=False, outcome="any"),
    Trouble("UIDs given out anew in silence", once("SELECT", renumber_in_silence)),
    Trouble("UID 0", once("UID FETCH", before(b"* 1 FETCH (UID 0 FLAGS ())\r\n"))),
    Trouble("UID 2**40", once("UID FETCH", before(b"* 1 FETCH (UID 1099511627776 FLAGS ())\r\n"))),
    Trouble("FETCH unasked", always("", before(b"* 1 FETCH (FLAGS (\\Seen odd&atom $x))\r\n")), heals=False),
    Trouble("FETCH of others only", once("UID FETCH", swap(rb"UID \d+", b"UID 999"))),
    Trouble("INTERNALDATE missing", once("UID FETCH", swap(rb" INTERNALDATE \"[^\"]*\"", b""))),
    Trouble("INTERNALDATE broken", once("UID FETCH", swap(rb"24-Nov-2026", b"99-Foo-20x6"))),
    Trouble("INTERNALDATE NIL", once("UID FETCH", swap(rb"INTERNALDATE \"[^\"]*\"", b"INTERNALDATE NIL"))),
    Trouble("odd flags", always("UID FETCH", swap(rb"FLAGS \(\)", b"FLAGS (\\\\Xx 12 a]b)")), heals=False),
    Trouble("a mail vanishes", once("UID FETCH", vanish)),
    Trouble("UIDNEXT goes back", always("EXAMINE", swap(rb"UIDNEXT \d+", b"UIDNEXT 2")), heals=False),
    Trouble("UID gaps", once("LIST", spread)),
    Trouble("the hit vanishes before the move", once("SELECT", take_hit_away), "any"),
]

MOVES = [
    Trouble("TRYCREATE at MOVE", once("UID MOVE", drop_target)),
    Trouble("TRYCREATE at COPY", once("UID COPY", drop_target), abilities=f"{ONLY} UIDPLUS"),
    Trouble("over quota", always("UID MOVE", refuse(b"NO [OVERQUOTA] full")), "left", heals=False),
    Trouble(
        "over quota at COPY", always("UID COPY", refuse(b"NO [OVERQUOTA] full")), "left", f"{ONLY} UIDPLUS", heals=False
    ),
    Trouble("read-only folder", always("SELECT", swap(rb"READ-WRITE", b"READ-ONLY")), "left", heals=False),
    Trouble("NO [READ-ONLY]", always("UID MOVE", refuse(b"NO [READ-ONLY] no")), "left", heals=False),
    Trouble("MOVE moves nothing", always("UID MOVE", pretend()), "left", heals=False),
    Trouble(
        "MOVE names what it did not do", always("UID MOVE", pretend(b"OK [COPYUID 7 4 1] ok")), "left", heals=False
    ),
    Trouble("MOVE copies and says NO", always("UID MOVE", copy_and_refuse), "told", heals=False),
    Trouble("MOVE done and says NO", always("UID MOVE", complain), "any", heals=False),
    Trouble("MOVE always hangs up", always("UID MOVE", give_up), "left", heals=False),
    Trouble("COPY copies nothing", always("UID COPY", pretend()), "left", f"{ONLY} UIDPLUS", heals=False),
    Trouble(
        "COPY names what it did not do",
        always("UID COPY", pretend(b"OK [COPYUID 7 4 1] ok")),
        "left",
        f"{ONLY} UIDPLUS",
        heals=False,
    ),
    *(
        Trouble(f"COPYUID lies: {lie.decode()}", always("UID MOVE", swap(rb"COPYUID \d+ \d+ \d+", b"COPYUID " + lie)))
        for lie in (b"7 4 999", b"99 4 1", b"7 1:4 1:4", b"0 0 0", b"x y z", b"7 4 1")
    ),
]

WORDS = [
    Trouble("PREAUTH", once("GREETING", swap(rb"OK", b"PREAUTH"))),
    Trouble("abilities change after login", once("UID MOVE", refuse(b"BAD unknown command")), "left"),
    Trouble("LOGIN answered twice", once("LOGIN", after(b"{tag} OK again\r\n"))),
    Trouble("BAD to everything", always("", refuse(b"BAD what?")), "moved"),
    Trouble("NO to everything", always("", refuse(b"NO not today")), "moved"),
    Trouble("NUL octets", once("UID SEARCH", swap(rb"SEARCH", b"SEA\0RCH \0"))),
    Trouble("SEARCH that is none", once("UID SEARCH", swap(rb"SEARCH[^\r]*", b"SEARCH a b (c"))),
    Trouble("a foreign tag", once("UID FETCH", before(b"ZZZZ99 OK done\r\n"))),
    Trouble("compressed nonsense", once("UID FETCH", before(bytes(range(256)) * 4))),
    Trouble(
        "8-bit folder names",
        always("LIST", before('* LIST () "/" "迷惑\xff"\r\n'.encode("latin-1", "ignore"))),
        heals=False,
    ),
    Trouble("raw UTF-8 folder names", always("LIST", before('* LIST () "/" "迷惑メール"\r\n'.encode())), heals=False),
    Trouble(
        "the same line twice",
        always("UID FETCH", lambda turn: turn.answer[: turn.answer.rindex(turn.tag)] + turn.answer),
        heals=False,
    ),
]

ALL = [*TRAITS, *ENDINGS, *PACE, *LITERALS, *NUMBERS, *MOVES, *WORDS]

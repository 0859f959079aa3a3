"""The caged child: takes away its own abilities, then opens what it is given, one attachment after the other.

Started by `cage.Cage`; not meant to be started by hand.
"""

from __future__ import annotations

import codecs
import gc
import resource
import select
import sys
from contextlib import suppress
from importlib.machinery import PathFinder
from typing import BinaryIO

from watcher.attachments.contents import contents
from watcher.attachments.formats import formats
from watcher.attachments.frames import HEAVY, LENGTHS, READY, decode_question, encode_answer
from watcher.attachments.inspect import inspect, skim
from watcher.attachments.limits import MIB

_ABILITIES = (
    (resource.RLIMIT_AS, 512 * MIB),
    (resource.RLIMIT_CPU, 30),  # seconds, for all that it ever opens; see `cage.LONGEST_LIFE`
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_FSIZE, 0),  # no octet written to any file
    (resource.RLIMIT_NPROC, 0),  # no process, no thread (does not hold for root)
    (resource.RLIMIT_NOFILE, 3),  # nothing can be opened besides the three that are: no file, no socket
)

_CHARSETS = (  # in which names and texts are written; others are read as well as can be
    "ascii utf-8 utf-16 utf-16-le utf-16-be utf-7 iso8859-1 iso8859-2 iso8859-15 cp437 cp1250 cp1251 cp1252 koi8-r "
    "cp932 shift_jis euc_jp iso2022_jp iso2022_jp_2 gb18030 big5hkscs cp949"
)


def main() -> None:
    """Serve the standard input until it ends, or nothing was asked for a while.

    The last two arguments: for how many seconds, and whether pictures and PDF are for this child (`frames.HEAVY`).
    """
    idle, is_heavy = float(sys.argv[-2]), sys.argv[-1] == HEAVY
    for charset in _CHARSETS.split():
        codecs.lookup(charset)  # loaded from files, which the cage forbids
    formats()  # the same
    contents(heavy=is_heavy)
    gc.enable()  # see `cage`
    with open(0, "rb") as questions, open(1, "wb") as answers:
        confine()
        answers.write(READY)
        answers.flush()
        serve(questions, answers, idle, is_heavy=is_heavy)


def confine() -> None:
    """Give up, for good, whatever is not needed."""
    for ability, wanted in _ABILITIES:
        _, most = resource.getrlimit(ability)
        value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(ability, (value, value))
    with suppress(ValueError):
        sys.meta_path.remove(PathFinder)  # what is not loaded is not there, instead of "too many open files"


def serve(questions: BinaryIO, answers: BinaryIO, idle: float, *, is_heavy: bool) -> None:
    """Answer one question after the other."""
    while select.select([questions], [], [], idle)[0]:
        lengths = questions.read(LENGTHS.size)
        if len(lengths) < LENGTHS.size:
            return
        question_length, content_length = LENGTHS.unpack(lengths)
        filename, limits = decode_question(questions.read(question_length))
        content = questions.read(content_length)
        opening, has_skipped = (
            (inspect(filename, content, limits), False) if is_heavy else skim(filename, content, limits)
        )
        answers.write(encode_answer(opening, has_skipped=has_skipped))
        answers.flush()

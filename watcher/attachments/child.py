"""The caged child: takes away its own abilities, then opens what it is given, one attachment after the other.

Started by `cage.Cage`; not meant to be started by hand.
"""

from __future__ import annotations

import codecs
import resource
import select
import sys
from typing import BinaryIO

from watcher.attachments.contents import contents
from watcher.attachments.frames import LENGTHS, READY, decode_question, encode_answer
from watcher.attachments.inspect import inspect
from watcher.attachments.limits import MIB

_ABILITIES = (
    (resource.RLIMIT_AS, 512 * MIB),
    (resource.RLIMIT_CPU, 30),  # seconds, for all that it ever opens; see `cage.LONGEST_LIFE`
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_FSIZE, 0),  # no octet written to any file
    (resource.RLIMIT_NPROC, 0),  # no process, no thread (does not hold for root)
    (resource.RLIMIT_NOFILE, 3),  # nothing can be opened besides the three that are: no file, no socket
)

_CHARSETS = ("ascii", "cp437", "cp932", "euc_jp", "iso8859-1", "utf-8")


def main() -> None:
    """Serve the standard input until it ends, or nothing was asked for as many seconds as the last argument says."""
    for charset in _CHARSETS:
        codecs.lookup(charset)  # loaded from files, which the cage forbids
    contents()  # the same
    with open(0, "rb") as questions, open(1, "wb") as answers:
        confine()
        answers.write(READY)
        answers.flush()
        serve(questions, answers, float(sys.argv[-1]))


def confine() -> None:
    """Give up, for good, whatever is not needed."""
    for ability, wanted in _ABILITIES:
        _, most = resource.getrlimit(ability)
        value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(ability, (value, value))


def serve(questions: BinaryIO, answers: BinaryIO, idle: float) -> None:
    """Answer one question after the other."""
    while select.select([questions], [], [], idle)[0]:
        lengths = questions.read(LENGTHS.size)
        if len(lengths) < LENGTHS.size:
            return
        question_length, content_length = LENGTHS.unpack(lengths)
        filename, limits = decode_question(questions.read(question_length))
        answers.write(encode_answer(inspect(filename, questions.read(content_length), limits)))
        answers.flush()

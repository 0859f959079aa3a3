"""Damaged mail by the million: a mutation loop over seeds, led by which lines of ours have run.

    python -m tests.fuzz run --minutes 120 --out DIR      explore, and keep what was found
    python -m tests.fuzz report DIR…                      what that came to

`mutate` damages a mail, `journey` sends it from octets to verdict, notice and page and says what is wrong with what
came out, `lines` tells whether a line ran that never ran before (Python 3.12 and newer; without it the loop is blind).
Why not atheris: libFuzzer knows nothing of mail, and its instrumentation costs more than the whole journey; here an
input costs nothing but itself, and header fields, parts and attachments are damaged beneath their encodings.
"""

"""A picture code drawn out of letters."""

from __future__ import annotations

import pytest
import segno

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.drawn_code import detect

AUTHOR = "Microsoft 365 <mfa@x.example>"


def draw(*, half: bool) -> str:
    """A QR code in block characters: two rows of modules a line, or one."""
    rows = [list(row) for row in segno.make("https://x.example/mfa", error="m").matrix_iter(border=1)]
    if not half:
        return "\n".join("".join("██" if module else "  " for module in row) for row in rows)
    pairs = zip(rows[::2], [*rows[1::2], [0] * len(rows[0])], strict=False)
    blocks = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
    return "\n".join("".join(blocks[bool(a), bool(b)] for a, b in zip(*pair, strict=True)) for pair in pairs)


CODE, TALL = draw(half=True), draw(half=False)
FLAGS = {
    "half blocks": mail(author=AUTHOR, text=f"Scan this code:\n\n{CODE}\n\nThank you"),
    "full blocks": mail(author=AUTHOR, text=f"Scan this code:\n\n{TALL}\n"),
    "in a brand's forged address": mail(
        author="Amazon <a@amazon.co.jp>", text=CODE, results="spf=fail; dmarc=fail header.from=amazon.co.jp"
    ),
    "in a role's name": mail(author="Webmail Administrator <a@x.example>", text=CODE),
}
QUIET = {
    "in nobody's name": mail(author="Keiko <keiko@friend.example>", text=CODE),
    "from the brand itself": mail(author="Amazon <a@amazon.co.jp>", text=CODE, results=passed("amazon.co.jp")),
    "a rule": mail(author=AUTHOR, text="Dear user\n" + "█" * 60 + "\nHello"),
    "a box": mail(author=AUTHOR, text="■" * 40 + "\n■ Important ■\n" + "■" * 40),
    "ten lines of one sign": mail(author=AUTHOR, text="\n".join(["█" * 40] * 12)),
    "bars of a chart with words": mail(author=AUTHOR, text="\n".join(f"Mon {'█' * n} {n}" for n in range(20))),
    "blank lines": mail(author=AUTHOR, text="Hello\n" + " \n" * 30 + "Bye"),
    "lines of two kinds of blank": mail(author=AUTHOR, text="Hello\n" + "\u00a0 " * 20 + ("\n" + "\u00a0 " * 20) * 12),
    "a picture of letters": mail(author=AUTHOR, text="\n".join(["##  ##  ##  ##  ##"] * 20)),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The mail draws a code in somebody's name."""
    assert len(list(detect(row()))) == 1


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """There is no code, or nobody is posed as."""
    assert list(detect(row())) == []

"""Opens what may be hostile: what an attachment really is, and what lies inside it.

    Cage ─ frames ─▶ child ─▶ inspect ─▶ formats/<one>.py          (`cage.py`: the daemon's Opener)
    InProcess ───────────────▶ inspect ─▶ formats/<one>.py         (`in_process.py`: the same without a cage)

`inspect` is pure and bounded by `Limits`; nothing is ever written to a disk. The cage adds what no care in Python can
promise: a child without files, network or children of its own, with little memory and little time, that may be killed
at any moment. A further archive format is one file in `formats`, a further kind of file one line in `watcher.kinds`.
"""

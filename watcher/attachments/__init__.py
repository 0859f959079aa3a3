"""Opens what may be hostile: what an attachment really is, and what lies inside it.

    Cage ─ frames ─▶ child ─▶ inspect ─┬▶ formats/<one>.py         (what archives, disk images and mails hold)
    InProcess ───────────────▶ inspect ─┴▶ contents/<one>.py        (what documents, pages and pictures hide)

`inspect` is pure and bounded by `Limits`; nothing is ever written to a disk. The cage (`cage.py`, the daemon's Opener)
adds what no care in Python can promise: children without files, network or children of their own, with little memory
and little time, that may be killed at any moment. `InProcess` does the same without a cage.

There is a light child for nearly everything, and a heavy one for pictures and PDF, whose readers take long to load. A
further archive format is one file in `formats`, a further kind of document one in `contents`, a further kind of file
one line in `watcher.kinds`.
"""

"""isbg, which has SpamAssassin judge the mail of an IMAP inbox."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from bench._peer import HOST, find
from tests.kit.dovecot import PASSWORD, Dovecot

FOLDER = "Spam"
"""Where it moves mail to."""

OPTIONS = ["--spamc", "--delete", "--expunge", "--noreport", "--partialrun", "0"]
"""spamc in place of a SpamAssassin for each mail, what is spam moved as it is, all mail in one run."""

_QUIETLY = ["--noninteractive", "--nostats"]
_SPAMC = '#!/bin/sh\nexec {spamc} --port={port} --dest={host} "$@"\n'


def installed() -> str | None:
    """Where it is: `make bench` gives it an environment of its own within ours."""
    place = Path(sys.prefix, "isbg", "bin", "isbg")
    return str(place) if place.exists() else None


def filter_inbox(server: Dovecot, user: str, spamd: int, scratch: Path) -> float:
    """Let it filter that inbox once, over TLS; how many seconds that takes.

    Args:
        server: where the inbox is.
        user: whose.
        spamd: the port of a SpamAssassin; isbg itself asks the usual one.
        scratch: where it may keep what it has seen.
    """
    place = scratch / user
    place.mkdir()
    spamc = place / "spamc"
    spamc.write_text(_SPAMC.format(spamc=find("spamc"), host=HOST, port=spamd), "utf-8")
    spamc.chmod(0o700)
    account = ["--imaphost", HOST, "--imapport", str(server.tls_port), "--imapuser", user, "--imappasswd", PASSWORD]
    kept = ["--trackfile", str(place / "track"), "--lockfilename", str(place / "lock"), "--spaminbox", FOLDER]
    environment = {**os.environ, "HOME": str(place), "PATH": f"{place}:{os.environ.get('PATH', os.defpath)}"}
    started = time.monotonic()
    subprocess.run(  # noqa: S603 - installed by `make bench`
        [installed() or "isbg", *OPTIONS, *_QUIETLY, *account, *kept],
        env=environment,
        stdin=subprocess.DEVNULL,
        check=True,
    )
    return time.monotonic() - started

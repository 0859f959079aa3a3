"""rspamd as it is kindest to it: nothing that needs a network or Redis, one worker, its expressions compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email import message_from_bytes
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path

from bench._peer import HOST, PATIENCE, Peer, find

NEEDY = (
    *("antivirus", "arc", "asn", "aws_s3", "bimi", "clickhouse", "dcc", "dkim", "dkim_signing", "dmarc", "elastic"),
    *(
        "external_relay",
        "external_services",
        "fuzzy_check",
        "greylist",
        "hfilter",
        "history_redis",
        "metadata_exporter",
    ),
    *("metric_exporter", "mx_check", "neural", "once_received", "p0f", "ratelimit", "rbl", "replies", "reputation"),
    *("rspamd_update", "spf", "surbl", "url_redirector", "whitelist"),
)
"""Modules that ask DNS, Redis or another server, or live on the answers of those."""

_MAIN = """
.include "$CONFDIR/common.conf"
options {{
  .include "$CONFDIR/options.inc"
  .include(priority=10) "{folder}/options.inc"
}}
logging {{
  type = "file";
  filename = "{folder}/rspamd.log";
  .include "$CONFDIR/logging.inc"
}}
worker "normal" {{
  bind_socket = "{host}:{port}";
  .include "$CONFDIR/worker-normal.inc"
  .include(priority=10) "{folder}/worker.inc"
}}
"""
_OPTIONS = """filters = "chartable,regexp";
dns {{ nameserver = "{host}:{nobody}"; }}
"""
_WORKER = "count = 1;\n"
_PHISHING = "phishtank_enabled = false;\nopenphish_enabled = false;\n"
_NOBODY = 9  # "discard": where nobody answers, if anything should ask all the same

_COMPILED = re.compile(r"\(normal\).*full hyperscan database of \d+ regexps has been loaded")
_ASKED = re.compile(r"dns req: (\d+)")
_CLIENT = re.compile(r"client-ip=([0-9a-fA-F.:]+)", re.ASCII)
_HELO = re.compile(r"helo=([^;\s]+)", re.ASCII)


def settings(folder: Path, port: int) -> Mapping[Path, str]:
    """Its configuration, by file: Debian's, with what needs others taken out.

    Args:
        folder: for all that it reads and writes beside what the package brings.
        port: on which it listens.
    """
    return {
        folder / "rspamd.conf": _MAIN.format(folder=folder, host=HOST, port=port),
        folder / "options.inc": _OPTIONS.format(host=HOST, nobody=_NOBODY),
        folder / "worker.inc": _WORKER,
        folder / "local.d" / "phishing.conf": _PHISHING,
        **{folder / "local.d" / f"{module}.conf": "enabled = false;\n" for module in NEEDY},
    }


def envelope(mail: Message) -> dict[str, str]:
    """What the receiving server would have told: the sender, and whose machine brought it."""
    route = " ".join(str(mail.get("Received-SPF", "")).split())
    told = {
        "From": str(mail.get("Return-Path", "")).strip().strip("<>"),
        "Ip": found[1] if (found := _CLIENT.search(route)) else "",
        "Helo": found[1] if (found := _HELO.search(route)) else "",
    }
    return {name: value for name, value in told.items() if value.isascii() and value.isprintable() and value}


class Rspamd(Peer):
    """Its one worker, which is asked over HTTP as a mail server would."""

    program = "rspamd"

    def command(self, folder: Path) -> Sequence[str]:
        """In the foreground, with all of its places in the folder."""
        for file, text in settings(folder, self.port).items():
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
        self._connection = HTTPConnection(HOST, self.port, timeout=PATIENCE)
        places = [f"--var={name}={folder}" for name in ("DBDIR", "RUNDIR", "LOGDIR", "LOCAL_CONFDIR")]
        return [find("rspamd") or "rspamd", "-f", "-i", "-c", str(folder / "rspamd.conf"), *places]

    def is_warm(self) -> bool:
        """Whether its worker has its expressions compiled, which takes ten seconds; not all machines have hyperscan."""
        log = self._log()
        return "hyperscan engine" not in log or _COMPILED.search(log) is not None

    def check(self, mail: bytes) -> bytes:
        """POST /checkv2, one mail in flight."""
        self._connection.request("POST", "/checkv2", mail, envelope(message_from_bytes(mail)))
        answer = self._connection.getresponse()
        if answer.status != 200:
            raise SystemExit(f"rspamd answers {answer.status}: {answer.read(200)!r}")
        return answer.read()

    def asked(self) -> int:
        """How many questions it has had for DNS; with these settings none."""
        return sum(map(int, _ASKED.findall(self._log())))

    def checked(self) -> int:
        """How many mails it says to have checked."""
        return len(_ASKED.findall(self._log()))

    def _log(self) -> str:
        log = self.folder / "rspamd.log"
        return log.read_text("utf-8", "replace") if log.exists() else ""

"""An IMAP account (RFC 3501, RFC 9051) by way of imapclient, which is imported nowhere else."""

from __future__ import annotations

import ssl
from functools import partial

from watcher.ports import Vault
from watcher.sources.imap.connection import ImapAccount, tls_context
from watcher.sources.imap.failures import Distrust, distrust
from watcher.sources.imap.probe import Greeting, probe
from watcher.sources.imap.session import ImapSession
from watcher.sources.mailbox import Mailbox


class ImapSource(Mailbox):
    """One IMAP account.

    Args:
        account: where the server is and who logs in.
        vault: asked for the password, or the access token, at each login, and never kept.
        context: verifies the server's certificate; see `tls_context`. One may serve all accounts.
        readonly: observe only: see `Mailbox`.
    """

    def __init__(self, account: ImapAccount, vault: Vault, context: ssl.SSLContext, *, readonly: bool = False) -> None:
        dial = partial(ImapSession, account, vault, context)
        super().__init__(account.name, dial, account.folders[0], readonly=readonly)


__all__ = ["Distrust", "Greeting", "ImapAccount", "ImapSource", "distrust", "probe", "tls_context"]

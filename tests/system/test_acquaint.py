"""Getting acquainted over TLS with a Dovecot that has mail of years, and nothing on it changed by that."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from imapclient import IMAPClient

from tests.kit.dovecot import PASSWORD, Dovecot, dovecot
from tests.kit.house import House
from tests.kit.imap_servers import Secret
from tests.kit.letters import RULES, ago, arrived, known, letter
from watcher.acquaint import acquaint
from watcher.sources.imap import ImapSource

__all__ = ["dovecot"]

pytestmark = pytest.mark.dovecot


def contents(client: IMAPClient, folder: str) -> Mapping[int, tuple[bytes, tuple[bytes, ...]]]:
    r"""Octets and flags by UID, without \Recent, which belongs to the session."""
    client.select_folder(folder, readonly=True)
    found = client.fetch(client.search(), ["BODY.PEEK[]", "FLAGS"])
    return {uid: (mail[b"BODY[]"], tuple(set(mail[b"FLAGS"]) - {rb"\Recent"})) for uid, mail in found.items()}


def test_a_mailbox_of_years(dovecot: Dovecot) -> None:
    """Recipients and confirmed authors of 261 mails are known after four steps, and every flag is as it was."""
    house, client = House(RULES), dovecot.client("acquainted")
    client.create_folder("送信済み")
    for number in range(130):
        client.append("送信済み", letter(f"Keiko Mori <a{number}@friend.example>", number), (), ago(house, days=number))
        client.append("INBOX", arrived(f"News <b{number}@shop.example>", number), (), ago(house, days=number))
    client.append("INBOX", arrived("News <forged@shop.example>", results="spf=fail"), ())
    before = {folder: contents(client, folder) for folder in ("INBOX", "送信済み")}
    account, context = dovecot.account("acquainted"), dovecot.certificates.client_context
    source = ImapSource(account, Secret(PASSWORD), context, readonly=True)
    source.open()

    steps = 0
    while acquaint(house.pipeline, source):
        steps += 1
    source.close()

    assert steps == 4
    assert known(house, "a129@friend.example").written_to
    assert known(house, "a129@friend.example").first_at == ago(house, days=129)
    assert all(known(house, f"b{number}@shop.example").mails == 1 for number in range(130))
    assert house.store.acquaintance("forged@shop.example") is None
    assert {folder: contents(client, folder) for folder in ("INBOX", "送信済み")} == before
    client.logout()

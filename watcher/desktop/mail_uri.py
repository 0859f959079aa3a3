"""How a mail program is asked for one mail: by a URI that names it (RFC 2392)."""

from __future__ import annotations

import re
from urllib.parse import quote

_MESSAGE_ID = re.compile(r"<?(?!-)([!-;=?-~]{1,250})>?")
"""Visible ASCII, no longer than RFC 5536 (3.1.3) lets it be, and nothing that a program could take for an option."""

_PLAIN = "@$+="
"""Frequent in Message-IDs and allowed in a URI as they are (RFC 3986, 3.3); Thunderbird decodes nothing."""


def mail_uri(message_id: str) -> str:
    """The `mid:` URI of a mail; empty where its Message-ID, which its sender chose, is not fit for one.

    Args:
        message_id: with its angle brackets or without them.
    """
    found = _MESSAGE_ID.fullmatch(message_id)
    return f"mid:{quote(found[1], safe=_PLAIN)}" if found else ""

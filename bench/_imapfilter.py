"""imapfilter with the rule that people write: the name in From is a brand's, the address is not."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench._peer import find
from tests.kit.dovecot import PASSWORD, Dovecot

FOLDER = "Suspicious"
"""Where it moves mail to."""

BRANDS: Mapping[str, Sequence[str]] = {
    "adobe": ["adobe.com"],
    "aeon": ["aeon.co.jp"],
    "amazon": ["amazon.com", "amazon.co.jp", "amazon.de"],
    "american express": ["americanexpress.com", "aexp.com"],
    "apple": ["apple.com"],
    "au": ["au.com", "kddi.com"],
    "bank of america": ["bankofamerica.com"],
    "booking.com": ["booking.com"],
    "chase": ["chase.com"],
    "coinbase": ["coinbase.com"],
    "costco": ["costco.com"],
    "dhl": ["dhl.com", "dhl.de"],
    "docusign": ["docusign.com", "docusign.net"],
    "dropbox": ["dropbox.com", "dropboxmail.com"],
    "ebay": ["ebay.com", "ebay.de"],
    "facebook": ["facebook.com", "facebookmail.com"],
    "fedex": ["fedex.com"],
    "google": ["google.com"],
    "hsbc": ["hsbc.com", "hsbc.co.uk"],
    "instagram": ["instagram.com", "mail.instagram.com"],
    "jcb": ["jcb.co.jp"],
    "linkedin": ["linkedin.com"],
    "lidl": ["lidl.com", "lidl.de"],
    "mastercard": ["mastercard.com"],
    "mcafee": ["mcafee.com"],
    "mercari": ["mercari.jp", "mercari.com"],
    "metamask": ["metamask.io"],
    "microsoft": ["microsoft.com"],
    "netflix": ["netflix.com"],
    "norton": ["norton.com", "nortonlifelock.com"],
    "office 365": ["microsoft.com"],
    "paypal": ["paypal.com"],
    "paypay": ["paypay.ne.jp", "paypay.co.jp"],
    "rakuten": ["rakuten.co.jp", "rakuten.com"],
    "shein": ["shein.com"],
    "spotify": ["spotify.com"],
    "ups": ["ups.com"],
    "usps": ["usps.com"],
    "visa": ["visa.com"],
    "walmart": ["walmart.com"],
    "wells fargo": ["wellsfargo.com"],
}
"""Whom the rule knows: names in small letters, and where their mail comes from."""

_SETTINGS = """options.timeout = 120
options.info = false
account = IMAP {{ server = {host}, port = {port}, username = {user}, password = {password}, ssl = 'auto' }}
brands = {{
{brands}
}}
"""

_RULE = """
function is_of(domain, owned)
  for _, each in ipairs(owned) do
    if domain == each or domain:sub(-#each - 1) == '.' .. each then return true end
  end
  return false
end

function poses(field)
  local name, domain = field:lower():match('^from:(.*)<[^<>@]*@([^<>]+)>')
  if name == nil then return false end
  for brand, owned in pairs(brands) do
    local from, to = name:find(brand, 1, true)
    local alone = from and not name:sub(from - 1, from - 1):match('%w') and not name:sub(to + 1, to + 1):match('%w')
    if alone and not is_of(domain, owned) then return true end
  end
  return false
end
"""

_RUN = """
found = Set {}
for _, message in ipairs(account.INBOX:select_all()) do
  local mailbox, uid = table.unpack(message)
  local field = mailbox[uid]:fetch_field('From')
  if field and poses(field) then table.insert(found, message) end
end
found:move_messages(account[%s])
"""


def rule(host: str, port: int, user: str) -> str:
    """The whole configuration, in Lua: reads only From, and moves what poses as a brand."""
    words = {"host": host, "user": user, "password": PASSWORD}
    brands = ",\n".join(f"  [{json.dumps(name)}] = {{ {_listed(owned)} }}" for name, owned in BRANDS.items())
    settings = _SETTINGS.format(port=port, brands=brands, **{key: json.dumps(word) for key, word in words.items()})
    return settings + _RULE + _RUN % json.dumps(FOLDER)


def filter_inbox(server: Dovecot, user: str, scratch: Path) -> float:
    """Let it filter that inbox once, over TLS; how many seconds that takes."""
    place = scratch / user
    place.mkdir()
    config = place / "config.lua"
    config.write_text(rule("localhost", server.tls_port, user), "utf-8")
    command = [find("imapfilter") or "imapfilter", "-t", str(server.certificates.ca), "-c", str(config)]
    started = time.monotonic()
    subprocess.run(  # noqa: S603 - installed from the distribution
        command, env={**os.environ, "HOME": str(place)}, stdin=subprocess.DEVNULL, check=True
    )
    return time.monotonic() - started


def _listed(words: Sequence[str]) -> str:
    return ", ".join(map(json.dumps, words))

"""Which IMAP server an address belongs to, and which accounts the user's mail program has already.

`found` is what comes out. `search` asks, in this order, the built-in table (`providers`), DNS whether a provider of the
table keeps the domain's mail (`records`), the domain's own file for mail programs (`autoconfig`, by way of `https`) and
its SRV records, and last the usual names (`guesses`), each of which has to answer like an IMAP server (`probe`).
`thunderbird` reads profiles. Nothing here logs in, the address is sent nowhere, and only the user's name server, the
domain and its servers are asked.
"""

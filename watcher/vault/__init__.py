"""Where passwords come from: the back ends of `ports.Vault`. A secret leaves this room by `secret()` alone.

`keyring` asks the desktop's key ring, `command` a program of the user's choice, `systemd` reads a credential of the
service's unit, `memory` is for tests and the demo. `oauth` gives access tokens in place of a password: `grant` gets
them in a process of its own, `tokens` speaks to the authorisation server, `consent` and `landing` to the browser.
"""

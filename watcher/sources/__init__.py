"""Where mail lies: IMAP accounts, files, and an account in memory.

Reading and the move are written once, over the few commands of `session`: `mailbox` is the port of `watcher.ports`,
`move` the safe order in which a mail is moved, `imap` and `memory` the two kinds of session below them. `folder`
reads files. Nothing here decides anything.
"""

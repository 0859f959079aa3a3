"""Watcher shown on a mail server of its own, with made-up mail and without any account."""

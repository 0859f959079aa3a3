"""Watcher finds mail that poses as somebody it is not from, moves it aside and says why."""

__version__ = "0.1.0"

"""The library's errors, told apart by what has to be done about them."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
    ProtocolError,
)

from watcher.errors import TransientError, UserError
from watcher.sources.session import MissingFolderError

_PASSES = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|THROTTLED)\b|\btemporary\b|too many (?:simultaneous )?connections",
    re.IGNORECASE,
)
_MISSING = re.compile(r"\[(?:TRYCREATE|NONEXISTENT)\]|doesn't exist|does not exist|no such mailbox", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


def passes(words: str) -> bool:
    """Whether a server that says NO in these words may say OK later: by RFC 5530, and what Gmail and Dovecot say.

    "Please try again" is not among them: so do servers speak of a wrong password, too.
    """
    return bool(_PASSES.search(words))


@contextmanager
def told_apart(*, garbled_is_over: bool = True) -> Iterator[None]:
    """Turn what imapclient, imaplib, ssl and socket raise into the house's errors.

    The order matters: what is raised for a connection that is gone is a kind of what is raised for a plain NO.

    Args:
        garbled_is_over: whether an answer that imapclient cannot read means that the connection is out of step.
            Otherwise its ProtocolError passes.
    """
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise UserError(f"The server's certificate cannot be trusted: {error.verify_message}.") from error
    except IMAPClientReadOnlyError as error:
        raise UserError("The server lets this folder be read only.") from error
    except ProtocolError as error:
        if not garbled_is_over:
            raise
        raise TransientError("The server said something that is not IMAP.") from error
    except (IMAPClientAbortError, OSError) as error:
        raise TransientError(f"The connection is gone ({type(error).__name__}: {_clean(error)}).") from error
    except IMAPClientError as error:
        raise _refusal(_clean(error)) from error


def _refusal(words: str) -> UserError | TransientError:
    if passes(words):
        return TransientError(words)
    if _MISSING.search(words):
        return MissingFolderError(words)
    return UserError(words)


def _clean(error: Exception) -> str:
    """The error's words, bounded and fit for a terminal: a server can write anything."""
    return _UNPRINTABLE.sub(" ", str(error))[:200].strip()

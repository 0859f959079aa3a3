"""The library's errors, told apart by what has to be done about them."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from gettext import gettext as _

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
GARBLED = (ProtocolError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What is raised over an answer that has been received, but makes no sense."""

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
            Otherwise the library's error passes.
    """
    try:
        yield
    except (IMAPClientError, OSError, *GARBLED) as error:
        if isinstance(error, GARBLED) and not garbled_is_over:
            raise
        raise _told(error) from error


def _told(error: Exception) -> UserError | TransientError:
    match error:
        case ssl.SSLCertVerificationError():
            return UserError(_untrusted(error))
        case IMAPClientReadOnlyError():
            return UserError(_("The server lets this folder be read only."))
        case UnicodeError() if not isinstance(error, UnicodeDecodeError):  # host names: their codec has no class
            return UserError(_("There can be no such name: {reason}.").format(reason=_clean(error)))
        case IMAPClientAbortError() | OSError():
            return TransientError(_("There is no connection: {reason}.").format(reason=_reason(error)))
        case IMAPClientError() if not isinstance(error, ProtocolError):
            return _refusal(_clean(error))
    return TransientError(_("The server said something that is not IMAP."))


def _refusal(words: str) -> UserError | TransientError:
    told = _("The server refuses: {words}").format(words=words)
    if passes(words):
        return TransientError(told)
    if _MISSING.search(words):
        return MissingFolderError(told)
    return UserError(told)


class Distrust(Enum):
    """Why a certificate is not to be trusted, told apart by what has to be done about it."""

    EXPIRED = auto()
    EARLY = auto()
    NAME = auto()
    ISSUER = auto()
    OTHER = auto()


_DISTRUST = {
    9: Distrust.EARLY,
    10: Distrust.EXPIRED,
    62: Distrust.NAME,
    64: Distrust.NAME,
    **dict.fromkeys((2, 18, 19, 20, 21), Distrust.ISSUER),
}


def distrust(error: ssl.SSLCertVerificationError) -> Distrust:
    """Why this certificate is not trusted (openssl-verification-options(1), X509_V_ERR_…)."""
    return _DISTRUST.get(error.verify_code, Distrust.OTHER)


def _untrusted(error: ssl.SSLCertVerificationError) -> str:
    """That in words."""
    return {
        Distrust.EXPIRED: _("The server's certificate has expired."),
        Distrust.EARLY: _("The server's certificate is not valid yet: is the clock of this computer right?"),
        Distrust.NAME: _("The server's certificate was issued for another name."),
        Distrust.ISSUER: _("The server's certificate was issued by somebody whom this computer does not know."),
        Distrust.OTHER: _("The server's certificate cannot be trusted: {reason}.").format(reason=error.verify_message),
    }[distrust(error)]


def _reason(error: Exception) -> str:
    """Why there is no connection, or no longer one."""
    match error:
        case socket.gaierror():
            return _("the name of the server cannot be resolved")
        case ConnectionRefusedError():
            return _("nobody listens at this port")
        case TimeoutError():
            return _("the server does not answer")
        case ConnectionError():
            return _("the server broke it off")
    return f"{type(error).__name__}: {_clean(error)}"


def _clean(error: Exception) -> str:
    """The error's words, bounded and fit for a terminal: a server can write anything."""
    return _UNPRINTABLE.sub(" ", str(error))[:200].strip()

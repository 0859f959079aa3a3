"""The page itself: the template filled, the style put in, and the policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.letters import COUNCIL
from watcher.page import chart, dates
from watcher.page.articles import articles
from watcher.page.lessons import learned
from watcher.page.survey import Survey
from watcher.page.tally import tally, waves
from watcher.words import translation

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATE = "page.html.j2"
_STYLE = "page.css"


def render(survey: Survey, language: str) -> str:
    """The whole page as HTML.

    Args:
        survey: all that there is to tell.
        language: "ja" or "en".
    """
    environment = _environment(language)
    style = _style(environment)
    campaigns = waves(survey, language)
    mails = articles(survey, campaigns, language)
    return environment.get_template(_TEMPLATE).render(
        language=language,
        style=style,
        policy=_policy(style),
        now=dates.time(survey.now, survey.timezone, language),
        tally=tally(survey, language),
        waves=campaigns,
        focus=next((mail for mail in mails if survey.focus and mail.number == survey.focus), None),
        mails=[mail for mail in mails if not survey.focus or mail.number != survey.focus],
        lessons=learned(survey, language),
        council=COUNCIL,
    )


def _environment(language: str) -> Environment:
    """What fills the template: every word is escaped unless it says that it is HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - not needed until a page is made

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install = vars(environment)["install_gettext_translations"]  # which the extension has put there
    install(translation(language), newstyle=True)
    return environment


def _style(environment: Environment) -> str:
    """All CSS of the page. It goes into the page unescaped, as octet by octet what the policy vouches for."""
    source, _, _ = environment.loader.get_source(environment, _STYLE) if environment.loader else ("", None, None)
    return chart.STYLE + source


def _policy(style: str) -> str:
    """The Content-Security-Policy (W3C CSP3): this one style element, and nothing else from anywhere."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'none'; script-src 'none'; "
        "base-uri 'none'; form-action 'none'"
    )

"""The report as one page for a browser: what was moved and why, and what can be done.

The page is a single file without script, pictures or anything from elsewhere, and its Content-Security-Policy lets the
browser load nothing. What comes from a mail is cleaned, escaped by the template and isolated from the direction of the
text around it; the addresses of hosts are written so that nothing takes them for links.
"""

from __future__ import annotations

from watcher.page.document import render
from watcher.page.survey import Survey

__all__ = ["Survey", "render"]

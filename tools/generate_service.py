"""Keeps systemd/watcher.service in step with the unit that `watcher service install` writes: for doing so by hand.

Writes it, or with --check says if it is stale.
"""

import sys
from pathlib import Path

from watcher.service.unit import template

FILE = Path(__file__).parent.parent / "systemd" / "watcher.service"
HEAD = """\
# Made from watcher/service/watcher.service (`make generate`). To do by hand what `watcher service install` does:
#
#     cp systemd/watcher.service ~/.config/systemd/user/ && systemctl --user enable --now watcher

"""

if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        FILE.write_text(HEAD + template(), encoding="utf-8")
    elif not FILE.exists() or FILE.read_text(encoding="utf-8") != HEAD + template():
        sys.exit(f"stale: {FILE.parent.name}/{FILE.name}; run make generate")

"""Keeps config.example.toml in step with the models of the settings: writes it, or with --check says if it is stale."""

import sys
from pathlib import Path

from watcher.settings import example

FILE = Path(__file__).parent.parent / "config.example.toml"

if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        FILE.write_text(example(), encoding="utf-8")
    elif not FILE.exists() or FILE.read_text(encoding="utf-8") != example():
        sys.exit(f"stale: {FILE.name}; run make generate")

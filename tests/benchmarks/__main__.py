"""`python -m tests.benchmarks [NAME ...]`: run these (all, without a name) and print their tables."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """Modules of this folder that measure something: they have a main() that returns lines of Markdown."""
    found = [one.name for one in pkgutil.iter_modules([str(HERE)]) if one.name != "__main__"]
    return [name for name in found if "\ndef main(" in (HERE / f"{name}.py").read_text(encoding="utf-8")]


def run(asked: list[str]) -> int:
    """Print each table under its name; returns the exit status."""
    if unknown := set(asked) - set(names()):
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(names())}.", file=sys.stderr)
        return 2
    for name in asked or names():
        module = importlib.import_module(f"tests.benchmarks.{name}")
        print(f"\n### {name}\n\n{(module.__doc__ or '').strip()}\n", flush=True)
        print("\n".join(module.main() or ()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))

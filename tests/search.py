"""`make search`: look for inputs that break a property or a machine, at random, until the time is up or something is found.

`make test` draws the same inputs every time (profile "fixed" in conftest.py), so that it never fails by chance; here they are
drawn anew. What is found stays in .hypothesis/found and comes first the next time, until it is mended; printed is what is
needed to keep it as an explicit example: the steps of a machine, or the line for @reproduce_failure.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What pytest says when it was stopped before the end, and when nothing was there to run.
INTERRUPTED, FAILED = (2, -signal.SIGINT), 1
# A test that is stopped is given so long to say what it found.
LAST_WORDS = 30.0
ADVICE = """
Found. To keep it: write the steps as a plain test beside the machine, or put the values as @example(...) over the test;
then mend it. Until then the next search begins with it (kept in .hypothesis/found)."""


def main(arguments: list[str] | None = None) -> int:
    """Search; 0 when nothing was found, 1 when something was, and whatever pytest says when it could not run."""
    parser = argparse.ArgumentParser(prog="make search", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600.0, help="how long to look (default: ten minutes)")
    parser.add_argument("--keyword", default="not postgresql", help="which tests, as pytest's -k")
    parser.add_argument("paths", nargs="*", default=["tests"], help="where the tests are")
    options = parser.parse_args(arguments)
    return search(options.paths, seconds=options.seconds, keyword=options.keyword)


def search(paths: list[str], *, seconds: float, keyword: str) -> int:
    """Round after round, each with another seed and the tests in another order, so that a short search is a fair sample."""
    until = time.monotonic() + seconds
    tests = _tests(paths, keyword)
    n_rounds = 0
    while (left := until - time.monotonic()) > 0:
        ended = _round(random.sample(tests, len(tests)), left)
        if ended not in (0, *INTERRUPTED):
            print(ADVICE if ended == FAILED else f"pytest ended with {ended}: nothing was searched.", file=sys.stderr)
            return ended
        n_rounds += 1
    print(f"Nothing found in {seconds:.0f} s: {len(tests)} tests, {n_rounds} rounds.")
    return 0


def _tests(paths: list[str], keyword: str) -> list[str]:
    """Those that draw their inputs; machines carry the mark by hand."""
    chosen = ["--collect-only", "-q", "-m", "hypothesis", "-k", keyword, *paths]
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", *chosen], cwd=ROOT, env=_environment(), capture_output=True, text=True
    )
    tests = [line for line in listed.stdout.splitlines() if "::" in line]
    if not tests:
        raise SystemExit(f"no test to search with:\n{listed.stdout}{listed.stderr}")
    return tests


def _round(tests: list[str], seconds: float) -> int:
    """pytest's exit code; one of INTERRUPTED when the time was up."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *tests]
    with subprocess.Popen(command, cwd=ROOT, env=_environment()) as running:
        try:
            return running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGINT)
        try:
            return running.wait(LAST_WORDS)
        except subprocess.TimeoutExpired:
            running.kill()
            return INTERRUPTED[0]


def _environment() -> dict[str, str]:
    return os.environ | {"KLATCH_TEST_PROFILE": "search", "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    raise SystemExit(main())

"""`python -m jobs NAME` is `klatch job NAME`."""

from __future__ import annotations

import sys

from bot.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["job", *sys.argv[1:]]))

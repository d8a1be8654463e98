"""Names of doors: no two that run at the same time share one, and of a name one can tell whether its process has ended."""

from __future__ import annotations

import hashlib
import os
import socket
from itertools import count
from pathlib import Path
from uuid import getnode, uuid4

# Where Linux says which start of which kernel this is, and which processes can see each other there.
_BOOT, _NAMESPACE = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
_TOKEN = uuid4().hex[:8]
_numbers = count(1)


def own_name(label: str = "host") -> str:
    """A name for one more door of this process: `LABEL@HOST:PLACE:PID:TOKEN:NUMBER`."""
    host = socket.gethostname().replace(":", "-")[:60]
    return f"{label}@{host}:{_place()}:{os.getpid()}:{_TOKEN}:{next(_numbers)}"


def has_ended(name: str) -> bool:
    """Whether the process of that door is surely gone. False for one of another machine or container: nobody here knows."""
    match name.split(":"):
        case [_, place, pid, token, _] if place == _place() and pid.isdigit():
            # Our own number with another token belonged to an earlier process.
            return token != _TOKEN if int(pid) == os.getpid() else not _is_running(int(pid))
    return False


def _place() -> str:
    """Within one place process numbers mean the same: equal host names or numbers alone may be two containers."""
    try:
        where = f"{_BOOT.read_text()}{_NAMESPACE.stat().st_ino}"
    except OSError:
        where = f"{socket.gethostname()}{getnode()}"
    return hashlib.sha256(where.encode()).hexdigest()[:8]


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        # Somebody else's, or no way to ask.
        return True
    return True

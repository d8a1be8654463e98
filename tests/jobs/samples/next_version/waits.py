"""The same name, and an end."""

from __future__ import annotations

from tests.jobs.samples.greets import run

__all__ = ["run"]

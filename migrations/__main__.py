"""`python -m migrations NAME` writes the next step: what models/tables have and the steps do not lead to yet. Read it over."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from migrations.upgrade import HERE, alembic_config, migrate, newest_revision


def write_step(name: str, *, folder: Path = HERE) -> Path:
    """Write versions/NNNN_NAME.py and return its path; the difference is taken on a database of its own, in memory."""
    revision = f"{int(newest_revision()[:4]) + 1:04}_{name}"
    engine = create_engine("sqlite://")
    with contextlib.ExitStack() as stack:
        # Its one connection would be garbage that somebody else is blamed for.
        stack.callback(engine.dispose)
        connection = stack.enter_context(engine.begin())
        migrate(connection, "head")
        config = alembic_config(connection)
        config.set_main_option("script_location", str(folder))
        config.set_main_option("file_template", "%%(rev)s")
        command.revision(config, message=name.replace("_", " ").capitalize(), autogenerate=True, rev_id=revision)
    step = folder / "versions" / f"{revision}.py"
    written = step.read_text(encoding="utf-8").splitlines(keepends=True)
    step.write_text("".join(line for line in written if "# ###" not in line), encoding="utf-8")
    return step


if __name__ == "__main__":
    sys.stdout.write(f"{write_step(sys.argv[1])}\n")

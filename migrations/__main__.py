"""`python -m migrations NAME` writes the next step: what models/tables have and the steps do not lead to yet. Read it over."""

from __future__ import annotations

import sys
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from migrations.upgrade import HERE, alembic_config, migrate, newest_revision


def write_step(name: str, *, folder: Path = HERE) -> Path:
    """Write versions/NNNN_NAME.py and return its path; the difference is taken on a database of its own, in memory."""
    revision = f"{int(newest_revision()[:4]) + 1:04}_{name}"
    with create_engine("sqlite://").begin() as connection:
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

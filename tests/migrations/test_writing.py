from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, Table

from migrations.__main__ import write_step
from migrations.upgrade import HERE, newest_revision
from models.tables.base import Base, EncryptedText, RowIdType


@pytest.fixture
def memo() -> Iterator[None]:
    """A table that no step makes."""
    whose = Column("member_id", RowIdType, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    table = Table(
        "memo", Base.metadata, Column("id", RowIdType, primary_key=True), whose, Column("words", EncryptedText)
    )
    yield
    Base.metadata.remove(table)


@pytest.mark.usefixtures("memo")
def test_the_next_step_is_written_from_what_the_tables_have(tmp_path: Path) -> None:
    shutil.copytree(HERE, tmp_path / "migrations")

    step = write_step("memos", folder=tmp_path / "migrations")

    written = step.read_text(encoding="utf-8")
    assert step.name == f"{int(newest_revision()[:4]) + 1:04}_memos.py"
    assert f"down_revision = {newest_revision()!r}" in written
    assert "op.create_table('memo'" in written
    assert "base.EncryptedText()" in written
    assert "op.drop_table('memo')" in written
    assert "batch" not in written
    assert "###" not in written

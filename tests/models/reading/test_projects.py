from __future__ import annotations

import pytest

from models.reading.projects import project_of


@pytest.mark.parametrize(
    ("introduction", "project"),
    [
        (
            "Hi all, I'm Kofi, just joined. Building solar chargers for market stalls. Happy to be here!",
            "Building solar chargers for market stalls",
        ),
        (
            "New here! I’m working on a scheduling app for clinics, from Lagos.",
            "I'm working on a scheduling app for clinics, from Lagos",
        ),
        ("大家好，我是黄子涵，刚进群。在做会讲故事的儿童台灯。请多关照！", "在做会讲故事的儿童台灯"),
        # Who they are, where from, and what others do is no project.
        ("Hello, I'm Ana, founder from Porto. Nice to meet you!", None),
        ("Just joined, running late for everything as always", None),
        ("大家好，我是小林，新人报到。做的事情还没想好", None),
    ],
)
def test_what_somebody_builds_is_told_in_their_own_words(introduction: str, project: str | None) -> None:
    assert project_of(introduction) == project

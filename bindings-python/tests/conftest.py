"""What all tests have: the kit's own fixtures, and a loopback service that does as it is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from activitysmith_kit import jobs
from support import Service

pytest_plugins = ["activitysmith_kit.testing"]


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the settings of whoever runs it."""
    for name in (
        "API_KEY",
        "API_KEY_FILE",
        "BASE_URL",
        "ALLOW_HOST",
        "DISABLED",
        "BUDGET_FILE",
        "FLUSH_TIMEOUT",
        "RULES",
    ):
        monkeypatch.delenv(f"ACTIVITYSMITH_{name}", raising=False)


@pytest.fixture(autouse=True)
def _nothing_told_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told once in a process is told to each test."""
    monkeypatch.setattr(jobs, "_told", set())


@pytest.fixture
def service() -> Iterator[Service]:
    """A service of this test's own."""
    with Service() as service:
        yield service

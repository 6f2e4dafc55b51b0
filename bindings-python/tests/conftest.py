"""What all tests have: the kit's own fixtures, and a loopback service that does as it is told."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from activitysmith_kit import jobs
from support import Service

pytest_plugins = ["activitysmith_kit.testing"]


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the settings of the machine it runs on."""
    for name in [name for name in os.environ if name.startswith("ACTIVITYSMITH_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _nothing_told_before() -> None:
    """What is told once in a process is told to each test."""
    jobs._warn_once.cache_clear()


@pytest.fixture
def service() -> Iterator[Service]:
    """A service of this test's own."""
    with Service() as service:
        yield service

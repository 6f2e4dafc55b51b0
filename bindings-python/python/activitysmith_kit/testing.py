"""The local ActivitySmith as fixtures of pytest's. Never imported by the package itself.

Name this module once, in the topmost conftest.py, and each test that asks for `activitysmith` gets an account of its
own:

    pytest_plugins = ["activitysmith_kit.testing"]

    def test_the_job_reports_itself(activitysmith):
        run_job(activitysmith.client())
        assert activitysmith.stream("nightly-backup")["content_state"]["percentage"] == 100

`activitysmith_kit.emulator` documents what the fixtures give, and how the emulator is found.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .emulator import Account, Emulator

__all__ = ["Account", "Emulator", "activitysmith", "activitysmith_emulator"]


@pytest.fixture(scope="session")
def activitysmith_emulator() -> Iterator[Emulator]:
    """A local ActivitySmith for all tests of the run."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def activitysmith(activitysmith_emulator: Emulator) -> Account:
    """An account for this test alone."""
    return activitysmith_emulator.account()

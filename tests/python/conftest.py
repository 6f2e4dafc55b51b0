"""What these tests have beside the kit's own fixtures: the official client, and a second account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from activitysmith import ActivitySmith

if TYPE_CHECKING:
    # pytest wants to import its plugins by itself.
    from activitysmith_kit.testing import Account, Emulator

pytest_plugins = ["activitysmith_kit.testing"]


def official_client(account: Account) -> ActivitySmith:
    """The official client. It has no setting for the base URL, so a private part of it is told."""
    client = ActivitySmith(account.api_key)
    client.live_activities._api.api_client.configuration.host = account.base_url
    return client


@pytest.fixture
def official(activitysmith: Account) -> ActivitySmith:
    """The official client, with this test's account."""
    return official_client(activitysmith)


@pytest.fixture
def other_account(activitysmith_emulator: Emulator) -> Account:
    """A second account for this test alone."""
    return activitysmith_emulator.account()

"""The number on the app's icon, sync and awaited."""

from __future__ import annotations

import asyncio

import pytest
from activitysmith_kit import BadgeResponse, ValidationError
from activitysmith_kit.testing import Account
from support import Service


def test_a_number_is_set_and_answered(activitysmith: Account) -> None:
    answer = activitysmith.client().badge_count(3, channels=["ops"], timeout=5)
    assert isinstance(answer, BadgeResponse)
    assert (answer.success, answer.badge, answer.effective_channel_slugs) == (True, 3, ["ops"])
    assert activitysmith.requests()[-1]["body"] == {"badge": 3, "target": {"channels": ["ops"]}}


def test_an_answer_for_the_whole_account_is_no_error(activitysmith: Account) -> None:
    assert activitysmith.client().badge_count(0).effective_channel_slugs is None


def test_it_is_awaited(activitysmith: Account) -> None:
    async def main() -> BadgeResponse:
        async with activitysmith.async_client() as client:
            return await client.badge_count(7)

    assert asyncio.run(main()).badge == 7


def test_what_is_no_option_or_no_number_is_refused(service: Service) -> None:
    client = service.client()
    with pytest.raises(ValidationError, match=r"channel is unknown; did you mean channels\?"):
        client.badge_count(3, channel="ops")  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="badge is a string"):
        client.badge_count("3")  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="badge is missing; give an integer"):
        client.badge_count(None)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match=r"channels is empty"):
        client.badge_count(3, channels=[])
    assert service.requests == []

"""The official SDK against the emulator, method by method: each gets the answer that the documentation gives for it."""

from __future__ import annotations

from typing import Any, Callable

import activitysmith as sdk
import pytest
from activitysmith import ActivitySmith
from activitysmith_kit.testing import Account
from activitysmith_openapi.exceptions import ApiException, ForbiddenException, NotFoundException
from conftest import official_client
from pydantic import ValidationError

STATE = {"title": "Print", "type": "segmented_progress", "number_of_steps": 3, "current_step": 1}
LATER = {"title": "Print", "type": "segmented_progress", "number_of_steps": 3, "current_step": 2}


@pytest.fixture
def official(activitysmith: Account) -> ActivitySmith:
    """The official client, whose four parts each have a client of their own inside and no setting for the base URL."""
    client = official_client(activitysmith)
    for part in (client.notifications._api, client.metrics._api, client._app_icon_badges):
        part.api_client.configuration.host = activitysmith.base_url
    return client


def methods(thing: object) -> set[str]:
    """What can be called on it, but for what only builds values."""
    names = {name for name in dir(thing) if not name.startswith("_") and callable(getattr(thing, name))}
    return names - {"metric", "action", "alert_icon", "alert_badge", "content_state"}


def test_every_method_is_called_here(official: ActivitySmith) -> None:
    assert methods(official.live_activities) == {
        "start", "update", "end", "stream", "end_stream",
        "start_live_activity", "update_live_activity", "end_live_activity",
        "reconcile_live_activity_stream", "end_live_activity_stream",
    }  # fmt: skip
    assert methods(official.notifications) == {
        "send", "replace", "send_push_notification", "replace_push_notification",
    }  # fmt: skip
    assert methods(official.metrics) == {"update", "update_metric_value"}
    assert methods(official) == {"badge_count"}


def test_an_activity_is_started_updated_and_ended(official: ActivitySmith) -> None:
    live = official.live_activities
    for start, update, end in (
        (live.start, live.update, live.end),
        (live.start_live_activity, live.update_live_activity, live.end_live_activity),
    ):
        started = start({"content_state": STATE})
        assert (started.success, started.devices_notified) == (True, 1)
        updated = update({"activity_id": started.activity_id, "content_state": LATER})
        assert (updated.success, updated.activity_id) == (True, started.activity_id)
        ended = end({"activity_id": started.activity_id, "content_state": LATER})
        assert (ended.success, ended.ignored) == (True, None)
        assert end({"activity_id": started.activity_id, "content_state": LATER}).ignored is True


def test_a_foreign_activity_is_forbidden(official: ActivitySmith) -> None:
    with pytest.raises(ForbiddenException):
        official.live_activities.update({"activity_id": "nobodys", "content_state": LATER})


def test_a_stream_is_sent_and_ended(official: ActivitySmith) -> None:
    live = official.live_activities
    assert live.stream("job", content_state=STATE).operation == "started"
    assert live.reconcile_live_activity_stream("job", {"content_state": LATER}).operation == "updated"
    assert live.end_stream("job").operation == "ended"
    live.stream("job", content_state=STATE)
    assert live.end_live_activity_stream("job", {"content_state": LATER}).operation == "ended"


def test_a_notification_is_sent_and_replaced(official: ActivitySmith) -> None:
    push = official.notifications
    for send, replace in ((push.send, push.replace), (push.send_push_notification, push.replace_push_notification)):
        sent = send(
            {"title": "Backup failed", "message": "disk 3", "tags": ["backup"], "interruption_level": "passive"}
        )
        assert (sent.success, sent.devices_notified, sent.tags) == (True, 1, ["backup"])
        replaced = replace(sent.notification_id, {"title": "Backup fine"})
        assert (replaced.success, replaced.notification_id) == (True, sent.notification_id)
    with pytest.raises(NotFoundException):
        push.replace("nobodys", {"title": "Backup fine"})


def test_a_metric_is_updated(official: ActivitySmith, activitysmith: Account) -> None:
    metrics = official.metrics
    assert metrics.update("shop.queue_len", 14).success
    assert metrics.update("shop.queue_len", "many").success
    assert metrics.update_metric_value("shop.queue_len", {"value": 3}).success
    with pytest.raises(ApiException) as refused:
        metrics.update("Not A Key", 1)
    assert refused.value.status == 400


def test_the_badge_is_set(official: ActivitySmith) -> None:
    set_for_some = official.badge_count(14, channels=["crew"])
    assert (set_for_some.badge, set_for_some.devices_updated) == (14, 1)
    # The documented answer for a whole account has null here, which the official model refuses.
    with pytest.raises(ValidationError, match="effective_channel_slugs"):
        official.badge_count(0)


builders: list[Callable[[], Any]] = [
    lambda: sdk.metric("CPU", 4),
    lambda: sdk.alert_icon("leaf"),
    lambda: sdk.alert_badge("New"),
    lambda: sdk.action("Open", type="open_url", url="https://a.example"),
]


@pytest.mark.parametrize("build", builders)
def test_what_builds_values_needs_no_service(build: Callable[[], Any]) -> None:
    assert build()

"""Programs written for the official SDK, run with it and with ours: one changed import, and the same is shown."""

from __future__ import annotations

import datetime
from types import ModuleType
from typing import Any, Callable

import activitysmith as official_package
import activitysmith_kit as our_package
import pytest
from activitysmith_kit.testing import Account
from activitysmith_openapi import models
from conftest import official_client

# A program takes the package that it imports, and the live activities of a client; it gives back what it was answered.
Program = Callable[[ModuleType, Any], list[Any]]
PROGRAMS: list[Program] = []


def program(written: Program) -> Program:
    """Adds a program to those that are run."""
    PROGRAMS.append(written)
    return written


@program
def keywords(package: ModuleType, live: Any) -> list[Any]:
    first = live.stream("job", title="Search Reindex", subtitle="catalog-v2", type="progress", percentage=42)
    second = live.stream("job", title="Search Reindex", type="progress", percentage=43, color="green")
    return [first, second, live.end_stream("job", title="Search Reindex", type="progress", percentage=100)]


@program
def one_dict(package: ModuleType, live: Any) -> list[Any]:
    state = {"title": "Deploy web", "type": "segmented_progress", "number_of_steps": 4, "current_step": 2}
    return [live.stream("job", {"content_state": state, "channels": ["ops"]}), live.end_stream("job")]


@program
def a_dict_and_keywords(package: ModuleType, live: Any) -> list[Any]:
    request = {"content_state": {"title": "Search Reindex", "type": "progress"}, "tags": ["nightly"]}
    return [live.stream("job", request, percentage=42, metadata={"run": 17}, channels="ops, night")]


@program
def the_content_state_helper(package: ModuleType, live: Any) -> list[Any]:
    state = package.content_state("Oven", type="timer", duration_seconds=600, color=package.LiveActivityColor.RED)
    return [live.stream("job", content_state=state), live.end_stream("job", content_state=state)]


@program
def metrics_by_helper(package: ModuleType, live: Any) -> list[Any]:
    metrics = [package.metric("CPU", 76, unit="%", color="orange"), package.metric("Load", 1.5)]
    return [live.stream("job", title="Server", type="metrics", metrics=metrics)]


@program
def stats_by_the_resource(package: ModuleType, live: Any) -> list[Any]:
    metrics = [live.metric("Orders", "128"), live.metric("Revenue", "$4,200")]
    return [live.stream("job", title="Shop", type="stats", metrics=metrics)]


@program
def an_alert_with_buttons(package: ModuleType, live: Any) -> list[Any]:
    answer = live.stream(
        "job",
        title="Backup",
        type="alert",
        message="The disk is full",
        icon=package.alert_icon("externaldrive", color="red"),
        badge=package.alert_badge("Failed", color="red"),
        action=package.action("Log", "open_url", "https://ci.example.com/runs/17"),
        secondary_action=package.action("Retry", "webhook", "https://ci.example.com/retry", method="POST"),
        alert={"title": "Backup", "body": "It failed"},
    )
    return [answer]


@program
def a_value(package: ModuleType, live: Any) -> list[Any]:
    return [live.stream("job", title="Visitors", type="value", value=number) for number in (0, 1234, "many")]


@program
def names_of_earlier_releases(package: ModuleType, live: Any) -> list[Any]:
    request = {"content_state": {"title": "Search Reindex", "type": "progress", "percentage": 42}}
    return [live.reconcile_live_activity_stream("job", request), live.end_live_activity_stream("job", request)]


@program
def tags_cleared(package: ModuleType, live: Any) -> list[Any]:
    state = {"title": "Search Reindex", "type": "progress", "percentage": 42}
    tagged = live.stream("job", content_state=state, tags=["nightly"], metadata={"run": 17})
    return [tagged, live.stream("job", content_state=state, tags=[], metadata={})]


@program
def channels_with_blanks(package: ModuleType, live: Any) -> list[Any]:
    return [live.stream("job", title="Oven", type="timer", duration_seconds=60, channels=[" ops ", "", "night"])]


@program
def generated_models(package: ModuleType, live: Any) -> list[Any]:
    state = models.StreamContentState(title="Search Reindex", type="progress", percentage=42)
    log = models.LiveActivityAction(title="Log", type="open_url", url="https://ci.example.com/runs/17")
    metadata = {"run": models.MetadataValue(17), "by": models.MetadataValue("cron")}
    request = models.LiveActivityStreamRequest(content_state=state, action=log, metadata=metadata, tags=["nightly"])
    ended = models.LiveActivityStreamDeleteRequest(content_state=state)
    return [live.stream("job", request), live.end_stream("job", ended)]


@program
def answers_as_dicts(package: ModuleType, live: Any) -> list[Any]:
    answer = live.stream("job", title="Search Reindex", type="progress", percentage=42)
    assert answer.to_dict()["operation"] == answer.model_dump()["operation"] == "started"
    return [answer]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_ours_shows_what_the_official_sdk_shows(
    program: Program, activitysmith: Account, other_account: Account
) -> None:
    ours = program(our_package, activitysmith.client().live_activities)
    official = program(official_package, official_client(other_account).live_activities)
    assert [answer.operation for answer in ours] == [answer.operation for answer in official]
    assert shown(activitysmith) == shown(other_account)


def shown(account: Account) -> dict[str, Any]:
    """What the phone shows, and what the service keeps beside it, but for what each activity has of its own."""
    kept = ("state", "type", "content_state", "action", "secondary_action", "channels", "tags", "metadata")
    stream = account.stream("job")
    shown = {field: stream[field] for field in kept}
    if stream["timer"] is not None:
        shown["timer"] = {field: stream["timer"][field] for field in ("counts_down", "is_running", "duration_seconds")}
    # The official SDK sends a method with every button, though only a webhook has one.
    for button in (shown["action"], shown["secondary_action"]):
        if button is not None and button["type"] == "open_url":
            button.pop("method", None)
    return shown


def test_the_generated_models_of_all_requests_are_taken(activitysmith: Account, other_account: Account) -> None:
    def call(client: Any) -> None:
        log = models.PushNotificationAction(title="Log", type="webhook", url="https://ci.example.com/17", method="POST")
        push = models.PushNotificationRequest(
            title="T",
            interruption_level=models.PushInterruptionLevel.PASSIVE,
            target=models.ChannelTarget(channels=["ops"]),
            actions=[log],
            metadata={"by": models.MetadataValue("cron")},
        )
        sent = client.notifications.send(push)
        client.notifications.send_push_notification(push_notification_request=push)
        replacement = models.PushNotificationReplaceRequest(title="U", actions=[log])
        client.notifications.replace(sent.notification_id, replacement)
        begin = models.ContentStateStart(title="T", type="value", value=models.LiveActivityValue("many"))
        started = client.live_activities.start(models.LiveActivityStartRequest(content_state=begin, tags=["nightly"]))
        later = models.ContentStateUpdate(title="T", type="value", value=models.LiveActivityValue("more"))
        activity_id = started.activity_id
        client.live_activities.update(models.LiveActivityUpdateRequest(activity_id=activity_id, content_state=later))
        last = models.ContentStateEnd(title="T", auto_dismiss_minutes=0)
        client.live_activities.end(models.LiveActivityEndRequest(activity_id=activity_id, content_state=last))
        value = models.MetricValueUpdateRequestValue("many")
        at = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.timezone.utc)
        client.metrics.update("queue.depth", models.MetricValueUpdateRequest(value=value, timestamp=at))
        client.metrics.update_metric_value("queue.depth", models.MetricValueUpdateRequest(value=value))

    call(activitysmith.client())
    call(official_client(other_account))
    assert [request["status"] for request in activitysmith.requests()] == 8 * [200]
    assert bodies(activitysmith) == bodies(other_account)


def bodies(account: Account) -> list[Any]:
    """What was sent, but for a timer's fields and the ids of each account's own."""
    sent = [request["body"] for request in account.requests()]
    for body in sent:
        body.pop("activity_id", None)
        for name in ("counts_down", "is_running"):
            body.get("content_state", {}).pop(name, None)
    return sent

"""The official SDK against the emulator: whatever it can say on a stream, our emulator takes as the service does."""

from __future__ import annotations

from typing import Any

import pytest
from activitysmith import ActivitySmith, LiveActivityColor, action, alert_badge, alert_icon, content_state, metric
from activitysmith_kit.testing import Account
from activitysmith_openapi.exceptions import ApiException, NotFoundException

STATES: dict[str, dict[str, Any]] = {
    "segmented_progress": content_state(
        "Deploy web",
        type="segmented_progress",
        subtitle="canary",
        number_of_steps=4,
        current_step=2,
        color=LiveActivityColor.BLUE,
        step_color=LiveActivityColor.GREEN,
    ),
    "progress": content_state("Search Reindex", type="progress", subtitle="catalog-v2", percentage=42),
    "progress by value": content_state("Search Reindex", type="progress", value=12, upper_limit=30),
    "metrics": content_state(
        "Server", type="metrics", metrics=[metric("CPU", 76, unit="%", color="orange"), metric("RAM", 41)]
    ),
    "stats": content_state("Shop", type="stats", metrics=[metric("Orders", "128"), metric("Revenue", "$4,200")]),
    "alert": content_state(
        "Backup",
        type="alert",
        message="The disk is full",
        icon=alert_icon("externaldrive", color="red"),
        badge=alert_badge("Failed", color="red"),
    ),
    "countdown": content_state("Oven", type="timer", duration_seconds=600),
    "stopwatch": content_state("Incident", type="timer", counts_down=False),
    "value": content_state("Visitors", type="value", value=1234),
    "value as a text": content_state("Balance", type="value", value="$42.50"),
}
every_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())


@every_state
def test_every_state_starts_a_stream_and_ends_it(
    official: ActivitySmith, activitysmith: Account, state: dict[str, Any]
) -> None:
    started = official.live_activities.stream("job", content_state=state)
    assert (started.success, started.operation, started.stream_key) == (True, "started", "job")
    assert_holds(shown_state(activitysmith), state)

    ended = official.live_activities.end_stream("job", content_state={**state, "title": "Over"})
    assert (ended.operation, ended.activity_id) == ("ended", started.activity_id)
    assert activitysmith.stream("job")["state"] == "ended"
    assert_holds(shown_state(activitysmith), {**state, "title": "Over"})


@every_state
def test_the_keyword_form_says_the_same(official: ActivitySmith, activitysmith: Account, state: dict[str, Any]) -> None:
    official.live_activities.stream("job", **state)
    assert_holds(shown_state(activitysmith), state)


@every_state
def test_every_state_is_updated_in_place(official: ActivitySmith, state: dict[str, Any]) -> None:
    started = official.live_activities.stream("job", content_state=state)
    updated = official.live_activities.stream("job", content_state={**state, "title": "Further"})
    assert (updated.operation, updated.activity_id) == ("updated", started.activity_id)


def test_an_end_without_a_state_ends(official: ActivitySmith) -> None:
    official.live_activities.stream("job", **STATES["progress"])
    assert official.live_activities.end_stream("job").operation == "ended"


def test_the_time_until_an_ended_activity_goes_is_taken(official: ActivitySmith, activitysmith: Account) -> None:
    official.live_activities.stream("job", **STATES["progress"])
    official.live_activities.end_stream("job", **STATES["progress"], auto_dismiss_minutes=0)
    shown = activitysmith.stream("job")
    assert shown["dismisses_at"] == shown["ended_at"]


def test_the_names_of_earlier_releases_work(official: ActivitySmith) -> None:
    request = {"content_state": STATES["progress"]}
    started = official.live_activities.reconcile_live_activity_stream("job", request)
    ended = official.live_activities.end_live_activity_stream("job", request)
    assert (started.operation, ended.operation) == ("started", "ended")


def test_the_same_again_is_no_operation(official: ActivitySmith) -> None:
    official.live_activities.stream("job", **STATES["progress"])
    assert official.live_activities.stream("job", **STATES["progress"]).operation == "noop"


def test_other_channels_rotate_the_activity(official: ActivitySmith) -> None:
    first = official.live_activities.stream("job", **STATES["progress"], channels="ops, night")
    second = official.live_activities.stream("job", **STATES["progress"], channels=["ops"])
    assert sorted(first.effective_channel_slugs) == ["night", "ops"]
    assert (second.operation, second.previous_activity_id) == ("rotated", first.activity_id)


def test_buttons_are_shown(official: ActivitySmith, activitysmith: Account) -> None:
    log = action("Log", "open_url", "https://ci.example.com/runs/17")
    stop = action("Stop", "webhook", "https://ci.example.com/stop", method="POST", body={"run": 17})
    official.live_activities.stream("job", **STATES["progress"], action=log, secondary_action=stop)
    shown = activitysmith.stream("job")
    assert_holds(shown["action"], log)
    assert_holds(shown["secondary_action"], stop)


def test_tags_and_metadata_are_kept_until_they_are_cleared(official: ActivitySmith, activitysmith: Account) -> None:
    def kept() -> tuple[Any, Any]:
        shown = activitysmith.stream("job")
        return shown["tags"], shown["metadata"]

    official.live_activities.stream("job", **STATES["progress"], tags=["nightly"], metadata={"run": 17, "by": "cron"})
    official.live_activities.stream("job", **{**STATES["progress"], "percentage": 43})
    assert kept() == (["nightly"], {"run": 17, "by": "cron"})
    official.live_activities.stream("job", **{**STATES["progress"], "percentage": 44}, tags=[], metadata={})
    assert kept() == ([], {})


def test_an_alert_is_heard_even_when_nothing_changed(official: ActivitySmith) -> None:
    official.live_activities.stream("job", **STATES["progress"])
    loud = official.live_activities.stream("job", **STATES["progress"], alert={"title": "Look", "body": "Nearly done"})
    assert loud.operation == "updated"


def test_a_paused_stream_answers_and_shows_nothing(official: ActivitySmith, activitysmith: Account) -> None:
    official.live_activities.stream("job", **STATES["progress"])
    activitysmith.pause("job")
    assert official.live_activities.stream("job", **{**STATES["progress"], "percentage": 43}).operation == "paused"


def test_the_end_of_no_stream_is_not_found(official: ActivitySmith) -> None:
    with pytest.raises(NotFoundException):
        official.live_activities.end_stream("job")


def test_a_refusal_can_be_read(official: ActivitySmith, activitysmith: Account) -> None:
    activitysmith.set_up(billing="trial_expired")
    with pytest.raises(ApiException) as raised:
        official.live_activities.stream("job", **STATES["progress"])
    assert raised.value.status == 402
    assert raised.value.body


def test_the_emulator_notes_nothing_but_what_the_sdk_invents(official: ActivitySmith, activitysmith: Account) -> None:
    """It sends a timer's fields with every state; whatever else the emulator remarked would be a mistake of its own."""
    for number, state in enumerate(STATES.values()):
        official.live_activities.stream(f"job-{number}", content_state=state)
        official.live_activities.end_stream(f"job-{number}", content_state=state)
    notes = [note for request in activitysmith.requests() for note in request.get("notes", [])]
    assert notes
    assert [note for note in notes if "counts_down" not in note and "is_running" not in note] == []


def shown_state(activitysmith: Account) -> dict[str, Any]:
    """The state that the stream shows; the emulator keeps a timer's window apart, since it goes on by itself."""
    shown = activitysmith.stream("job")
    return {**(shown["timer"] or {}), **shown["content_state"]}


def assert_holds(shown: dict[str, Any], said: dict[str, Any]) -> None:
    """What was said is shown. More may be: the SDK adds fields that nobody set."""
    assert {field: shown.get(field) for field in said} == said

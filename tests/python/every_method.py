"""A program that uses every method and helper of the official SDK. To move it over, only its import is changed."""

import os

from activitysmith import (
    ActivitySmith,
    LiveActivityColor,
    PushInterruptionLevel,
    action,
    alert_badge,
    alert_icon,
    content_state,
    metric,
)

client = ActivitySmith(api_key=os.environ["ACTIVITYSMITH_API_KEY"])
live = client.live_activities

# Notifications.
log = action("Log", type="open_url", url="https://ci.example.com/17")
retry = action("Retry", type="webhook", url="https://ci.example.com/retry", method="POST", body={"run": 17})
sent = client.notifications.send(
    title="Backup failed",
    message="The disk is full",
    subtitle="nightly",
    actions=[log, retry],
    channels="ops, night",
    tags=["backup"],
    metadata={"run": 17},
    interruption_level=PushInterruptionLevel.TIME_SENSITIVE,
)
assert sent.success
assert client.notifications.replace(sent.notification_id, title="Backup done", tags=[], metadata={}).success
sent = client.notifications.send_push_notification(
    push_notification_request={"title": "Backup failed", "payload": {"run": 17}, "badge": 3, "sound": "default"}
)
replaced = client.notifications.replace_push_notification(
    sent.notification_id, push_notification_replace_request={"title": "Backup done", "media": "https://a.test/b.png"}
)
assert replaced.notification_id == sent.notification_id

# Activities by their ids.
started = live.start(
    title="Deploy",
    type=live.TYPE_SEGMENTED_PROGRESS,
    number_of_steps=3,
    current_step=1,
    color=LiveActivityColor.GREEN,
    alert={"title": "Deploy", "body": "It has begun"},
    action=log,
    channels=["ops"],
)
later = content_state("Deploy", type="segmented_progress", number_of_steps=3, current_step=2)
assert live.update(activity_id=started.activity_id, content_state=later, tags=["deploy"]).success
assert live.end({"activity_id": started.activity_id, "content_state": later}, current_step=3).success
begin = content_state("Oven", type=live.TYPE_TIMER, duration_seconds=600, icon=alert_icon("flame", color="red"))
started = live.start_live_activity(live_activity_start_request={"content_state": begin})
request = {"activity_id": started.activity_id, "content_state": {"title": "Oven", "type": "timer"}}
assert live.update_live_activity(live_activity_update_request=request).activity_id == started.activity_id
assert live.end_live_activity(live_activity_end_request=request, auto_dismiss_minutes=0).success

# Streams.
metrics = [metric("CPU", 76, unit="%"), live.metric("Memory", 44, color="orange")]
assert live.stream("server", title="Server", type=live.TYPE_METRICS, metrics=metrics).operation == "started"
assert live.stream("server", {"content_state": {"title": "Server", "type": "stats"}}, metrics=metrics).success
assert live.end_stream("server", title="Server", type=live.TYPE_STATS, metrics=metrics).operation == "ended"
alert = content_state(
    "Refund", type=live.TYPE_ALERT, message="20 EUR", badge=alert_badge("open"), icon=live.alert_icon("bell")
)
assert live.reconcile_live_activity_stream("refund", live_activity_stream_request={"content_state": alert}).success
final = {"content_state": {**alert, "badge": live.alert_badge("done")}, "tags": ["refund"]}
assert live.end_live_activity_stream("refund", live_activity_stream_delete_request=final).operation == "ended"
for kind in (live.TYPE_PROGRESS, live.TYPE_VALUE):
    state = {"percentage": 42} if kind == "progress" else {"value": 42}
    assert live.stream(kind, title="Any", type=kind, **state).success

# Metrics and the badge.
assert client.metrics.update("queue.depth", 42).success
assert client.metrics.update("queue.depth", "many", timestamp="2026-11-20T12:00:00Z").success
assert client.metrics.update_metric_value("queue.depth", {"value": 3}).success
badge = client.badge_count(3, channels=["ops"])
assert (badge.badge, badge.devices_notified, badge.users_notified) == (3, 1, 1)
print("done")

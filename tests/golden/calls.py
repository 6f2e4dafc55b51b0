"""The calls of `python.jsonl` as code, each by its name there: the same for the official package and ours."""

from __future__ import annotations

from typing import Any, Callable

WEB = {"title": "Open", "type": "open_url", "url": "https://x/y"}
STATE = {"title": "T", "type": "progress", "percentage": 10}
AT = "2026-01-01T00:00:00+00:00"

CALLS: dict[str, Callable[[Any], Any]] = {
    "notifications.send(dict)": lambda client: client.notifications.send(
        {"title": "T", "message": "M", "payload": {"a": 1}, "badge": 3, "sound": "default", "channels": ["ops"]}
    ),
    "notifications.send(kw, channels='a, b')": lambda client: client.notifications.send(
        title="T",
        icon="https://x/y.png",
        interruption_level="time-sensitive",
        channels="a, b",
        tags=["t"],
        metadata={"k": 1},
    ),
    "notifications.send(dict + kw)": lambda client: client.notifications.send({"title": "T"}, title="U"),
    "notifications.send(media+actions)": lambda client: client.notifications.send(
        title="T", media="https://x/y.png", actions=[WEB]
    ),
    "notifications.send(interruption_level='loud')": lambda client: client.notifications.send(
        title="T", interruption_level="loud"
    ),
    "notifications.send(target+channels)": lambda client: client.notifications.send(
        title="T", target={"channels": ["a"]}, channels=["b"]
    ),
    "notifications.send(no title)": lambda client: client.notifications.send({"message": "x"}),
    "notifications.send_push_notification(push_notification_request=)": (
        lambda client: client.notifications.send_push_notification(push_notification_request={"title": "T"})
    ),
    "notifications.replace('n1', kw)": lambda client: client.notifications.replace(
        "n1", title="T", tags=[], metadata={}
    ),
    "notifications.replace('n 1/x')": lambda client: client.notifications.replace("n 1/x", title="T"),
    "notifications.replace(media+actions)": lambda client: client.notifications.replace(
        "n1", title="T", media="https://x/y.png", actions=[WEB]
    ),
    "notifications.replace_push_notification": lambda client: client.notifications.replace_push_notification(
        "n1", push_notification_replace_request={"title": "T"}
    ),
    "live_activities.start(kw)": lambda client: client.live_activities.start(
        title="T", type="progress", percentage=10, alert={"title": "A"}, channels="ops"
    ),
    "live_activities.start(dict)": lambda client: client.live_activities.start(
        {"content_state": STATE, "channels": ["ops"]}
    ),
    "live_activities.start(content_state= + kw)": lambda client: client.live_activities.start(
        content_state=STATE, percentage=20
    ),
    "live_activities.start_live_activity": lambda client: client.live_activities.start_live_activity(
        live_activity_start_request={"content_state": STATE}
    ),
    "live_activities.update(kw)": lambda client: client.live_activities.update(
        activity_id="a", title="T", percentage=50, tags=[], metadata={}
    ),
    "live_activities.update_live_activity": lambda client: client.live_activities.update_live_activity(
        live_activity_update_request={"activity_id": "a", "content_state": {"title": "T"}}
    ),
    "live_activities.end(kw, auto_dismiss_minutes=0)": lambda client: client.live_activities.end(
        activity_id="a", title="T", auto_dismiss_minutes=0
    ),
    "live_activities.end_live_activity": lambda client: client.live_activities.end_live_activity(
        live_activity_end_request={"activity_id": "a", "content_state": {"title": "T"}}
    ),
    "live_activities.stream(kw)": lambda client: client.live_activities.stream(
        "k", title="T", type="progress", percentage=10, channels=("a", "b")
    ),
    "live_activities.stream(dict)": lambda client: client.live_activities.stream(
        "k", {"content_state": STATE, "channels": "a"}
    ),
    "live_activities.reconcile_live_activity_stream": (
        lambda client: client.live_activities.reconcile_live_activity_stream(
            "k", live_activity_stream_request={"content_state": STATE}
        )
    ),
    "live_activities.end_stream('k')": lambda client: client.live_activities.end_stream("k"),
    "live_activities.end_stream(kw)": lambda client: client.live_activities.end_stream(
        "k", title="Done", auto_dismiss_minutes=0, tags=["t"], metadata={}
    ),
    "live_activities.end_live_activity_stream": lambda client: client.live_activities.end_live_activity_stream(
        "k", live_activity_stream_delete_request={"content_state": {"title": "T"}}
    ),
    "metrics.update('k', 99.9)": lambda client: client.metrics.update("deploy.success_rate", 99.9),
    "metrics.update('k','ok', timestamp str)": lambda client: client.metrics.update("k", "ok", AT),
    "metrics.update('k', dict)": lambda client: client.metrics.update("k", {"value": 1, "timestamp": AT}),
    "metrics.update('k', True)": lambda client: client.metrics.update("k", True),
    "metrics.update('K!', 1)": lambda client: client.metrics.update("K!", 1),
    "metrics.update_metric_value": lambda client: client.metrics.update_metric_value("k", {"value": 1}),
    "badge_count(3)": lambda client: client.badge_count(3),
    "badge_count(0, channels='a,b')": lambda client: client.badge_count(0, channels="a,b"),
    "badge_count(-1)": lambda client: client.badge_count(-1),
}

"""Programs that type checkers must reject: each line that ends with the mark. It is checked and never run."""

from __future__ import annotations

import activitysmith_kit
from activitysmith_kit import (
    ActivitySmith,
    Alert,
    Badge,
    Icon,
    Metric,
    Metrics,
    Progress,
    RateLimited,
    Timer,
    Value,
    Webhook,
    content_state,
    job,
    metric,
)
from activitysmith_kit.emulator import Emulator


def names_that_are_not_there() -> None:
    from activitysmith_kit import Progres  # rejected

    del Progres
    print(activitysmith_kit.Progres)  # rejected
    print(activitysmith_kit.errors.ApiEror)  # rejected


client = ActivitySmith(7)  # rejected
client = ActivitySmith(timeout="3")  # rejected
client = ActivitySmith(colour="red")  # rejected
client = ActivitySmith()
live_activities = client.live_activities

# Typed states.
Progress()  # rejected
Progress("T", 42)  # rejected
Progress("T", percentage="42")  # rejected
Progress("T", percentge=42)  # rejected
Progress("T", message="no")  # rejected
Progress("T", color="turquoise")  # rejected
Alert("T")  # rejected
Timer("T", percentage=42)  # rejected
Timer("T", badge=Badge("no"))  # rejected
Metrics("T", Metric("CPU", 1))  # rejected
Metric("CPU", [1])  # rejected
Value("T", None)  # rejected
Icon("bolt", color=7)  # rejected
Webhook("Go", "https://a.test", method="PATCH")  # rejected
live_activities.stream(7, Progress("T", percentage=1))  # rejected
live_activities.stream("k", Icon("bolt"))  # rejected
live_activities.stream("k", Progress("T", percentage=1), tags="nightly")  # rejected
live_activities.stream("k", Progress("T", percentage=1), metadata={"a": [1]})  # rejected
live_activities.stream("k", Progress("T", percentage=1), chanels=["ops"])  # rejected
live_activities.stream("k", Progress("T", percentage=1), auto_dismiss_seconds=3)  # rejected
live_activities.stream("k", Progress("T", percentage=1), timeout="3")  # rejected

# Dicts.
live_activities.stream("k", {"title": "T", "type": "timer"})  # rejected
live_activities.stream("k", content_state={"type": "progress", "percentage": 1})  # rejected
live_activities.stream("k", content_state={"title": "T", "type": "gauge"})  # rejected
live_activities.stream("k", content_state={"title": "T", "type": "timer", "percentage": 1})  # rejected
live_activities.stream("k", content_state={"title": "T", "type": "progress", "percentage": "1"})  # rejected
live_activities.stream("k", {"content_state": {"title": "T", "type": "timer"}, "chanels": ["ops"]})  # rejected

# Keywords.
live_activities.stream("k")  # rejected
live_activities.stream("k", type="progress", percentage=1)  # rejected
live_activities.stream("k", title="T", type="gauge")  # rejected
live_activities.stream("k", title="T", type="progress", percentage="abc")  # rejected
live_activities.stream("k", title="T", type="timer", percentage=1)  # rejected
live_activities.stream("k", title="T", type="alert")  # rejected
live_activities.stream("k", title="T", type="metrics", metrics=[1])  # rejected
live_activities.stream("k", title="T", subtitel="s")  # rejected
live_activities.stream("k", title="T", color="turquoise")  # rejected
content_state("T", type="timer", percentage=1)  # rejected
content_state("T", type="metrics", metrics=[1])  # rejected
live_activities.stream("k", title="T", state_extra=7)  # rejected
live_activities.reconcile_live_activity_stream("k", title="T", subtitel="s")  # rejected
metric("CPU", None)  # rejected

# The end.
live_activities.end_stream()  # rejected
live_activities.end_stream("k", channels=["ops"])  # rejected
live_activities.end_stream("k", title="T", type="gauge")  # rejected
live_activities.end_stream("k", Progress("T", percentage=1), auto_dismiss_minutes="2")  # rejected

# By ids.
live_activities.start()  # rejected
live_activities.start(title="T")  # rejected
live_activities.start(Progress("T", percentage=0), activity_id="a")  # rejected
live_activities.update(title="T")  # rejected
live_activities.update(activity_id="a", title="T", channels=["ops"])  # rejected
live_activities.update(activity_id="a", title="T", subtitel="s")  # rejected
live_activities.end(activity_id="a", title="T", auto_dismiss_minutes="2")  # rejected
live_activities.end({"activity_id": "a"})  # rejected

# Notifications, metrics, the badge.
client.notifications.send()  # rejected
client.notifications.send(message="M")  # rejected
client.notifications.send("T", mesage="M")  # rejected
client.notifications.send("T", interruption_level="loud")  # rejected
client.notifications.send({"title": "T", "chanels": ["ops"]})  # rejected
client.notifications.replace("n")  # rejected
client.notifications.replace("n", "T", sound="default")  # rejected
client.metrics.update("k")  # rejected
client.metrics.update("k", [1])  # rejected
client.metrics.update("k", 1, timestamp=3)  # rejected
client.badge_count("3")  # rejected
client.badge_count(3, channel="ops")  # rejected
live_activities.publish("k", Progress("T", percentage=0), on_failure=7)  # rejected

# Publishers.
live = live_activities.publish("k", Progress("T", percentage=0))
live_activities.publish("k")  # rejected
live_activities.publish("k", title="T")  # rejected
live_activities.publish("k", title="T", type="gauge")  # rejected
live_activities.publish("k", Progress("T", percentage=0), timeout=3)  # rejected
live_activities.publish("k", Progress("T", percentage=0), min_interval="often")  # rejected
live_activities.publish("k", content_state={"title": "T", "type": "timer", "percentage": 1})  # rejected
live.update(Progress("T", percentage=1))  # rejected
live.update(percentage="5")  # rejected
live.update(subtitel="s")  # rejected
live.update({"subtitel": "s"})  # rejected
live.update(color="turquoise")  # rejected
live.finish(channels=["ops"])  # rejected
live.fail(7)  # rejected
live.replace(percentage=5)  # rejected
arrived: int = live.counters  # rejected
live_activities.track([1], "k")  # rejected
live_activities.track(1, "k", title="T")  # rejected
live_activities.track([1], "k", title="T", percentage=5)  # rejected
text: list[str] = list(live_activities.track([1], "k", title="T"))  # rejected
job(title="T")  # rejected
job(print)  # rejected
job("k", title="T", subtitel="s")  # rejected

# What comes back.
print(live_activities.stream("k", Progress("T", percentage=1)).operaton)  # rejected
RateLimited("slow down", retry_aftr=3)  # rejected
RateLimited("slow down", status="429")  # rejected
number: int = live_activities.stream("k", Progress("T", percentage=1)).operation  # rejected

# Tests.
account = Emulator().account()
account.client(timout=3)  # rejected
account.set_up(revoked="yes")  # rejected

"""Programs that type checkers must accept. It is checked and never run."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator
from pathlib import Path

import activitysmith_kit
from activitysmith_kit import (
    ActivityLimitReached,
    ActivityResponse,
    ActivitySmith,
    ActivitySmithError,
    Alert,
    ApiError,
    AsyncActivitySmith,
    AsyncPublisher,
    Badge,
    Change,
    Icon,
    LiveActivityColor,
    Metric,
    MetricResponse,
    Metrics,
    OpenUrl,
    Progress,
    Publisher,
    Push,
    PushAlert,
    PushInterruptionLevel,
    PushReplacement,
    PushResponse,
    RateLimited,
    SegmentedProgress,
    Stats,
    StreamResponse,
    Timer,
    ValidationError,
    Value,
    Webhook,
    action,
    alert_badge,
    alert_icon,
    content_state,
    events,
    job,
    metric,
    types,
)
from activitysmith_kit.emulator import Account

client = ActivitySmith()
client = ActivitySmith(
    "ask_test_1", base_url="http://127.0.0.1:4010/api", timeout=3, connect_timeout=0.5, max_retries=0
)
client = ActivitySmith(api_key_file=Path("key"), timeout=datetime.timedelta(seconds=3))
live_activities = client.live_activities

# Typed states.
response: StreamResponse = live_activities.stream("k", Progress("T", percentage=42))
live_activities.stream(
    "k", Progress(title="T", subtitle=None, value=3, upper_limit=7.5, color="blue", icon=Icon("bolt"))
)
live_activities.stream("k", SegmentedProgress("T", 4, 1, step_colors=["green"], badge=Badge("canary", color="lime")))
live_activities.stream("k", Metrics("T", [Metric("CPU", 71, unit="%"), {"label": "Disk", "value": 44.5}]))
live_activities.stream("k", Stats("T", [metric("Orders", "1,024")]))
live_activities.stream("k", Alert("T", "Approve?", icon=alert_icon("bell"), badge={"title": "new"}))
live_activities.stream("k", Timer.countdown("T", 90.5))
live_activities.stream("k", Timer("T", counts_down=False, is_running=True))
live_activities.stream("k", Value("T", "0031", extra={"glow": {"red": [1, None]}}))
live_activities.stream("k", Change("T", percentage=7))
live_activities.stream("k", content_state=Progress("T", percentage=42))
live_activities.stream(
    "k",
    Progress("T", percentage=42),
    action=OpenUrl("Log", "https://a.test"),
    secondary_action=Webhook("Stop", "https://a.test", method="POST", body={"run": 17}),
    alert=PushAlert(title="Half way"),
    channels=["ops"],
    tags=("nightly",),
    metadata={"run": 17, "dry": False, "by": "ci"},
    extra={"priority": 3},
    timeout=datetime.timedelta(seconds=2),
    max_retries=1,
)

# Dicts.
live_activities.stream("k", content_state={"title": "T", "type": "progress", "percentage": 42})
live_activities.stream("k", content_state={"title": "T", "percentage": 42})
live_activities.stream("k", {"content_state": {"title": "T", "type": "timer"}, "channels": "ops, night"})
live_activities.stream(
    "k", {"content_state": {"title": "T", "type": "timer"}}, content_state={"subtitle": "s"}, tags=[]
)
state: types.ProgressDict = {"title": "T", "type": "progress"}
state["percentage"] = 43
live_activities.stream("k", content_state=state)
built = content_state("T", type="metrics", metrics=[metric("CPU", 9, color="cyan")], icon=alert_icon("bolt"))
built["subtitle"] = "s"
live_activities.stream("k", content_state=built)
live_activities.stream("k", {"content_state": content_state("T", percentage=3)})
content_state("T", type="stats", metrics=(Metric("CPU", 9), metric("RAM", "1 GB")), extra={"glow": True})
content_state("T", percentage=3, extra=None)

# Keywords.
live_activities.stream("k", title="T", type="progress", percentage=42, color=LiveActivityColor.RED)
live_activities.stream("k", title="T", type="segmented_progress", number_of_steps=3, current_step=1)
live_activities.stream("k", title="T", type="metrics", metrics=[metric("CPU", 9)], channels="ops, night")
live_activities.stream("k", title="T", type="alert", message="Approve?", badge=alert_badge("new"))
live_activities.stream("k", title="T", type="value", value="0031", target={"channels": ["ops"]})
live_activities.stream(
    "k", title="T", type="timer", duration_seconds=90, action=action("Log", "open_url", "https://a.test")
)
live_activities.stream("k", title="T", percentage=42, timeout=0.5)
live_activities.stream("k", title="T", type=live_activities.TYPE_PROGRESS, percentage=1)

live_activities.stream("k", title="T", type="timer", state_extra={"glow": True}, extra={"priority": 3})
live_activities.reconcile_live_activity_stream("k", {"content_state": state}, percentage=44, tags=["nightly"])
live_activities.end_live_activity_stream("k", content_state={"title": "T"}, auto_dismiss_minutes=2)

# The end.
live_activities.end_stream("k")
live_activities.end_stream("k", Progress("T", percentage=100), auto_dismiss_seconds=30)
live_activities.end_stream("k", content_state={"title": "T", "auto_dismiss_minutes": 2})
live_activities.end_stream("k", {"content_state": {"title": "T", "type": "progress", "percentage": 100}}, tags=["done"])
live_activities.end_stream("k", title="T", type="progress", percentage=100, auto_dismiss_minutes=0)

live_activities.end_stream("k", content_state=content_state("T", type="progress", auto_dismiss_minutes=2))

# By ids.
started: ActivityResponse = live_activities.start(Progress("T", percentage=0), channels="ops, night", tags=["print"])
live_activities.start({"content_state": {"title": "T", "type": "timer"}, "alert": {"title": "A"}}, timeout=3)
live_activities.start(title="T", type="value", value=3, alert=PushAlert(title="A"))
live_activities.start(content_state=content_state("T", type="progress", percentage=1), percentage=2)
live_activities.start_live_activity(live_activity_start_request={"content_state": {"title": "T", "type": "timer"}})
live_activities.update(Change("T", percentage=50), activity_id="a", tags=[])
live_activities.update({"activity_id": "a", "content_state": {"title": "T"}}, percentage=50)
live_activities.update(activity_id="a", content_state=state, secondary_action=OpenUrl("Log", "https://a.test"))
live_activities.update_live_activity(activity_id="a", title="T", percentage=50)
live_activities.end(Progress("T", percentage=100), activity_id="a", auto_dismiss_minutes=0)
live_activities.end_live_activity(live_activity_end_request={"activity_id": "a", "content_state": {"title": "T"}})

# Notifications.
pushed: PushResponse = client.notifications.send("T", message="M", interruption_level="passive", timeout=3)
client.notifications.send(
    Push("T", actions=[OpenUrl("Log", "https://a.test"), action("R", "webhook", "https://a.test")])
)
client.notifications.send({"title": "T", "channels": "ops, night", "payload": {"a": [1]}}, badge=3)
client.notifications.send(title="T", interruption_level=PushInterruptionLevel.TIME_SENSITIVE, extra={"volume": 1})
client.notifications.send_push_notification(push_notification_request={"title": "T"}, tags=["a"])
client.notifications.replace(pushed.notification_id or "", "T", metadata={})
client.notifications.replace("n", PushReplacement("T"), title="U")
client.notifications.replace_push_notification("n", title="T")

# Metrics and the badge.
measured: MetricResponse = client.metrics.update("k", 42, datetime.datetime.now(datetime.timezone.utc))
client.metrics.update("k", {"value": "many", "timestamp": "2026-11-20T12:00:00Z"}, max_retries=0)
client.metrics.update_metric_value("k", {"value": 1})
client.badge_count(3, channels="ops, night", timeout=3)

# Publishers.
with live_activities.publish("k", Progress("T", percentage=0), tags=["nightly"]) as live:
    publisher: Publisher = live
    live.update(percentage=42.5, subtitle="s", color="blue", alert=PushAlert(title="Half way"))
    live.update({"percentage": 43, "metadata": {"run": 17}}, urgent=True)
    patch: types.Patch = {"metrics": [metric("CPU", 9)]}
    live.update(patch, state_extra={"glow": True})
    live.replace(SegmentedProgress("T", 4, 1), urgent=True)
    live.replace(content_state={"title": "T", "type": "timer"}, tags=[])
    arrived: bool = live.flush() and live.flush(timeout=datetime.timedelta(seconds=2))
    arrived = live.finish(percentage=100, auto_dismiss_seconds=30) or live.fail(OSError("no disk")) or live.fail("why")
    happened: list[events.Event] = live.events()
    sent: int = live.counters.sent
    problem: ActivitySmithError | None = live.problem
    live.detach()
SECOND = datetime.timedelta(seconds=1)
live_activities.publish("k", content_state={"title": "T", "type": "timer"}, min_interval=0.5)
live_activities.publish("k", {"content_state": {"title": "T", "type": "timer"}}, min_interval=SECOND)
live_activities.publish("k", title="T", type="value", value=3, channels="ops")
live_activities.publish("k", Progress("T", percentage=0), on_failure="Failed", on_success=Push("Done", sound="default"))

# Loops.
for number in live_activities.track([1, 2], "k", title="T", subtitle="s"):
    half: float = number / 2
for path in live_activities.track(Path().iterdir(), "k", title="T", total=7, min_interval=1, tags=["nightly"]):
    name: str = path.name


# Jobs.
@job("nightly-backup", title="Nightly backup")
def backup(folder: Path, *, times: int) -> int:
    return times


@live_activities.job("nightly-backup", Progress("Nightly backup", percentage=0), min_interval=1, channels=["ops"])
async def restore(folder: Path) -> str:
    return folder.name


@job(lambda: f"deploy-{times}", title="Deploy")
def deploy() -> None: ...


times: int = backup(Path(), times=3)

# What comes back.
operation: str = response.operation
if response.operation == "paused":
    activity_id: str | None = response.activity_id
attempts: int = response.facts.attempts
left: list[int | None] = [limit.remaining for limit in response.facts.rate_limits]
newer: types.Json = response.extra.get("mood")
plain: dict[str, object] = response.to_dict()

# What goes wrong.
try:
    client.with_options(timeout=1).live_activities.end_stream("k")
except ValidationError as error:
    paths: list[str] = [violation.path for violation in error.violations]
except RateLimited as error:
    wait: float | None = error.retry_after
except ActivityLimitReached as error:
    limit: int | None = error.limit
except activitysmith_kit.errors.NoRecipients as error:
    nobody = error.effective_channel_slugs
except ApiError as error:
    status: int = error.status
except ActivitySmithError as error:
    again: bool = error.is_transient
made = RateLimited("slow down", retry_after=3, status=429)


async def main() -> None:
    async with AsyncActivitySmith(timeout=3) as client:
        response: StreamResponse = await client.live_activities.stream("k", Progress("T", percentage=42))
        task: asyncio.Task[StreamResponse] = asyncio.create_task(client.live_activities.end_stream("k"))
        await asyncio.wait_for(task, 1)
        again: ActivityResponse = await client.live_activities.start(title="T", type="timer", counts_down=False)
        sent: PushResponse = await client.notifications.send("T")
        value: MetricResponse = await client.metrics.update("k", 42)
        print(again, sent, value, await client.badge_count(3))
        print(response.operation)
        await client.with_options(max_retries=0).aclose()
        async with client.live_activities.publish("k", Progress("T", percentage=0)) as live:
            await end(live)
        async for number in client.live_activities.track(numbers(), "k", title="T"):
            print(number / 2)
        async for letter in client.live_activities.track("letters", "k", title="T"):
            print(letter.upper())
    print((await restore(Path())).upper())


async def end(live: AsyncPublisher) -> bool:
    live.update(percentage=5)
    return await live.flush(timeout=3) and await live.finish(percentage=7)


async def numbers() -> AsyncIterator[int]:
    yield 1


def test_a_job(activitysmith: Account) -> None:
    activitysmith.client().live_activities.stream("k", Progress("T", percentage=42))
    assert activitysmith.stream("k")["state"] == "active"
    activitysmith.async_client(connect_timeout=0.5, max_retries=0)
    activitysmith.set_up(billing="trial_expired", channels=["ops"])

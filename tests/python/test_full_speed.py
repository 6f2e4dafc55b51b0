"""For real: half a minute of all that loops can give, on three streams. It lies here to run once, on one Python."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from activitysmith_kit import Progress
from activitysmith_kit.testing import Account

SECONDS = 30
STREAMS = ("one", "two", "three")
# Any machine gets so far.
FEWEST = 30_000


def test_a_hundred_thousand_updates_a_second_meet_no_limit(
    activitysmith: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    client = activitysmith.client()

    def job(stream_key: str) -> int:
        updates = 0
        with client.live_activities.publish(stream_key, Progress("Backup", percentage=0)) as live:
            began = time.monotonic()
            while time.monotonic() - began < SECONDS:
                for _ in range(100):
                    updates += 1
                    live.update(percentage=updates % 100_000 / 1_000)
            live.update(percentage=77)
        assert live.problem is None
        # With the first state and the last one.
        assert live.counters.updates == updates + 2
        return updates

    with ThreadPoolExecutor(len(STREAMS)) as threads:
        updates = sum(threads.map(job, STREAMS))
    with capsys.disabled():
        print(f"{updates // SECONDS:,} updates a second, which is as many as Python gives")
    assert updates >= FEWEST

    requests = activitysmith.requests()
    assert {request["status"] for request in requests} == {200}
    assert len(requests) <= 5 * len(STREAMS)
    for stream_key in STREAMS:
        stream = activitysmith.stream(stream_key)
        assert stream["state"] == "ended"
        assert stream["content_state"] == {"title": "Backup", "type": "progress", "percentage": 77}

"""Publishers of programs with an event loop: whatever waits is awaited, and no loop is kept waiting."""

from __future__ import annotations

import asyncio
import time

import pytest
from activitysmith_kit import (
    AsyncActivitySmith,
    AsyncPublisher,
    ConfigError,
    Progress,
    TimeoutError,
)
from activitysmith_kit.testing import Account
from support import API_KEY, NOBODY, Service, methods, shown

STATE = Progress("Backup", percentage=0)


def test_it_is_a_start_and_an_end_with_the_last_state(activitysmith: Account) -> None:
    async def main() -> None:
        async with activitysmith.async_client().live_activities.publish("backup", STATE) as live:
            assert await live.flush()
            live.update(percentage=40)
            live.update({"percentage": 50})
        assert live.counters.sent == 2
        assert repr(live) == "<AsyncPublisher 'backup'>"

    asyncio.run(main())
    assert methods(activitysmith) == ["PUT", "DELETE"]
    assert shown(activitysmith)["percentage"] == 50


def test_one_that_an_exception_leaves_has_failed(activitysmith: Account) -> None:
    async def main() -> None:
        async with activitysmith.async_client().live_activities.publish("backup", STATE):
            raise KeyError("secret")

    with pytest.raises(KeyError):
        asyncio.run(main())
    assert shown(activitysmith)["subtitle"] == "KeyError"


def test_it_ends_as_it_is_told(activitysmith: Account) -> None:
    async def main() -> None:
        publish = activitysmith.async_client().live_activities.publish
        assert await publish("one", STATE).finish(percentage=100)
        assert await publish("two", STATE).fail(OSError())
        three = publish("three", STATE)
        assert await three.flush()
        three.detach()

    asyncio.run(main())
    assert shown(activitysmith, "one")["percentage"] == 100
    assert shown(activitysmith, "two")["subtitle"] == "OSError"
    assert activitysmith.stream("three")["state"] == "active"


def test_it_keeps_no_loop_waiting(service: Service) -> None:
    service.silent = True

    async def main() -> None:
        live = service.async_client().live_activities.publish("backup", STATE)
        flushing = asyncio.ensure_future(live.flush(timeout=60))
        for _ in range(100):
            await asyncio.sleep(0.001)
        # A loop that had to wait for it would come here when it is over.
        assert not flushing.done()
        flushing.cancel()
        assert not await live.flush(timeout=0.2)
        assert isinstance(live.problem, TimeoutError)
        live.detach()

    asyncio.run(main())


def test_one_whose_task_is_cancelled_has_failed(activitysmith: Account) -> None:
    async def job() -> None:
        async with activitysmith.async_client().live_activities.publish("backup", STATE) as live:
            assert await live.flush()
            await asyncio.sleep(60)

    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(job(), 1)

    asyncio.run(main())
    assert shown(activitysmith)["subtitle"] == "CancelledError"


def test_it_goes_on_ending_where_nobody_waits_any_more(activitysmith: Account) -> None:
    async def main() -> None:
        live = activitysmith.async_client().live_activities.publish("backup", STATE)
        ending = asyncio.ensure_future(live.finish(percentage=90))
        await asyncio.sleep(0)
        ending.cancel()
        deadline = time.monotonic() + 10
        while "DELETE" not in methods(activitysmith) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)

    asyncio.run(main())
    assert shown(activitysmith)["percentage"] == 90


@pytest.mark.parametrize("scope", [False, True])
def test_the_jobs_own_exception_survives_a_second_end(
    activitysmith: Account, caplog: pytest.LogCaptureFixture, scope: bool
) -> None:
    error = OSError("no disk")

    async def report(live: AsyncPublisher) -> None:
        try:
            raise error
        except OSError as caught:
            await live.fail(caught)
            raise
        finally:
            assert await live.finish()
            live.update(percentage=50)
            live.update(percentage=51)

    async def main() -> None:
        live = activitysmith.async_client().live_activities.publish("backup", STATE)
        if scope:
            async with live:
                await report(live)
        await report(live)

    with pytest.raises(OSError, match="no disk") as raised:
        asyncio.run(main())
    assert raised.value is error
    assert error.__context__ is None
    assert shown(activitysmith)["subtitle"] == "OSError"
    (line,) = [record.getMessage() for record in caplog.records if record.name == "activitysmith_kit"]
    assert line == "backup: a change came after the stream was ended; it is ignored"


def test_without_a_key_or_a_network_breaks_no_job() -> None:
    async def main() -> None:
        async with AsyncActivitySmith(base_url=NOBODY).live_activities.publish("backup", STATE) as live:
            assert not await live.flush()
        assert isinstance(live.problem, ConfigError)
        async with AsyncActivitySmith(API_KEY, base_url=NOBODY).live_activities.publish("backup", STATE) as live:
            assert not await live.flush(timeout=0.1)
        assert isinstance(live.problem, ConnectionError)

    asyncio.run(main())


def test_the_end_comes_with_the_close_of_the_client(activitysmith: Account) -> None:
    async def fail(kept: list[AsyncPublisher]) -> None:
        async with activitysmith.async_client() as client:
            kept.append(client.live_activities.publish("failed", STATE))
            raise OSError("no disk")

    async def main() -> None:
        async with activitysmith.async_client() as client:
            kept = [client.live_activities.publish("finished", STATE)]
        with pytest.raises(OSError, match="no disk"):
            await fail(kept)
        blocking = activitysmith.async_client()
        kept.append(blocking.live_activities.publish("closed", STATE))
        blocking.close()
        assert [live.problem for live in kept] == 3 * [None]

    asyncio.run(main())
    ended = {key: activitysmith.stream(key) for key in ("finished", "failed", "closed")}
    assert {stream["state"] for stream in ended.values()} == {"ended"}
    assert [key for key, stream in ended.items() if stream["content_state"].get("color") == "red"] == ["failed"]


def test_a_close_that_is_cancelled_leaves_the_end_to_go_on(activitysmith: Account) -> None:
    async def main() -> None:
        client = activitysmith.async_client()
        live = client.live_activities.publish("backup", STATE)
        closing = asyncio.ensure_future(client.aclose())
        await asyncio.sleep(0)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        assert await live.finish()
        await client.aclose()

    asyncio.run(main())
    assert activitysmith.stream("backup")["state"] == "ended"


def test_two_closes_at_once_wait_for_the_same_ends(activitysmith: Account) -> None:
    async def main() -> None:
        client = activitysmith.async_client()
        live = client.live_activities.publish("backup", STATE)
        await asyncio.gather(client.aclose(), client.aclose())
        assert live.problem is None

    asyncio.run(main())
    assert activitysmith.stream("backup")["state"] == "ended"

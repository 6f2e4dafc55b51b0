"""`AsyncActivitySmith`: cancellation, several loops, closing, and no noise."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import weakref
from typing import Any

import pytest
from activitysmith_kit import (
    ActivitySmithError,
    AsyncActivitySmith,
    ClosedError,
    Progress,
    TimeoutError,
    ValidationError,
    _native,
)
from activitysmith_kit.testing import Account
from support import PATIENCE, Service, needs_proc, open_descriptors, run

STATE = Progress("Backup", percentage=42)


async def arrived(service: Service) -> None:
    """Waits until a request is there."""
    assert await asyncio.get_running_loop().run_in_executor(None, lambda: service.arrived.acquire(timeout=PATIENCE))


def test_the_same_calls_awaited(activitysmith: Account) -> None:
    async def main() -> list[str]:
        async with activitysmith.async_client() as client:
            live_activities = client.live_activities
            return [
                (await live_activities.stream("k", STATE)).operation,
                (await live_activities.stream("k", content_state={"title": "Backup", "percentage": 43})).operation,
                (await live_activities.stream("k", title="Backup", type="progress", percentage=44)).operation,
                (await live_activities.end_stream("k", STATE, auto_dismiss_seconds=0)).operation,
            ]

    assert asyncio.run(main()) == ["started", "updated", "updated", "ended"]


def test_calls_go_side_by_side(service: Service) -> None:
    async def main() -> None:
        client = service.async_client()
        answers = await asyncio.gather(*(client.live_activities.stream(f"k{n}", STATE) for n in range(50)))
        assert {answer.operation for answer in answers} == {"updated"}

    asyncio.run(main())
    assert {request.path.rsplit("/", 1)[1] for request in service.requests} == {f"k{n}" for n in range(50)}


def test_failures_are_raised(service: Service) -> None:
    async def main() -> None:
        client = service.async_client(timeout=0.05)
        with pytest.raises(ValidationError):
            await client.live_activities.stream("k", Progress("T"))
        service.silent = True
        with pytest.raises(TimeoutError):
            await client.live_activities.stream("k", STATE)

    asyncio.run(main())


def test_cancelling_frees_the_caller_and_drops_the_request(service: Service) -> None:
    service.silent = True

    async def main() -> float:
        client = service.async_client(timeout=60)
        call = asyncio.ensure_future(client.live_activities.stream("k", STATE))
        await arrived(service)
        call.cancel()
        began = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await call
        return time.monotonic() - began

    # The call itself has 60 seconds; a machine may stall for a while.
    assert asyncio.run(main()) < 5
    assert service.dropped.acquire(timeout=PATIENCE)


def test_wait_for(service: Service) -> None:
    service.silent = True

    async def main() -> None:
        client = service.async_client(timeout=60)
        call = asyncio.ensure_future(client.live_activities.stream("k", STATE))
        await arrived(service)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(call, 0.05)
        service.silent = False
        assert (await client.live_activities.stream("k", STATE)).operation == "updated"

    asyncio.run(main())
    assert service.dropped.acquire(timeout=PATIENCE)


def test_one_client_serves_loops_one_after_another(service: Service) -> None:
    client = service.async_client()

    async def main() -> str:
        return (await client.live_activities.stream("k", STATE)).operation

    assert [asyncio.run(main()) for _ in range(3)] == ["updated"] * 3


def test_one_client_serves_loops_in_threads(service: Service) -> None:
    client = service.async_client()
    answers: list[str] = []

    async def main() -> None:
        for _ in range(10):
            answers.append((await client.live_activities.stream("k", STATE)).operation)

    threads = [threading.Thread(target=asyncio.run, args=(main(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert answers == ["updated"] * 80


def test_two_clients_on_one_loop_do_not_mix(service: Service) -> None:
    async def main() -> None:
        first, second = service.async_client(), service.async_client()
        calls = [client.live_activities.stream(key, STATE) for key in "abc" for client in (first, second)]
        assert [answer.operation for answer in await asyncio.gather(*calls)] == ["updated"] * 6

    asyncio.run(main())


def test_a_closed_client_says_so_to_calls_under_way(service: Service) -> None:
    service.silent = True

    async def main() -> None:
        client = service.async_client(timeout=60)
        limited = client.with_options(timeout=50)
        calls = [asyncio.ensure_future(one.live_activities.stream("k", STATE)) for one in (client, limited)]
        await arrived(service)
        await arrived(service)
        await client.aclose()
        for call in calls:
            with pytest.raises(ClosedError, match="closed"):
                await asyncio.wait_for(call, PATIENCE)
        with pytest.raises(ClosedError, match="closed"):
            await limited.live_activities.stream("k", STATE)

    asyncio.run(main())


def test_closing_from_another_thread_reaches_the_loop(service: Service) -> None:
    service.silent = True

    async def main() -> None:
        client = service.async_client(timeout=60)
        call = asyncio.ensure_future(client.live_activities.stream("k", STATE))
        await arrived(service)
        await asyncio.get_running_loop().run_in_executor(None, client.close)
        with pytest.raises(ClosedError, match="closed"):
            await asyncio.wait_for(call, PATIENCE)

    asyncio.run(main())


def test_a_client_keeps_no_loop_alive(service: Service) -> None:
    client = service.async_client()

    async def main() -> Any:
        await client.live_activities.stream("k", STATE)
        return weakref.ref(asyncio.get_running_loop())

    loop = asyncio.run(main())
    gc.collect()
    assert loop() is None


@needs_proc
def test_clients_that_come_and_go_leave_no_descriptors(service: Service) -> None:
    def fallen_to(wanted: int) -> bool:
        # A connection that was closed takes the library's thread, and the service, a moment.
        until = time.monotonic() + PATIENCE
        while open_descriptors() > wanted and time.monotonic() < until:
            time.sleep(0.01)
        return open_descriptors() <= wanted

    def fewest() -> int:
        looks = []
        for _ in range(100):
            time.sleep(0.001)
            looks.append(open_descriptors())
        return min(looks)

    async def come_and_go() -> None:
        async with service.async_client() as client:
            await client.live_activities.stream("k", STATE)

    async def main() -> None:
        await come_and_go()
        # The loop has some of its own.
        after_the_first = await asyncio.to_thread(fewest)
        for _ in range(20):
            await come_and_go()
        assert await asyncio.to_thread(fallen_to, after_the_first)

    before = open_descriptors()
    asyncio.run(main())
    gc.collect()
    assert fallen_to(before)


def test_a_program_that_an_exception_ends_with_calls_under_way_does_not_crash(service: Service) -> None:
    service.silent = True
    program = """
import asyncio
from activitysmith_kit import AsyncActivitySmith, Progress

client = AsyncActivitySmith()
loop = asyncio.new_event_loop()

async def main():
    task = loop.create_task(client.live_activities.stream("k", Progress("T", percentage=1)))
    await asyncio.sleep(0)
    raise RuntimeError

task = loop.run_until_complete(main())
"""
    done = run(program, service.environment)
    assert done.returncode == 1


def test_a_loop_that_closes_with_calls_under_way_is_quiet(service: Service) -> None:
    service.silent = True
    # Not `asyncio.run`, which cancels what is under way before it closes its loop.
    program = """
import asyncio
from activitysmith_kit import AsyncActivitySmith, Progress, _mailbox

client = AsyncActivitySmith()
loop = asyncio.new_event_loop()

async def main():
    task = loop.create_task(client.live_activities.stream("k", Progress("T", percentage=1)))
    while not _mailbox.current().awaited:
        await asyncio.sleep(0)
    return task

task = loop.run_until_complete(main())
loop.close()
# What asyncio itself says of a task that is thrown away is not ours to silence.
task._log_destroy_pending = False
client.close()
print("over")
"""
    done = run(program, service.environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "over\n", "")


def test_a_panic_of_the_library_is_told(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(*_: object) -> bytes:
        raise _native.InternalError("index out of bounds")

    client = service.async_client()
    monkeypatch.setattr(type(client._native), "start", panics)
    with pytest.raises(ActivitySmithError, match="a defect of its own: index out of bounds") as raised:
        asyncio.run(client.live_activities.end_stream("k"))
    assert raised.value.kind == "internal"


def test_where_loops_cannot_be_woken_it_says_so_and_all_else_works(service: Service) -> None:
    program = """
from activitysmith_kit import *
import sys
from activitysmith_kit.emulator import Account
import activitysmith_kit.testing
import asyncio

# Whose loops watch no descriptors.
sys.platform = "win32"
assert ActivitySmith().live_activities.stream("k", title="T", percentage=1).operation == "updated"
try:
    AsyncActivitySmith()
except ConfigError as error:
    print(error)
"""
    done = run(program, service.environment)
    refusal = "AsyncActivitySmith is not there yet on win32; use ActivitySmith, in a thread of its own if need be"
    assert (done.stdout, done.stderr) == (f"{refusal}\n", "")


def test_it_is_made_without_a_loop(service: Service) -> None:
    client = service.async_client()
    assert isinstance(client, AsyncActivitySmith)
    client.close()
    client.close()

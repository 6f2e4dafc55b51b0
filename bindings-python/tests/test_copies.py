"""What holds or reaches a handle of the native library is neither copied nor pickled, and no pool hangs for it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import copy
import functools
import multiprocessing
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from activitysmith_kit import ActivitySmith, ConnectionError, Progress, ValidationError, _mailbox, _native
from support import API_KEY, NOBODY, PATIENCE, Service

STATE = Progress("Backup", percentage=42)

WAYS: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    *(functools.partial(pickle.dumps, protocol=protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)),
]

HOLDERS = (
    "client",
    "async client",
    "client with options",
    "resource",
    "async resource",
    "publisher",
    "async publisher",
    "track",
    "async track",
    "mailbox",
    "native client",
    "native publisher",
    "native completions",
)


async def _mailbox_of_a_loop() -> _mailbox.Mailbox:
    return _mailbox.current()


@pytest.fixture
def holders(service: Service) -> Iterator[dict[str, Any]]:
    """Each kind of thing that has a handle."""
    client, async_client = service.client(), service.async_client()
    live, async_live = (each.live_activities.publish("backup", STATE) for each in (client, async_client))
    track, async_track = (each.live_activities.track([1], "tracked", title="T") for each in (client, async_client))
    mailbox = asyncio.run(_mailbox_of_a_loop())
    things = (
        client,
        async_client,
        client.with_options(timeout=1),
        client.live_activities,
        async_client.live_activities,
        live,
        async_live,
        track,
        async_track,
        mailbox,
        client._native,
        live._native,
        mailbox.completions,
    )
    yield dict(zip(HOLDERS, things))
    for publisher in (live, async_live, track.publisher, async_track.publisher):
        publisher.detach()


@pytest.mark.parametrize("name", HOLDERS)
def test_it_is_refused_with_what_to_do(holders: dict[str, Any], name: str) -> None:
    thing = holders[name]
    for way in WAYS:
        for given in (thing, [thing], {"a": (thing,)}) if way is not copy.copy else (thing,):
            with pytest.raises(TypeError, match=r"cannot be copied or pickled; .* each") as raised:
                way(given)
            assert str(raised.value).startswith(type(thing).__name__)


def test_every_generated_class_with_a_handle_refuses() -> None:
    generated = [kind for kind in vars(_native).values() if hasattr(kind, "_uniffi_make_instance")]
    assert {kind.__name__ for kind in generated} >= {"NativeClient", "NativePublisher"}
    for kind in generated:
        # A handle that points to nothing, and is not given back.
        thing = object.__new__(kind)
        for way in WAYS:
            with pytest.raises(TypeError, match=f"{kind.__name__} cannot be copied or pickled"):
                way(thing)


def test_a_bound_method_is_refused_with_its_owner(holders: dict[str, Any]) -> None:
    methods = [holders["resource"].stream, holders["publisher"].update, holders["client"].close, holders["track"].close]
    for method in methods:
        for given in (method, functools.partial(method, "k")):
            for way in WAYS[1:]:
                with pytest.raises(TypeError, match="cannot be copied or pickled"):
                    way(given)


def test_what_was_refused_works_on(service: Service) -> None:
    client = service.client()
    for thing in (client, client.live_activities, client.live_activities.stream):
        with pytest.raises(TypeError):
            copy.deepcopy(thing)
    assert client.live_activities.stream("k", STATE).operation == "updated"


def _work(_: object) -> None:
    pass


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_pool_raises_and_does_not_hang(method: str) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip("this system does not fork")
    client = ActivitySmith(API_KEY, base_url=NOBODY)
    stream: Any = client.live_activities.stream
    context: Any = multiprocessing.get_context(method)
    with context.Pool(1) as pool:
        for work, argument in ((stream, "k"), (_work, client), (_work, [client.live_activities])):
            with pytest.raises(TypeError, match="in each process"):
                pool.apply_async(work, [argument]).get(PATIENCE)
        with pytest.raises(TypeError, match="in each process"):
            pool.map_async(stream, ["k"]).get(PATIENCE)
    with pytest.raises(TypeError, match="in each process"):
        context.Pool(1, _work, [client])
    with pytest.raises(TypeError, match="in each process"):
        context.Process(target=stream, args=["k"]).start()
    with concurrent.futures.ProcessPoolExecutor(1, context) as executor:
        for work, argument in ((stream, "k"), (_work, client)):
            with pytest.raises(TypeError, match="in each process"):
                executor.submit(work, argument).result(PATIENCE)


def _fail(key: str) -> None:
    ActivitySmith(API_KEY, base_url=NOBODY, max_retries=0).live_activities.end_stream(key)


def test_a_workers_exception_arrives() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        with pytest.raises(ValidationError) as invalid:
            pool.apply_async(_fail, ["a b"]).get(PATIENCE)
        assert [violation.path for violation in invalid.value.violations] == ["stream_key"]
        with pytest.raises(ConnectionError) as unreachable:
            pool.apply_async(_fail, ["k"]).get(PATIENCE)
        assert (unreachable.value.kind, unreachable.value.attempts) == ("connection", 1)

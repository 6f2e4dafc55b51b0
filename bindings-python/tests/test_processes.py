"""Threads, signals, forks and the end of the process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from activitysmith_kit import ActivitySmith, ClosedError, Progress
from support import API_KEY, PATIENCE, Service, needs_proc, run, spawn

STATE = Progress("Backup", percentage=42)

# Forking beside threads is what is tested, so the warning of newer Pythons is out of place.
FORKING = ("-W", "ignore::DeprecationWarning")

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def test_threads_share_a_client(service: Service) -> None:
    client = service.client()
    answers: list[Any] = []

    def work(number: int) -> None:
        for step in range(10):
            answers.append(client.live_activities.stream(f"k{number}", Progress("T", percentage=step)).operation)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert answers == ["updated"] * 200
    sent = [(request.path, request.json["content_state"]["percentage"]) for request in service.requests]
    assert sorted(sent) == sorted(
        (f"/api/live-activity/stream/k{number}", step) for number in range(20) for step in range(10)
    )


def test_a_client_can_be_closed_while_another_thread_waits(service: Service) -> None:
    service.silent = True
    client = service.client(timeout=60)
    failures: list[BaseException] = []

    def work() -> None:
        with pytest.raises(ClosedError, match="closed") as raised:
            client.live_activities.end_stream("k")
        failures.append(raised.value)

    thread = threading.Thread(target=work)
    thread.start()
    assert service.arrived.acquire(timeout=PATIENCE)
    client.close()
    thread.join(PATIENCE)
    assert len(failures) == 1


@pytest.mark.parametrize("how", ["sync", "async"])
def test_ctrl_c_ends_a_call_at_once(service: Service, how: str) -> None:
    service.silent = True
    # What runs in a shell's background is started with Ctrl-C ignored, and so are these tests there.
    program = f"""
import asyncio, signal, time
from activitysmith_kit import ActivitySmith, AsyncActivitySmith, Progress

signal.signal(signal.SIGINT, signal.default_int_handler)

async def main():
    await AsyncActivitySmith(timeout=60).live_activities.stream("k", Progress("T", percentage=1))

try:
    if {how!r} == "sync":
        ActivitySmith(timeout=60).live_activities.stream("k", Progress("T", percentage=1))
    else:
        asyncio.run(main())
except KeyboardInterrupt:
    print(time.monotonic(), flush=True)
"""
    with spawn(program, service.environment) as process:
        assert service.arrived.acquire(timeout=PATIENCE)
        # The request is there within the first step already; in later ones it is another code that waits.
        for _ in range(3):
            assert not service.dropped.acquire(timeout=0.05)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert err == ""
    # The call itself has far longer; a machine may stall for a while.
    assert float(out) - sent < 5
    assert service.dropped.acquire(timeout=PATIENCE)


FORK = """
import os, sys
from activitysmith_kit import ActivitySmith, Progress

client = ActivitySmith()
state = Progress("T", percentage=1)
"""


@needs_fork
@pytest.mark.parametrize("used_before", [False, True])
def test_a_forked_child_and_its_parent_both_call(service: Service, used_before: bool) -> None:
    program = (
        FORK
        + (f"if {used_before}: client.live_activities.stream('before', state)\n")
        + """
child = os.fork()
answer = client.live_activities.stream("parent" if child else "child", state)
if child:
    _, status = os.waitpid(child, 0)
    assert status == 0
    client.live_activities.stream("after", state)
os._exit(0 if answer.operation == "updated" else 1)
"""
    )
    done = run(program, service.environment, *FORKING)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    keys = sorted(request.path.rsplit("/", 1)[1] for request in service.requests)
    assert keys == sorted(["after", "child", "parent"] + ["before"] * used_before)


@needs_fork
def test_a_forked_child_has_its_parents_key(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("ask_test_file")
    program = """
import os
from activitysmith_kit import ActivitySmith

by_file = ActivitySmith(api_key_file=os.environ["KEY_FILE"])
by_environment = ActivitySmith()
for client in (by_file, by_environment):
    client.live_activities.end_stream("parent")
os.unlink(os.environ["KEY_FILE"])
del os.environ["ACTIVITYSMITH_API_KEY"], os.environ["ACTIVITYSMITH_BASE_URL"]
child = os.fork()
if child == 0:
    for client in (by_file, by_environment):
        client.live_activities.end_stream("child")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
"""
    done = run(program, {**service.environment, "KEY_FILE": str(file)}, *FORKING)
    assert (done.returncode, done.stderr) == (0, "")
    sent = [(request.path.rsplit("/", 1)[1], request.headers["authorization"]) for request in service.requests]
    keys = ["Bearer ask_test_file", f"Bearer {API_KEY}"]
    assert sent == [("parent", key) for key in keys] + [("child", key) for key in keys]


@needs_fork
def test_a_forked_child_has_event_loops_of_its_own(service: Service) -> None:
    program = """
import asyncio, os
from activitysmith_kit import AsyncActivitySmith, Progress

client = AsyncActivitySmith()

async def main(key):
    return (await client.live_activities.stream(key, Progress("T", percentage=1))).operation

assert asyncio.run(main("before")) == "updated"
child = os.fork()
assert asyncio.run(main("parent" if child else "child")) == "updated"
if child:
    assert os.waitpid(child, 0)[1] == 0
"""
    done = run(program, service.environment, *FORKING)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    keys = sorted(request.path.rsplit("/", 1)[1] for request in service.requests)
    assert keys == ["before", "child", "parent"]


@needs_fork
def test_a_fork_while_another_thread_calls(service: Service) -> None:
    program = (
        FORK
        + """
import threading

stop = threading.Event()
calls = []

def work():
    while not stop.is_set():
        calls.append(client.live_activities.stream("parent", state))

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for number in range(20):
    child = os.fork()
    if child == 0:
        answers = [client.live_activities.stream("child", state).operation for _ in range(3)]
        os._exit(0 if answers == ["updated"] * 3 else 1)
    assert os.waitpid(child, 0)[1] == 0, number
stop.set()
for thread in threads: thread.join()
assert {answer.operation for answer in calls} == {"updated"}
print("over")
"""
    )
    done = run(program, service.environment, *FORKING)
    assert (done.returncode, done.stdout, done.stderr) == (0, "over\n", "")


def _work(client_settings: dict[str, Any]) -> str:
    with ActivitySmith(**client_settings) as client:
        return client.live_activities.stream("child", STATE).operation


_inherited: ActivitySmith | None = None


def _work_with_the_inherited(_: int) -> str:
    assert _inherited is not None
    return _inherited.live_activities.stream("child", STATE).operation


@needs_fork
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_multiprocessing_by_fork(service: Service) -> None:
    global _inherited
    _inherited = service.client()
    assert _inherited.live_activities.stream("parent", STATE).operation == "updated"
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(_work_with_the_inherited, range(6)) == ["updated"] * 6
    assert _inherited.live_activities.stream("parent", STATE).operation == "updated"


def test_multiprocessing_by_spawn(service: Service) -> None:
    settings = {"api_key": "ask_test_1", "base_url": service.base_url}
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(_work, [settings]) == ["updated"]


@needs_fork
def test_a_pre_fork_server(service: Service) -> None:
    program = (
        FORK
        + """
import signal

# The master warms up, forks its workers, and answers for them when one dies, as web servers do.
client.live_activities.stream("master", state)
workers = []
for number in range(3):
    child = os.fork()
    if child == 0:
        for request in range(3):
            client.live_activities.stream(f"worker-{number}", state)
        sys.exit(0)
    workers.append(child)
assert [os.waitpid(worker, 0)[1] for worker in workers] == [0, 0, 0]
client.close()
print("over")
"""
    )
    done = run(program, service.environment, *FORKING)
    assert (done.returncode, done.stdout, done.stderr) == (0, "over\n", "")
    assert len(service.requests) == 10


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(
            """
import threading
threading.Thread(target=lambda: client.live_activities.stream("k", state), daemon=True).start()
sys.stdin.readline()
""",
            id="daemon thread",
        ),
        pytest.param(
            """
import asyncio, threading
from activitysmith_kit import AsyncActivitySmith

async def main():
    await AsyncActivitySmith().live_activities.stream("k", state)

threading.Thread(target=asyncio.run, args=(main(),), daemon=True).start()
sys.stdin.readline()
""",
            id="pending async call",
        ),
        pytest.param("client.live_activities.end_stream", id="nothing called"),
    ],
)
def test_the_process_ends_without_hang_or_noise(service: Service, program: str) -> None:
    service.silent = True
    with spawn(FORK + program, service.environment) as process:
        if "stdin" in program:
            assert service.arrived.acquire(timeout=PATIENCE)
        began = time.monotonic()
        out, err = process.communicate("\n", timeout=PATIENCE)
        ended = time.monotonic()
    assert (process.returncode, out, err) == (0, "", "")
    # The call itself has 15 seconds.
    assert ended - began < 5


@needs_proc
def test_a_client_that_is_never_closed_is_let_go(service: Service) -> None:
    program = """
import os, time
from activitysmith_kit import ActivitySmith, Progress

def call():
    ActivitySmith().live_activities.stream("k", Progress("T", percentage=1))

def held():
    return len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))

# The first one starts the thread of all clients, which stays.
client = ActivitySmith()
client.live_activities.stream("k", Progress("T", percentage=1))
before = held()
for _ in range(10):
    call()
deadline = time.monotonic() + 20
while held() != before and time.monotonic() < deadline:
    time.sleep(0.001)
print(before[0], held() == before)
"""
    done = run(program, service.environment, "-W", "error")
    assert (done.returncode, done.stdout, done.stderr) == (0, "2 True\n", "")

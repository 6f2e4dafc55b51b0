"""Publishers and the end of their process: what arrives when they were not ended, and what forks and signals do."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from activitysmith_kit.testing import Account
from support import PATIENCE, Service, run, spawn
from test_processes import FORKING, needs_fork

PUBLISH = """
import asyncio, logging, os, signal, sys, time
from activitysmith_kit import ActivitySmith, AsyncActivitySmith, Progress, job

logging.basicConfig(format="%(levelname)s %(message)s")
signal.signal(signal.SIGINT, signal.default_int_handler)
client = ActivitySmith()
state = Progress("Backup", percentage=0)
"""


def shown(account: Account, key: str = "backup") -> dict[str, Any]:
    """What the stream has ended with. Its end was sent, and the emulator may take a moment to see to it."""
    until = time.monotonic() + PATIENCE
    while (stream := account.stream(key))["state"] != "ended" and time.monotonic() < until:
        time.sleep(0.05)
    assert stream["state"] == "ended"
    state: dict[str, Any] = stream["content_state"]
    return state


def keys(service: Service) -> list[tuple[str, str]]:
    return [(request.method, request.path.rsplit("/", 1)[1]) for request in service.requests]


@pytest.mark.parametrize(
    ("ending", "code", "expected"),
    [
        pytest.param("", 0, {}, id="the end"),
        pytest.param("sys.exit(3)", 3, {}, id="sys.exit"),
        pytest.param("raise RuntimeError", 1, {"subtitle": "RuntimeError", "color": "red"}, id="an exception"),
        pytest.param("os.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)", -2, {"color": "red"}, id="Ctrl-C"),
    ],
)
@pytest.mark.parametrize("how", ["module", "function", "async"])
def test_what_nobody_has_ended_ends_with_the_program(
    activitysmith: Account, how: str, ending: str, code: int, expected: dict[str, str]
) -> None:
    client = "AsyncActivitySmith()" if how == "async" else "client"
    body = f"live = {client}.live_activities.publish('backup', state)\nlive.update(percentage=40)\n{ending}\n"
    # Without an exception, which keeps what the function holds.
    is_dropped = how == "function" and not expected
    if how == "function":
        body = "def main():\n" + "".join(f"    {line}\n" for line in body.splitlines()) + "main()\n"
    done = run(PUBLISH + body, activitysmith.environment)
    assert done.returncode == code
    assert ("ResourceWarning" in done.stderr) == is_dropped
    state = shown(activitysmith)
    assert state["percentage"] == 40
    assert {name: state[name] for name in expected} == expected
    assert ("color" in state) == (is_dropped or bool(expected))


def test_an_end_that_nobody_answers_holds_the_program_for_two_seconds(service: Service) -> None:
    service.silent = True
    program = PUBLISH + "live = client.live_activities.publish('backup', state)\nprint(time.monotonic(), flush=True)"
    done = run(program, service.environment)
    # Either the request under way is over first, or the time to end.
    (warning,) = done.stderr.splitlines()
    assert warning.startswith("WARNING backup: ")
    assert "no answer within" in warning
    assert done.returncode == 0
    # An end that is waited for would take 10 s.
    assert time.monotonic() - float(done.stdout) < 9


@pytest.mark.parametrize(
    ("before", "state"),
    [
        pytest.param("live.flush()", "active", id="loses the end"),
        pytest.param("live.finish()", "ended", id="keeps one that was waited for"),
    ],
)
def test_os_exit(activitysmith: Account, before: str, state: str) -> None:
    program = PUBLISH + f"live = client.live_activities.publish('backup', state)\n{before}\nos._exit(5)"
    done = run(program, activitysmith.environment)
    assert (done.returncode, done.stderr) == (5, "")
    assert activitysmith.stream("backup")["state"] == state


@pytest.mark.parametrize(("has_network", "timeout"), [(True, 10), (False, 0.5)])
def test_flush_all_before_os_exit(activitysmith: Account, has_network: bool, timeout: float) -> None:
    program = (
        PUBLISH
        + f"""
from activitysmith_kit import flush_all

lives = [client.live_activities.publish(key, state) for key in ("one", "two")]
for live in lives:
    live.update(percentage=70)
print(flush_all({timeout}), [live.problem is None for live in lives], flush=True)
os._exit(5)
"""
    )
    environment = dict(activitysmith.environment)
    if not has_network:
        environment["ACTIVITYSMITH_BASE_URL"] = "http://127.0.0.1:9/api"
    done = run(program, environment)
    assert (done.returncode, done.stdout) == (5, f"{has_network} {[has_network] * 2}\n")
    if has_network:
        for key in ("one", "two"):
            assert activitysmith.stream(key)["content_state"]["percentage"] == 70


def test_ctrl_c_while_the_program_ends_waits_for_nobody(service: Service) -> None:
    program = PUBLISH + "live = client.live_activities.publish('backup', state)\nassert live.flush()\ninput()"
    with spawn(program, service.environment) as process:
        assert service.arrived.acquire(timeout=PATIENCE)
        service.silent = True
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
        # The end. The missing answer would be reported after two seconds.
        assert service.arrived.acquire(timeout=PATIENCE)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no signals of this kind")
def test_sigterm_ends_the_program_and_leaves_the_activity_to_the_next_run(activitysmith: Account) -> None:
    program = (
        PUBLISH
        + """
with client.live_activities.publish("backup", state) as live:
    live.flush()
    print("ready", flush=True)
    time.sleep(60)
"""
    )
    with spawn(program, activitysmith.environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGTERM
    assert activitysmith.stream("backup")["state"] == "active"
    again = run(PUBLISH + "client.live_activities.publish('backup', state).finish()", activitysmith.environment)
    assert again.returncode == 0
    assert shown(activitysmith)["percentage"] == 0


def test_sigterm_that_becomes_an_exit_ends_the_stream(activitysmith: Account) -> None:
    program = (
        PUBLISH
        + """
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
with client.live_activities.publish("backup", state) as live:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)
"""
    )
    done = run(program, activitysmith.environment)
    assert (done.returncode, done.stderr) == (143, "")
    assert shown(activitysmith)["subtitle"] == "SystemExit"


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no signals of this kind")
def test_signals_are_left_to_the_programs_own_threads(activitysmith: Account) -> None:
    program = (
        PUBLISH
        + """
with client.live_activities.publish("backup", state) as live:
    live.flush()
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    os.kill(os.getpid(), signal.SIGTERM)
    live.flush()
    print(signal.SIGTERM in signal.sigpending())
"""
    )
    done = run(program, activitysmith.environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


@pytest.mark.parametrize("what", ["flush(timeout=60)", "finish()", "fail()", "__exit__(None, None, None)"])
@pytest.mark.parametrize("how", ["sync", "async"])
def test_ctrl_c_ends_a_wait_at_once(service: Service, what: str, how: str) -> None:
    service.silent = True
    program = (
        PUBLISH
        + f"""
async def wait():
    await AsyncActivitySmith().live_activities.publish("backup", state).{what.replace("exit", "aexit")}

try:
    if {how == "async"}:
        asyncio.run(wait())
    else:
        client.live_activities.publish("backup", state).{what}
except KeyboardInterrupt:
    print(time.monotonic(), flush=True)
    os._exit(0)
"""
    )
    with spawn(program, service.environment) as process:
        assert service.arrived.acquire(timeout=PATIENCE)
        # No time limit ends within these steps, and the wait is a later one.
        assert not service.dropped.acquire(timeout=0.2)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert err == ""
    # Each of the waits has far longer; a machine may stall for a while.
    assert float(out) - sent < 5


@needs_fork
def test_in_a_forked_child_the_parents_publisher_is_inert_and_a_new_one_is_not(service: Service) -> None:
    program = (
        PUBLISH
        + """
with client.live_activities.publish("parent", state) as live:
    live.flush()
    child = os.fork()
    if child == 0:
        for step in range(3):
            live.update(percentage=step)
        assert not live.flush() and "forked" in str(live.problem)
        with client.live_activities.publish("child", state) as own:
            assert own.flush()
        sys.exit(0)
    assert os.waitpid(child, 0)[1] == 0
    live.update(percentage=50)
"""
    )
    done = run(program, service.environment, *FORKING)
    assert done.returncode == 0
    (warning,) = done.stderr.splitlines()
    assert warning.startswith("WARNING parent: the publisher belongs to the process that this one was forked from")
    assert keys(service) == [("PUT", "parent"), ("PUT", "child"), ("DELETE", "child"), ("DELETE", "parent")]
    assert service.requests[-1].json["content_state"]["percentage"] == 50


@needs_fork
def test_a_fork_leaves_what_was_not_ended_to_the_parent(service: Service) -> None:
    program = (
        PUBLISH
        + """
live = client.live_activities.publish("parent", state)
live.flush()
child = os.fork()
if child:
    assert os.waitpid(child, 0)[1] == 0
"""
    )
    done = run(program, service.environment, *FORKING)
    assert (done.returncode, done.stderr) == (0, "")
    assert keys(service) == [("PUT", "parent"), ("DELETE", "parent")]


@needs_fork
def test_a_loop_survives_a_fork(service: Service) -> None:
    program = (
        PUBLISH
        + """
logging.disable()
children = []
for item in client.live_activities.track(range(20), "parent", title="T", min_interval=0.01):
    time.sleep(0.01)
    if os.getpid() not in children and item % 5 == 0:
        child = os.fork()
        if child == 0:
            children = [os.getpid()]
        else:
            children.append(child)
if children != [os.getpid()]:
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
else:
    assert list(client.live_activities.track([1, 2], "child", title="T")) == [1, 2]
"""
    )
    done = run(program, service.environment, *FORKING)
    assert (done.returncode, done.stderr) == (0, "")
    ends = [key for method, key in keys(service) if method == "DELETE"]
    assert sorted(ends) == ["child"] * 4 + ["parent"]


def test_a_loop_that_an_exception_leaves_ends_the_program_as_ever(activitysmith: Account) -> None:
    program = (
        PUBLISH
        + """
for item in client.live_activities.track([1, 2, 3], "backup", title="T"):
    raise RuntimeError("the job's own")
"""
    )
    done = run(program, activitysmith.environment)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "RuntimeError: the job's own"
    assert shown(activitysmith)["color"] == "red"


def test_a_loop_that_nobody_has_left_ends_with_the_program(activitysmith: Account) -> None:
    program = (
        PUBLISH
        + """
items = iter(client.live_activities.track(range(4), "backup", title="T"))
next(items), next(items)
"""
    )
    done = run(program, activitysmith.environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert shown(activitysmith) == {"title": "T", "type": "progress", "percentage": 25}


@pytest.mark.parametrize(("leave", "color"), [("break", None), ("raise RuntimeError", "red")])
def test_an_async_loop_that_is_left_last_ends_before_the_program_does(
    activitysmith: Account, leave: str, color: str | None
) -> None:
    program = (
        PUBLISH
        + f"""
async def main():
    async for item in AsyncActivitySmith().live_activities.track(range(4), "backup", title="T"):
        if item == 2:
            {leave}

asyncio.run(main())
"""
    )
    done = run(program, activitysmith.environment)
    assert done.returncode == (0 if color is None else 1)
    state = shown(activitysmith)
    assert (state["percentage"], state.get("color")) == (50, color)


def test_an_end_that_is_cancelled_last_arrives_before_the_program_ends(activitysmith: Account) -> None:
    program = (
        PUBLISH
        + """
async def main():
    live = AsyncActivitySmith().live_activities.publish("backup", state)
    ending = asyncio.ensure_future(live.finish(percentage=90))
    await asyncio.sleep(0)
    ending.cancel()

asyncio.run(main())
"""
    )
    done = run(program, activitysmith.environment)
    assert (done.returncode, done.stderr) == (0, "")
    state = shown(activitysmith)
    assert (state["percentage"], state.get("color")) == (90, None)


def test_what_is_dropped_last_ends_before_the_program_does(activitysmith: Account) -> None:
    program = PUBLISH + "ActivitySmith().live_activities.publish('backup', state)"
    done = run(program, activitysmith.environment)
    assert done.returncode == 0
    assert "ResourceWarning" in done.stderr
    assert shown(activitysmith)["color"] == "red"


def test_a_job_that_exits_takes_its_code_along(activitysmith: Account) -> None:
    program = (
        PUBLISH
        + """
@job("backup", state)
def main():
    sys.exit(5)

main()
"""
    )
    done = run(program, activitysmith.environment)
    assert (done.returncode, done.stderr) == (5, "")
    assert shown(activitysmith)["subtitle"] == "SystemExit"


def test_a_publisher_keeps_no_process_alive_that_its_threads_have_left(activitysmith: Account) -> None:
    program = (
        PUBLISH
        + """
import threading

shown = threading.Event()

def work():
    with client.live_activities.publish("backup", state) as live:
        live.flush()
        shown.set()
        time.sleep(60)

threading.Thread(target=work, daemon=True).start()
shown.wait(20)
print(time.monotonic(), flush=True)
"""
    )
    done = run(program, activitysmith.environment)
    assert (done.returncode, done.stderr) == (0, "")
    # The thread would sleep for a minute.
    assert time.monotonic() - float(done.stdout) < 20
    assert shown(activitysmith)["percentage"] == 0


def test_a_thread_that_the_program_leaves_behind_may_go_on_updating(activitysmith: Account) -> None:
    program = (
        PUBLISH
        + """
import atexit, threading

over, updated = threading.Event(), threading.Event()

def wait_for_an_update():
    over.set()
    assert updated.wait(20)

# What is registered first runs last: when the kit has ended its streams.
atexit.register(wait_for_an_update)
live = client.live_activities.publish("backup", state)
assert live.flush()
live.update(percentage=40)

def work():
    while not updated.is_set():
        is_late = over.is_set()
        live.update(percentage=40)
        if is_late:
            updated.set()

threading.Thread(target=work, daemon=True).start()
"""
    )
    done = run(program, activitysmith.environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert shown(activitysmith)["percentage"] == 40


@needs_fork
def test_a_worker_of_multiprocessing_publishes_on_its_own(activitysmith: Account) -> None:
    program = (
        PUBLISH
        + """
import multiprocessing

def work(key):
    with client.live_activities.publish(key, state) as live:
        live.update(percentage=60)
    return live.problem

with client.live_activities.publish("backup", state) as live:
    assert live.flush()
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(work, ["a", "b"]) == [None, None]
    live.update(percentage=50)
"""
    )
    done = run(program, activitysmith.environment, *FORKING)
    assert (done.returncode, done.stderr) == (0, "")
    assert [shown(activitysmith, key)["percentage"] for key in ("a", "b", "backup")] == [60, 60, 50]


def test_it_is_silent_by_default() -> None:
    program = """
from activitysmith_kit import ActivitySmith, Progress

with ActivitySmith().live_activities.publish("backup", Progress("Backup", percentage=0)) as live:
    live.update(percentage=5)
assert not live.flush()
"""
    done = run(program, {})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_two_processes_share_a_budget_file(activitysmith: Account, tmp_path: Path) -> None:
    program = """
import sys
from activitysmith_kit import ActivitySmith, Progress

client = ActivitySmith(budget_file=sys.argv[1])
lives = [client.live_activities.publish(f"{sys.argv[2]}-{n}", Progress("T", percentage=0)) for n in range(7)]
lives[0].flush(timeout=10)
print(sum(live.flush(timeout=0.3) for live in lives))
for live in lives:
    live.detach()
"""
    command = [sys.executable, "-c", program, str(tmp_path / "budget")]
    # The presets of a new account are those of the service, which let each of them send all at once.
    environment = {**activitysmith.environment, "PATH": ""}
    processes = [
        subprocess.Popen([*command, name], env=environment, stdout=subprocess.PIPE, text=True) for name in ("a", "b")
    ]
    arrived = [int(process.communicate(timeout=PATIENCE)[0]) for process in processes]
    assert 1 <= sum(arrived) < 14

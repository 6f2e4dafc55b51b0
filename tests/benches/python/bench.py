"""Our Python package beside the official SDK: start-up, import, calls a second, CPU time a call, memory, size; and what
publishing costs a job, `track` beside tqdm.

Both run in turn against the same emulator, so that a machine whose speed drifts slows both. It judges nothing.

    asmith emulate --limits none --exec -- python bench.py --ours PYTHON --official PYTHON --wheel FILE
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
STARTS = 30
ROUNDS = 20
CALLS = 500


def main() -> None:
    """Measures, and prints one line for each thing measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ours", required=True, help="the interpreter that has our package")
    parser.add_argument("--official", required=True, help="the interpreter that has the official SDK")
    parser.add_argument("--wheel", required=True, type=Path)
    arguments = parser.parse_args()
    ours, official = arguments.ours, arguments.official

    print(f"{'':<34}{'ours':>12}{'official':>12}{'ratio':>8}   target")
    times = measure_starts(
        {
            "bare": [ours, "-c", "pass"],
            "our call": [ours, str(HERE / "one_call_ours.py")],
            "official call": [official, str(HERE / "one_call_official.py")],
            "our import": [ours, "-c", "import activitysmith_kit"],
            "official import": [official, "-c", "import activitysmith"],
        }
    )
    above = {name: 1000 * (seconds - times["bare"]) for name, seconds in times.items()}
    row("python/process, above bare", "ms", above["our call"], above["official call"], "at most 0.2, goal 0.12")
    row("python/import, above bare", "ms", above["our import"], above["official import"], "ours at most 30 ms")

    rate, cpu = measure_calls({"ours": ours, "official": official})
    row("python/calls a second", "/s", rate["ours"], rate["official"], "at least 2.5, goal 3")
    row("python/CPU time of a call", "us", cpu["ours"], cpu["official"], "at most 0.4, goal 0.33")

    measure_publishing(ours)

    if sys.platform == "linux":
        held, official_held = peak(ours, "one_call_ours.py"), peak(official, "one_call_official.py")
        row("python/peak memory of one call", "MB", held, official_held, "at most 0.6")
    print(f"{'python/wheel':<34}{arguments.wheel.stat().st_size / 1e6:>9.2f} MB{'':>20}   at most 2 MB")
    print(f"{'python/bare interpreter':<34}{1000 * times['bare']:>9.1f} ms")


def measure_starts(commands: dict[str, list[str]]) -> dict[str, float]:
    """The seconds that each command takes from its start to its end, run in turn, time and again."""
    rounds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(STARTS + 1):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, stdin=subprocess.DEVNULL, check=True)
            # The first round warms up.
            if number > 0:
                rounds[name].append(time.perf_counter() - began)
    return {name: statistics.median(seconds) for name, seconds in rounds.items()}


def peak(interpreter: str, program: str) -> float:
    """The most memory that a program held, in MB: the least of some runs."""
    command = [interpreter, str(HERE / "peak.py"), str(HERE / program)]
    runs = [subprocess.run(command, capture_output=True, check=True, text=True).stdout for _ in range(5)]
    return min(map(int, runs)) / 1024


def measure_calls(interpreters: dict[str, str]) -> tuple[dict[str, float], dict[str, float]]:
    """Calls a second, and microseconds of CPU time a call, each from a process that keeps its connection."""
    workers = {
        name: subprocess.Popen(
            [program, str(HERE / "calls.py"), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name, program in interpreters.items()
    }
    rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in workers}
    for number in range(ROUNDS + 1):
        for name, worker in workers.items():
            assert worker.stdin is not None
            assert worker.stdout is not None
            worker.stdin.write(f"{CALLS}\n")
            worker.stdin.flush()
            seconds, used = map(float, worker.stdout.readline().split())
            # The first round warms up.
            if number > 0:
                rounds[name].append((seconds, used))
    for worker in workers.values():
        worker.communicate()
    rate = {name: CALLS / statistics.median(seconds for seconds, _ in times) for name, times in rounds.items()}
    cpu = {name: 1e6 * statistics.median(used for _, used in times) / CALLS for name, times in rounds.items()}
    return rate, cpu


def measure_publishing(interpreter: str) -> None:
    """An update of a publisher, and items of `track` beside those of tqdm, above those of a bare loop."""
    done = subprocess.run([interpreter, str(HERE / "publish.py")], capture_output=True, check=True, text=True)
    seconds = json.loads(done.stdout)
    print(f"{'python/update of a publisher':<34}{1e6 * seconds['update']:>9.1f} us{'':>20}   at most 15 us")
    for kind, bare in {"sized": "bare", "unsized": "bare, unsized"}.items():
        track, tqdm = (1e9 * (seconds[f"{name}, {kind}"] - seconds[bare]) for name in ("track", "tqdm"))
        row(f"python/item of track, {kind}; tqdm's", "ns", track, tqdm, "at most 0.6")


def row(name: str, unit: str, ours: float, official: float, target: str) -> None:
    """Prints one line of the table."""
    print(f"{name:<34}{ours:>9.1f} {unit:<2}{official:>9.1f} {unit:<2}{ours / official:>8.2f}   {target}")


if __name__ == "__main__":
    main()

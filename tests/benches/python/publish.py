"""What publishing costs a job: an update that a newer one takes the place of, and an item of `track` and of tqdm.

It prints the seconds that each takes, as JSON.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable

from activitysmith_kit import ActivitySmith, Progress
from tqdm import tqdm

ROUNDS = 15
UPDATES = 5_000
ITEMS = 300_000

live_activities = ActivitySmith().live_activities


def updates() -> float:
    """Seconds of an update."""
    live = live_activities.publish("updates", Progress("Search Reindex", percentage=0))
    live.flush()
    began = time.perf_counter()
    for number in range(UPDATES):
        live.update(percentage=number % 100)
    seconds = time.perf_counter() - began
    live.detach()
    return seconds / UPDATES


def of_an_item(items: Iterable[int]) -> float:
    """Seconds of an item. The last one is left out, since after it comes the end."""
    began = last = time.perf_counter()
    for item in items:
        if item == ITEMS - 2:
            last = time.perf_counter()
            break
    return (last - began) / ITEMS


class Silent:
    """A terminal that shows nothing: what it would cost is not measured."""

    def write(self, text: str) -> None:
        pass

    def flush(self) -> None:
        pass


numbers = list(range(ITEMS))
loops: dict[str, Callable[[], Iterable[int]]] = {
    "bare": lambda: numbers,
    "track, sized": lambda: live_activities.track(numbers, "sized", title="Search Reindex"),
    "tqdm, sized": lambda: tqdm(numbers, file=Silent()),
    "bare, unsized": lambda: iter(numbers),
    "track, unsized": lambda: live_activities.track(iter(numbers), "unsized", title="Search Reindex"),
    "tqdm, unsized": lambda: tqdm(iter(numbers), file=Silent()),
}

rounds: dict[str, list[float]] = {name: [] for name in ("update", *loops)}
for _ in range(ROUNDS):
    rounds["update"].append(updates())
    for name, loop in loops.items():
        rounds[name].append(of_an_item(loop()))
print(json.dumps({name: statistics.median(seconds) for name, seconds in rounds.items()}))

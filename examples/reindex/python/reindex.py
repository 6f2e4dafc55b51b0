"""Indexes the words of every text file below a folder, and shows on a phone how far it is.

ACTIVITYSMITH_API_KEY=ask_... python reindex.py FOLDER
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from activitysmith_kit import ActivitySmith, ActivitySmithError, Progress, StreamResponse

KEY = "search-reindex"


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    reporter = Reporter(str(folder))
    started = time.perf_counter()

    paths = list(files(folder))
    index = Index()
    reporter.report(0)
    for number, path in enumerate(paths):
        index.add(number, path)
        reporter.report(100 * (number + 1) // len(paths))
    reporter.end()

    seconds = time.perf_counter() - started
    print(
        f"indexed {len(index.files_by_word)} words in {len(paths)} files, "
        f"with {reporter.requests} requests, in {seconds:.2f} s"
    )


def files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, but for hidden ones and what builds leave behind."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if is_wanted(name))
        yield from (Path(here, name) for name in sorted(names) if is_wanted(name))


def is_wanted(name: str) -> bool:
    return not name.startswith(".") and name not in ("target", "node_modules")


class Index:
    """In which files each word stands."""

    def __init__(self) -> None:
        self.files_by_word: defaultdict[str, set[int]] = defaultdict(set)

    def add(self, number: int, path: Path) -> None:
        """Adds a file's words, unless it is not text."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return
        for word in re.findall(r"[^\W_]+", text):
            self.files_by_word[word.lower()].add(number)


class Reporter:
    """Shows the job's progress. Whatever becomes of a report, the job goes on; after one that failed only the end is
    reported, lest a job without a network wait at every step.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.shown: int | None = None
        self.failed = False
        self.requests = 0
        self.client: ActivitySmith | None = None
        try:
            self.client = ActivitySmith()
        except ActivitySmithError as error:
            print(f"no progress will be shown: {error}", file=sys.stderr)

    def report(self, percentage: int) -> None:
        """Sends a percentage, if it is another than the last one."""
        if percentage == self.shown:
            return
        self.shown = percentage
        if self.client is not None and not self.failed:
            live_activities = self.client.live_activities
            self.send(percentage, lambda: live_activities.stream(KEY, self.state(percentage)))

    def end(self) -> None:
        if self.client is not None:
            live_activities = self.client.live_activities
            self.send(100, lambda: live_activities.end_stream(KEY, self.state(100), auto_dismiss_minutes=2))

    def state(self, percentage: int) -> Progress:
        return Progress("Search Reindex", subtitle=self.folder, percentage=percentage)

    def send(self, percentage: int, call: Callable[[], StreamResponse]) -> None:
        """Makes a call and prints what became of it."""
        began = time.perf_counter()
        try:
            response = call()
        except ActivitySmithError as error:
            self.failed = True
            self.requests += error.attempts
            print(f"{line('failed', percentage, began)}  {error}", file=sys.stderr)
        else:
            self.requests += response.facts.attempts
            print(line(response.operation, percentage, began))


def line(operation: str, percentage: int, began: float) -> str:
    milliseconds = 1000 * (time.perf_counter() - began)
    return f"{operation:<8} {KEY} {percentage:>4} % {milliseconds:>8.1f} ms"


if __name__ == "__main__":
    main()

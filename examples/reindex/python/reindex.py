"""Indexes the words of every text file below a folder, and shows on a phone how far it is.

ACTIVITYSMITH_API_KEY=ask_... python reindex.py FOLDER
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from activitysmith_kit import ActivitySmith, Progress

# For a job of seconds. Leave it out for one that takes minutes: the default is what iOS shows for hours.
MIN_INTERVAL = timedelta(milliseconds=20)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    print(
        f"publishing search-reindex, for this short job every {MIN_INTERVAL.total_seconds() * 1000:.0f} ms; "
        "usually it is every 15 s and more"
    )
    state = Progress("Search Reindex", subtitle=str(folder), percentage=0)
    with ActivitySmith().live_activities.publish("search-reindex", state, min_interval=MIN_INTERVAL) as live:
        started = time.perf_counter()
        paths = list(files(folder))
        index = Index()
        for number, path in enumerate(paths):
            index.add(number, path)
            live.update(percentage=100 * (number + 1) // len(paths))
        seconds = time.perf_counter() - started
        print(f"indexed {len(index.files_by_word)} words in {len(paths)} files in {seconds:.2f} s")

    counters = live.counters
    print(f"{counters.updates} updates: {counters.sent} requests, {counters.coalesced} coalesced")
    if live.problem is None:
        print("the last state arrived")
    else:
        print(f"the last state did not arrive: {live.problem}", file=sys.stderr)


def files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, but for links, hidden ones and what builds leave behind."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if is_wanted(name))
        paths = (Path(here, name) for name in sorted(names) if is_wanted(name))
        yield from (path for path in paths if not path.is_symlink())


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


if __name__ == "__main__":
    main()

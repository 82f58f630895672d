"""Publish again and again, kill the publishing process at random moments, and look at what is left.

    python -m benchmarks.publish_kill [--rounds 500] [--seed N]

Prints how many rounds were killed, how many of them in the middle of a publication, how many left sets of mixed
generations, files written by halves or versions lost (none may), and the time an undisturbed publication takes.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from geo.folder_archive import FolderArchive
from geo.journal import Version

ROOT = Path(__file__).absolute().parent.parent
NAMES = ("phases", "themes", "municipalities", "partnerships", "meetings", "sites", "delegations", "agenda")
# About the size of the real tables: 100 kB in all.
LINES = 800
MOST_BEFORE_KILL = 2
# How much of a publication is left, about, once files begin to be replaced.
SHARE_REPLACING = 0.3
UNDISTURBED = 50
KILLED = 1 if os.name == "nt" else -9


def make_files(generation: int, *, names: tuple[str, ...] = NAMES) -> dict[str, bytes]:
    """Make tables whose every line carries the generation."""
    return {name: f"{name},{generation:06}\n".encode() * LINES for name in names}


def find_generation(name: str, content: bytes) -> int | None:
    """Tell the generation of a table, None where it is not whole or not of one piece."""
    head, _, number = content.partition(b"\n")[0].partition(b",")
    whole = head == name.encode() and number.isdigit() and content == make_files(int(number), names=(name,))[name]
    return int(number) if whole else None


def find_generations(files: dict[str, bytes]) -> set[int | None]:
    """Tell all generations in a set of tables; a missing table counts as None."""
    return {find_generation(name, files.get(name, b"")) for name in NAMES}


def make_archive(folder: Path) -> FolderArchive:
    """Open the archive of a folder; an empty folder gets generation 0."""
    if not (folder / f"{NAMES[0]}.csv").exists():
        for name, content in make_files(0).items():
            (folder / f"{name}.csv").write_bytes(content)
    return FolderArchive(folder, names=NAMES)


def publish_next(archive: FolderArchive) -> int:
    """Publish the generation after the current one; returns its number."""
    current = archive.read_files()
    generation = (find_generation(NAMES[0], current[NAMES[0]]) or 0) + 1
    archive.publish(make_files(generation), expected=current, who="benchmark", why=str(generation))
    return generation


@contextmanager
def publishing(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that publishes without end and reports each generation on a line; ends it with kill -9."""
    command = [sys.executable, "-m", "benchmarks.publish_kill", "--child", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def read_report(process: subprocess.Popen[str]) -> int:
    """Wait for the next generation that the process has published."""
    assert process.stdout is not None
    return int(process.stdout.readline())


class Witness:
    """Looks at the folder after each kill, remembers what was reported and seen, and counts what is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pending = folder / ".archive" / "pending.json"
        self.archive = make_archive(folder)
        self.counts: Counter[str] = Counter()
        self.reported: list[int] = []
        self.versions: tuple[Version, ...] = ()

    def kill_once(self, luck: random.Random, *, spread: float, replacing: bool) -> None:
        """Publish some generations, kill at a random moment within `spread` seconds, and look.

        With `replacing`, the moments begin when files are about to be replaced, which is the shorter part of the work.
        """
        with publishing(self.folder) as process:
            for _ in range(luck.randint(1, MOST_BEFORE_KILL)):
                self.reported.append(read_report(process))
            while replacing and process.poll() is None and not self.pending.exists():
                pass
            # Not a wait for anything: it is what makes the moment random.
            time.sleep(luck.uniform(0, spread))
            process.kill()
            # A last line that the kill tore was not reported.
            self.reported += [int(line) for line in process.stdout or () if line.endswith("\n")]
        self.counts["killed"] += process.returncode == KILLED
        self.look()

    def look(self) -> None:
        """Count what is wrong: first with the bare files, then with what readers are given."""
        raw = {name: find_generation(name, (self.folder / f"{name}.csv").read_bytes()) for name in NAMES}
        self.counts["pending"] += self.pending.exists()
        self.counts["staged"] += any(self.folder.glob(".*.tmp"))
        self.counts["mixed on disk"] += len(set(raw.values())) > 1
        self.counts["half-written"] += None in raw.values()
        files = self.archive.read_files()
        self.counts["broken"] += len(find_generations(files)) != 1 or None in find_generations(files)
        on_disk = {name: (self.folder / f"{name}.csv").read_bytes() for name in NAMES}
        self.counts["not finished"] += on_disk != files or self.pending.exists()
        versions = self.archive.versions()
        self.counts["lost"] += versions[: len(self.versions)] != self.versions
        self.counts["lost"] += [version.number for version in versions] != list(range(1, len(versions) + 1))
        self.counts["lost"] += len(self.archive.damaged_lines())
        for version in versions[len(self.versions) :]:
            read = find_generations(self.archive.read_version(version))
            self.counts["lost"] += read != {int(version.why or 0)}
        self.versions = versions

    def look_back(self) -> None:
        """Count reported generations that the journal lacks, and read every version again."""
        known = Counter(version.why for version in self.versions)
        self.counts["lost"] += sum(known[str(generation)] != 1 for generation in self.reported)
        for version in self.versions:
            self.counts["lost"] += find_generations(self.archive.read_version(version)) != {int(version.why or 0)}

    @property
    def wrong(self) -> dict[str, int]:
        """What may never happen, with how often it did."""
        return {what: self.counts[what] for what in ("broken", "half-written", "not finished", "lost")}


def time_publishing(times: int = UNDISTURBED) -> list[float]:
    """Publish undisturbed; returns seconds."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        archive = make_archive(Path(folder))
        for _ in range(times):
            start = time.perf_counter()
            publish_next(archive)
            seconds.append(time.perf_counter() - start)
    return seconds


def main(rounds: int, seed: int) -> int:
    """Measure and print; returns 1 when anything is wrong."""
    seconds = time_publishing()
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        witness = Witness(Path(folder))
        usual = median(seconds)
        for turn in range(rounds):
            replacing = turn % 2 == 1
            witness.kill_once(luck, spread=usual * (SHARE_REPLACING if replacing else 1.5), replacing=replacing)
        witness.look_back()
    counts, versions = witness.counts, len(witness.versions)
    print(f"{'publications, all tables each:':52}{versions - 1}, seed {seed}")
    print(f"{'rounds killed:':52}{counts['killed']}")
    print(f"{'  before the change was final, files laid ready:':52}{counts['staged'] - counts['pending']}")
    print(f"{'  while files were being replaced:':52}{counts['pending']}")
    print(f"{'  of these, only some had been replaced:':52}{counts['mixed on disk']}")
    print(f"{'sets of mixed generations given to a reader:':52}{counts['broken']}")
    print(f"{'sets with a file written by halves:':52}{counts['half-written']}")
    print(f"{'sets not finished by the next reader:':52}{counts['not finished']}")
    print(f"{'versions lost or damaged:':52}{counts['lost']}")
    print(f"{'one publication, undisturbed, median:':52}{median(seconds) * 1000:.1f} ms")
    return int(any(witness.wrong.values()))


def run_child(folder: Path) -> None:
    """Publish one generation after the other and report each; the parent ends it."""
    archive = make_archive(folder)
    while True:
        print(publish_next(archive), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        run_child(arguments.child)
    sys.exit(main(arguments.rounds, arguments.seed))

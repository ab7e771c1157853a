"""Work in processes beside: order, and what a crash, a hang, an eater of memory and a raised error cost."""

from __future__ import annotations

import ctypes
import gc
import math
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.sandbox import studio
from pipelines.fingerprinting import FingerprintPool
from pipelines.media.fingerprint import Fingerprint, fingerprint
from pipelines.media.trouble import MediaError, Trouble
from pipelines.workers import Failure, Workers

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")

_loaded: list[int] = []


def load(number: int) -> None:
    _loaded.append(number)


def loaded() -> tuple[int, ...]:
    return tuple(_loaded)


def segfault() -> None:
    ctypes.string_at(0)


def spin() -> None:
    while True:
        math.sqrt(2)


def sleep_long() -> None:
    time.sleep(3600)


def wait_for(mark: Path) -> None:
    while not mark.exists():
        time.sleep(0.01)


def eat_memory() -> int:
    return len(bytearray(64 << 30))


def bug() -> None:
    raise KeyError("a bug of ours")


def refuse() -> None:
    raise MemoryError


def unloadable() -> None:
    raise ImportError("no such codec")


def name_of_process() -> int:
    return os.getpid()


def leave() -> None:
    os._exit(0)


def test_results_come_in_the_order_of_submission() -> None:
    """Over several lanes as over one, with the caller's keys."""
    for lanes in (1, 2):
        with Workers[str](lanes=lanes) as workers:
            for number in range(6):
                workers.submit(f"job {number}", math.factorial, number)
            done = workers.drain()

        assert done == [(f"job {number}", math.factorial(number)) for number in range(6)]


@posix
def test_a_bad_job_costs_itself_only(capfd: pytest.CaptureFixture[str]) -> None:
    """A codec's crash, a bug, an exit and an endless computation each have a name; the others' results survive."""
    # With an initializer of this file each process imports it when it starts, not within the limit of a job.
    with Workers[str](limit_seconds=1.0, initializer=loaded) as workers:
        for key, function in {
            "first": os.getpid, "segfault": segfault, "after": os.getpid, "bug": bug, "exit": leave, "spin": spin,
            "memory": refuse, "last": os.getpid,
        }.items():  # fmt: skip
            workers.submit(key, function)
        done = dict(workers.drain())

    assert {key: result.reason for key, result in done.items() if isinstance(result, Failure)} == {
        "segfault": Trouble.CRASHED, "bug": Trouble.CRASHED, "exit": Trouble.CRASHED, "spin": Trouble.TOO_LONG,
        "memory": Trouble.TOO_MUCH_MEMORY,
    }  # fmt: skip
    assert list(done) == ["first", "segfault", "after", "bug", "exit", "spin", "memory", "last"]
    assert "a bug of ours" in capfd.readouterr().err


def test_a_job_that_only_waits_ends_by_the_clock() -> None:
    """What takes no processor time at all, such as a dead disk, is given up as well."""
    with Workers[str](limit_seconds=0.6, initializer=loaded) as workers:
        workers.submit("stuck", sleep_long)
        workers.submit("after", math.factorial, 3)

        assert workers.drain() == [("stuck", Failure(Trouble.TOO_LONG)), ("after", 6)]


@linux
def test_memory_is_bounded() -> None:
    """64 GB are refused to the process, not taken from the machine."""
    with Workers[str]() as workers:
        workers.submit("hog", eat_memory)
        workers.submit("after", math.factorial, 3)

        assert workers.drain() == [("hog", Failure(Trouble.TOO_MUCH_MEMORY)), ("after", 6)]


@posix
def test_a_process_that_dies_idle_is_nobodys_fault() -> None:
    """It is started anew, its state loaded again, before the next job."""
    with Workers[int](initializer=load, arguments=(7,)) as workers:
        workers.submit(1, name_of_process)
        [(_, process)] = workers.drain()
        os.kill(process, signal.SIGKILL)
        workers.submit(2, loaded)

        assert workers.drain() == [(2, (7,))]


def test_finished_does_not_wait(tmp_path: Path) -> None:
    """What is not done stays queued; nothing overtakes it."""
    with Workers[str](lanes=2) as workers:
        workers.submit("slow", wait_for, tmp_path / "mark")
        workers.submit("quick", math.factorial, 3)

        assert workers.finished() == []
        (tmp_path / "mark").touch()
        assert workers.drain() == [("slow", None), ("quick", 6)]
        assert workers.finished() == []


def test_close_does_not_wait_either() -> None:
    """What is under way or queued is dropped; the workers can be used again."""
    workers = Workers[str](lanes=2)
    for _ in range(4):
        workers.submit("stuck", sleep_long)
    time.sleep(0.2)
    workers.close()

    workers.submit("again", math.factorial, 4)
    assert workers.drain() == [("again", 24)]
    workers.close()
    workers.close()


def test_what_cannot_start_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    """An initializer that fails is our own fault: every job of it would fail, so the caller is told."""
    with Workers[str](initializer=unloadable) as workers:
        workers.submit("any", os.getpid)
        with pytest.raises(RuntimeError, match="could not start"):
            workers.drain()

    assert "no such codec" in capfd.readouterr().err


def hang_once(mark: Path) -> None:
    if not mark.exists():
        mark.touch()
        time.sleep(3600)


@pytest.mark.slow
def test_a_process_that_hangs_at_its_start_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job goes to the next one, and nobody waits for ever."""
    monkeypatch.setattr("pipelines.workers.START_SECONDS", 20.0)
    with Workers[str](initializer=hang_once, arguments=(tmp_path / "mark",)) as beside:
        beside.submit("any", math.sqrt, 4)

        assert beside.drain() == [("any", 2.0)]


def test_what_cannot_be_sent_is_refused_at_once() -> None:
    """A lambda is the caller's mistake and met where it is made."""
    with Workers[str]() as workers, pytest.raises((pickle.PicklingError, AttributeError)):
        workers.submit("lambda", lambda: 1)


def test_nothing_is_started_without_a_job() -> None:
    """Workers that are never asked cost nothing and leave nothing."""
    with Workers[str]() as workers:
        assert workers.drain() == workers.finished() == []


@posix
def test_a_polite_stop_does_not_reach_the_job_under_way() -> None:
    """Ctrl-C goes to all processes of a terminal; the run ends its workers itself."""
    with Workers[int]() as workers:
        workers.submit(1, name_of_process)
        [(_, process)] = workers.drain()
        workers.submit(2, time.sleep, 0.3)
        for asked in (signal.SIGINT, signal.SIGTERM):
            os.kill(process, asked)

        assert workers.drain() == [(2, None)]


ABANDONED = """
import os, signal, sys, tempfile, time
if "others" in sys.argv[1]:
    folder = tempfile.TemporaryDirectory()
from pipelines.workers import Workers
if __name__ == "__main__":
    workers = Workers()
    workers.submit("who", os.getpid)
    print(workers.drain()[0][1], flush=True)
    workers.submit("long", time.sleep, 3600)
    time.sleep(0.2)
    if sys.argv[1] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@posix
@pytest.mark.parametrize("way", ["kill", "end", "end, with others to end after us"])
def test_a_run_that_is_gone_leaves_no_process(tmp_path: Path, way: str) -> None:
    """Killed, or ended without close, in whatever order the interpreter clears up: the process beside goes with it
    and does not hold it up.
    """
    script = tmp_path / "run.py"
    script.write_text(ABANDONED)
    root = str(Path(__file__).parents[1])

    run = subprocess.run(
        [sys.executable, str(script), way], env={**os.environ, "PYTHONPATH": root}, capture_output=True, timeout=300
    )
    process = int(run.stdout)

    deadline = time.monotonic() + 60
    while _lives(process) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(process)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


@posix
def test_forgotten_workers_end() -> None:
    """Nobody has to hold on to them for their processes to be ended."""
    workers = Workers[str]()
    workers.submit("who", name_of_process)
    [(_, process)] = workers.drain()
    del workers
    gc.collect()

    assert not _lives(process)


def test_reasons_cross_from_process_to_process() -> None:
    """A refusal is the same on the other side."""
    with Workers[str]() as workers:
        workers.submit("refused", MediaError, Trouble.TOO_SMALL)
        [(_, error)] = workers.drain()

    assert isinstance(error, MediaError)
    assert error.trouble == Trouble.TOO_SMALL


def test_the_pool_gives_what_the_function_gives(tmp_path: Path) -> None:
    """In order, in another process; what happens to that process is the trouble of the file it was at."""
    paths = [tmp_path / f"{number}.jpg" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(studio.filler_jpeg(number))
    with FingerprintPool() as pool:
        pool.submit("a", paths[0], "image")
        pool._workers.submit(("bad", "thumbnail"), segfault)
        pool.submit("b", paths[1], "thumbnail")
        done = pool.drain()
        assert pool.finished() == []

    assert done == [
        ("a", fingerprint(paths[0], "image")),
        ("bad", Fingerprint("image", trouble=Trouble.CRASHED)),
        ("b", fingerprint(paths[1], "image")),
    ]

"""Jobs -> results, worked on in processes beside: a crash, a hang or a memory hog costs its own job only."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from multiprocessing.util import Finalize
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

import cv2

from pipelines.media.trouble import Trouble

if sys.platform != "win32":
    import resource

Key = TypeVar("Key")

LIMIT_SECONDS = 120.0  # of processor time for one job; an hour of 1080p read at its keyframes takes 20
PATIENCE = 5  # a job may wait this many times longer by the clock: machines are shared
START_SECONDS = 60.0  # on an idle machine it takes two
STARTS = 5
HANDOVERS = 3
# Beyond what the process holds when it is ready. Imports take 0.5 GB of addresses, a 4K clip 1.1, the
# largest picture 1.3; what is held is far less.
ROOM_BYTES = 4 << 30

# Libraries in the processes beside: their threads only wait for each other, and their waiting counts as work.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

_reaping = threading.Lock()  # multiprocessing polls all children whenever one is started


@dataclass(frozen=True, slots=True)
class Failure:
    """Stands in the place of a result. `reason`: CRASHED | TOO_LONG | TOO_MUCH_MEMORY."""

    reason: Trouble


@dataclass(frozen=True, slots=True)
class _Setup:
    """What each process is told when it starts."""

    limit_seconds: float
    initializer: Callable[..., object] | None
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Job:
    call: bytes
    answer: Future[bytes | Failure]


_Jobs = SimpleQueue[_Job | None]


def lanes_for(jobs: int, few: int) -> int:
    """As many processes as there are cores, but none for less than `few` jobs: starting one takes a second."""
    return max(1, min(os.cpu_count() or 1, jobs // few))


class Workers(Generic[Key]):
    """One or more lanes, each one process that takes the next job when it is free; a context manager.

    Processes start with the first job, load what `initializer(*arguments)` loads, and are replaced
    when they die. Functions and arguments must be picklable. A function that raises crashes its job:
    the trace goes to stderr.
    """

    def __init__(
        self, lanes: int = 1, limit_seconds: float = LIMIT_SECONDS,
        initializer: Callable[..., object] | None = None, arguments: tuple[Any, ...] = (),
    ) -> None:  # fmt: skip
        self._count = lanes
        self._setup = _Setup(limit_seconds, initializer, arguments)
        self._waiting: deque[tuple[Key, Future[bytes | Failure]]] = deque()
        self._jobs: _Jobs = SimpleQueue()
        self._stop: Finalize | None = None

    def __enter__(self) -> Workers[Key]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, key: Key, function: Callable[..., object], *arguments: object) -> None:
        """Queue one call; returns at once. Raises what pickle raises for what cannot be sent."""
        job = _Job(bytes(ForkingPickler.dumps((function, arguments))), Future())
        self._start()
        self._waiting.append((key, job.answer))
        self._jobs.put(job)

    def finished(self) -> list[tuple[Key, Any]]:
        """(key, result or Failure) of what is done since the last call, in submission order, without waiting.

        Raises: RuntimeError or OSError when no process can be started.
        """
        done = []
        while self._waiting and self._waiting[0][1].done():
            done.append(self._take())
        return done

    def drain(self) -> list[tuple[Key, Any]]:
        """Everything still queued, waiting for it. Raises as `finished`."""
        done = []
        while self._waiting:
            done.append(self._take())
        return done

    def close(self) -> None:
        """End the processes at once; what is queued or under way is dropped."""
        self._waiting.clear()
        if self._stop is not None:
            self._stop()
            self._stop = None

    def _start(self) -> None:
        if self._stop is None:
            for name in _ONE_THREAD:
                os.environ.setdefault(name, "1")
            self._jobs = SimpleQueue()
            lanes = [_Lane(self._jobs, self._setup) for _ in range(self._count)]
            # Also called when nobody holds the workers any more, or the interpreter ends: then before multiprocessing
            # asks the processes to end, which they do not hear, and waits for them.
            self._stop = Finalize(self, _stop, args=(self._jobs, lanes), exitpriority=0)

    def _take(self) -> tuple[Key, Any]:
        key, answer = self._waiting.popleft()
        given = answer.result()
        return key, given if isinstance(given, Failure) else ForkingPickler.loads(given)


def _stop(jobs: _Jobs, lanes: list[_Lane]) -> None:
    with suppress(Empty):
        while True:
            jobs.get_nowait()
    for lane in lanes:
        lane.stop()
        jobs.put(None)
    for lane in lanes:
        lane.thread.join()


class _Lane:
    """A thread that waits for one process, so that nobody else has to.

    The process has never more than one job, so whatever happens to it is that job's doing.
    """

    def __init__(self, jobs: _Jobs, setup: _Setup) -> None:
        self._jobs = jobs
        self._setup = setup
        self._process: BaseProcess | None = None
        self._line: Connection[Any, Any] | None = None
        self._is_stopped = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """End the process, whatever it does; the thread ends when it is told so by the queue."""
        self._is_stopped = True  # before the look at the process: one that starts now will see it
        if (process := self._process) is not None:
            process.kill()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job.answer.set_result(self._work(job.call))
            except (OSError, RuntimeError) as error:  # no process could be started
                self._end()
                job.answer.set_exception(error)
            finally:
                job.answer.cancel()  # should a fault of ours end the thread, nobody waits for it for ever
        self._end()

    def _work(self, call: bytes) -> bytes | Failure:
        line = self._hand_over(call)
        try:
            if line is None or self._is_stopped:
                return self._fail(Trouble.CRASHED)
            if not line.poll(self._setup.limit_seconds * PATIENCE):
                return self._fail(Trouble.TOO_LONG)
            answer, is_spent = line.recv_bytes(), line.recv()
        except (EOFError, OSError):
            return self._fail(Trouble.CRASHED)
        if is_spent:
            self._end()
        return answer

    def _hand_over(self, call: bytes) -> Connection[Any, Any] | None:
        """The line to a process that says it has the call; one that dies before is no fault of the call."""
        for _ in range(HANDOVERS):
            if self._is_stopped:
                return None
            line = self._ready()
            with suppress(EOFError, OSError):
                line.send_bytes(call)
                if line.poll(START_SECONDS) and line.recv():
                    return line
            self._end()
        return None

    def _fail(self, reason: Trouble) -> Failure:
        code = self._end()
        by_processor_limit = sys.platform != "win32" and code == -signal.SIGXCPU
        return Failure(Trouble.TOO_LONG if by_processor_limit else reason)

    def _ready(self) -> Connection[Any, Any]:
        """The line to the process, started when there is none. Raises RuntimeError when none can be had."""
        if self._line is not None:
            return self._line
        code = None
        for _ in range(STARTS):
            line = self._started()
            with suppress(EOFError, OSError):
                if line.poll(START_SECONDS):
                    line.recv()
                    return line
                code = self._end()  # it hangs; the next may not
                continue
            code = self._end()
            break
        raise RuntimeError(f"the process beside could not start; it ended with {code}")

    def _started(self) -> Connection[Any, Any]:
        context = multiprocessing.get_context("spawn")  # a fork would copy open sockets and threads' locks
        self._line, far_end = context.Pipe()
        process = context.Process(target=_serve, args=(far_end, self._setup), daemon=True)
        with _reaping:
            process.start()
        self._process = process  # only now can it be killed from outside
        far_end.close()
        return self._line

    def _end(self) -> int | None:
        """End the process; returns its exit code, negative for a signal, None where there was none."""
        line, process = self._line, self._process
        self._line = self._process = None
        if line is not None:
            line.close()
        if process is None:
            return None
        with _reaping:
            process.join(0.2)  # one that is dying by itself keeps its own exit code
            process.kill()
            process.join()
        return process.exitcode


def _serve(line: Connection[Any, Any], setup: _Setup) -> None:
    """The life of the process beside: one call after the other until the line is closed."""
    _settle_in()
    if setup.initializer is not None:
        setup.initializer(*setup.arguments)
    most = _limit_memory()
    line.send(True)
    with suppress(EOFError, OSError):
        while True:
            call = line.recv_bytes()
            line.send(True)
            _limit_processor(setup.limit_seconds)
            answer, is_spent = _answer(call)
            line.send_bytes(answer)
            line.send(is_spent or _addresses() > most - ROOM_BYTES // 2)


def _answer(call: bytes) -> tuple[bytes, bool]:
    """What the call returns, pickled, and whether memory ran out."""
    try:
        function, arguments = ForkingPickler.loads(call)
        return bytes(ForkingPickler.dumps(function(*arguments))), False
    except MemoryError:
        return bytes(ForkingPickler.dumps(Failure(Trouble.TOO_MUCH_MEMORY))), True


def _settle_in() -> None:
    # The one who asked us to stop asked the run; it ends this process when its work is kept.
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    cv2.setNumThreads(1)
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with suppress(OSError):  # when the machine is out of memory, this process goes first, not the run
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _end_with_parent() -> None:
    """A killed run must not leave its worker behind: one that computes does not see the line close."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _addresses() -> int:
    """Bytes of address space in use; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _limit_memory() -> int:
    """Let the process grow by `ROOM_BYTES`, where the system can hold it to that; returns the limit."""
    most = _addresses() + ROOM_BYTES
    if sys.platform == "linux":
        _, hardest = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_within(most, hardest), hardest))
    return most


def _limit_processor(seconds: float) -> None:
    """End this process by SIGXCPU after so much more processor time, even in a codec that never returns."""
    if sys.platform != "win32":
        _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (_within(int(time.process_time() + seconds) + 1, hardest), hardest))


def _within(wanted: int, hardest: int) -> int:
    return wanted if hardest < 0 else min(wanted, hardest)  # -1: no limit

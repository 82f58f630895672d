"""Figures are made in a process of their own, so that no visitor waits for another's.

One process at low priority does one figure after the other. It is started when it is first needed and lives until the
server ends. One that dies or takes too long is replaced, and whoever ordered is told why. It reads its orders from a
pipe that the server holds: however the server ends, the pipe ends with it, and so does the process.
"""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Event, Timer
from typing import IO, Any, cast

from geo.dataset import Dataset
from geo.errors import AtlasError, mark
from geo.figure_orders import FigureOrder, HandoutOrder
from geo.language import Language

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "server.figure_maker")
# A hand-out takes as long as a dozen figures.
PATIENCE_SECONDS = 180.0

DIED = mark(
    "Das Programm, das die Bilder herstellt, ist unerwartet beendet worden. Bitte versuchen Sie es noch einmal."
)
TOO_SLOW = mark("Das Bild war nach {seconds} Sekunden noch nicht fertig. Bitte versuchen Sie es noch einmal.")
FAILED = mark("Das Bild konnte nicht gezeichnet werden. Der Grund: {reason}")
NOT_STARTED = mark("Das Programm, das die Bilder herstellt, startet nicht. Der Grund: {reason}")


class FigureError(AtlasError):
    """A figure could not be made; `message` is marked for the catalogues, `details` fill its braces."""

    def __init__(self, message: str, **details: str) -> None:
        self.message, self.details = message, details
        super().__init__(message.format(**details))

    def describe(self, language: Language) -> str:
        """Say in a language why there is no figure."""
        return language.gettext(self.message).format(**self.details)


class Workshop:
    """Makes figures one after the other in one process, for all sessions."""

    def __init__(self, *, command: Sequence[str] = COMMAND, patience: float = PATIENCE_SECONDS) -> None:
        self._command, self._patience = list(command), patience
        # Its one thread alone speaks with the process.
        self._queue = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workshop")
        self._process: subprocess.Popen[bytes] | None = None
        self._sent: Dataset | None = None

    def order(self, order: FigureOrder | HandoutOrder, dataset: Dataset, *, language: Language) -> Future[bytes]:
        """Have a figure or the hand-out made. The future returns the file, or raises FigureError."""
        return self._queue.submit(self._make, order, dataset, language.code)

    def warm_up(self, dataset: Dataset) -> Future[None]:
        """Start the process and send it the data set, so that the first figure is made as fast as any.

        The future raises FigureError when that fails.
        """
        return self._queue.submit(self._send_dataset, dataset)

    @property
    def process_id(self) -> int | None:
        """The id of the running process, if there is one."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def close(self) -> None:
        """End the process and take no more orders."""
        self._queue.shutdown(wait=False, cancel_futures=True)
        self._end()
        self._queue.shutdown(wait=True)
        self._end()

    def _make(self, order: FigureOrder | HandoutOrder, dataset: Dataset, language: str) -> bytes:
        self._send_dataset(dataset)
        return cast(bytes, self._ask("figure", (order, language)))

    def _send_dataset(self, dataset: Dataset) -> None:
        if self.process_id is None:
            self._start()
        if self._sent is not dataset:
            self._ask("dataset", dataset)
            self._sent = dataset

    def _start(self) -> None:
        self._sent = None
        try:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=-1
            )
        except OSError as error:
            raise FigureError(NOT_STARTED, reason=str(error)) from error

    def _ask(self, what: str, content: Any) -> Any:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        # A process that is killed closes its end of the pipe, which ends the waiting.
        late = Event()

        def stop() -> None:
            late.set()
            process.kill()

        clock = Timer(self._patience, stop)
        clock.start()
        try:
            send(process.stdin, (what, content))
            is_made, answer = pickle.load(process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self._end()
            if late.is_set():
                raise FigureError(TOO_SLOW, seconds=f"{self._patience:.0f}") from error
            raise FigureError(DIED) from error
        finally:
            clock.cancel()
        if not is_made:
            raise FigureError(FAILED, reason=str(answer))
        return answer

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                # What it no longer reads is of no use to anybody.
                with suppress(OSError):
                    pipe.close()
        process.wait()


def send(pipe: IO[bytes], message: object) -> None:
    """Write a message into a pipe at once."""
    pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


@cache
def current_workshop() -> Workshop:
    """Return the workshop of this server."""
    return Workshop()


def close_workshop() -> None:
    """End the workshop if there is one."""
    if current_workshop.cache_info().currsize:
        current_workshop().close()
        current_workshop.cache_clear()

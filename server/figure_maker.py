"""The process that makes figures: `python -m server.figure_maker` reads orders from its input until that ends.

Messages are pickled pairs: ("dataset", data set) or ("figure", (order, language code)). Each is answered by a pair:
whether it worked, and the file or the reason why not.
"""

import os
import pickle
import sys
from threading import Thread
from time import sleep
from typing import Any

from geo.dataset import Dataset
from geo.figure_maps import EQUAL_EARTH, read_land, read_towns
from geo.figure_orders import HandoutOrder
from geo.figures import make_figure
from geo.handout import make_handout
from server.store import available_languages
from server.workshop import send

# Visitors who look at pages come first.
NICENESS = 10
LOOK_SECONDS = 1.0


def main() -> None:
    """Answer orders until the input ends."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    parent = os.getppid()
    Thread(target=_leave_with, args=(parent,), daemon=True).start()
    # Only answers go to the pipe; what libraries print must not get in between.
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    dataset: Dataset | None = None
    while True:
        try:
            what, content = pickle.load(orders)
        except EOFError:
            return
        if what == "dataset":
            dataset = content
            send(answers, (True, None))
            # Read while the visitor still chooses.
            read_land(EQUAL_EARTH)
            read_towns()
            continue
        send(answers, _make(content, dataset))


def _make(content: Any, dataset: Dataset | None) -> tuple[bool, bytes | str]:
    order, code = content
    try:
        assert dataset is not None
        language = available_languages()[code]
        if isinstance(order, HandoutOrder):
            return True, make_handout(dataset, language=language)
        return True, make_figure(order, dataset, language=language)
    except Exception as error:  # noqa: BLE001 - whoever ordered is told, and the next figure may work
        return False, f"{type(error).__name__}: {error}"


def _leave_with(parent: int) -> None:
    """End this process, even amid a figure, when the server has ended without closing the pipe."""
    while os.getppid() == parent:
        sleep(LOOK_SECONDS)
    os._exit(0)


if __name__ == "__main__":
    main()

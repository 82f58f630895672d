"""Garbage collection: what is there is left alone, and what nobody needs any more goes all the same."""

import asyncio
import gc
import weakref

from server.collecting import keep_collections_short


class Knot:
    def __init__(self):
        self.itself = self


async def collect_until(condition, **how):
    task = asyncio.create_task(keep_collections_short(**how))
    try:
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0)
    finally:
        task.cancel()


def test_what_is_there_is_frozen_and_a_knot_that_nobody_holds_goes_with_the_next_thaw():
    knot = Knot()
    gone = weakref.ref(knot)
    try:
        asyncio.run(collect_until(gc.get_freeze_count, seconds=60))
        assert gc.get_freeze_count() > 10_000
        del knot
        gc.collect()
        # Frozen, it is not looked at …
        assert gone() is not None
        # … until all is thawed.
        asyncio.run(collect_until(lambda: gone() is None, seconds=0, freezes_per_thaw=2))
    finally:
        gc.unfreeze()
    assert gone() is None

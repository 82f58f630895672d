"""Keeps Python's garbage collection short while visitors wait.

Streamlit collects all generations after every run of a script, and each collection looks at every object there is: with
the tables, pandas and geopandas a fifth of a second, in which nobody is served. Objects that are frozen are not looked
at. So all that is there is frozen when the server is ready, what each visitor adds every few seconds, and now and then
all is thawed once, so that what nobody needs any more goes.
"""

import asyncio
import gc

FREEZE_SECONDS = 2.0
# A thaw looks at everything, as every run did before.
FREEZES_PER_THAW = 30


async def keep_collections_short(*, seconds: float = FREEZE_SECONDS, freezes_per_thaw: int = FREEZES_PER_THAW) -> None:
    """Freeze what is there every few seconds, and thaw and collect it after so many times; until cancelled."""
    while True:
        for _ in range(freezes_per_thaw):
            gc.freeze()
            await asyncio.sleep(seconds)
        gc.unfreeze()
        gc.collect()

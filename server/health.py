"""What a proxy or a watchdog asks: whether the process answers, and whether it has tables to show."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from geo.errors import TablesError
from server.store import State, current_store

PROCESS, TABLES = "healthz", "readyz"
_NOT_KEPT = {"Cache-Control": "no-store"}


async def answer_process(request: Request) -> Response:
    """Answer that the process is there, whatever its tables are like."""
    return PlainTextResponse("ok", headers=_NOT_KEPT)


def answer_tables(request: Request) -> Response:
    """Say what is shown: 200 when there are tables to show, 503 when there are none.

    `state`: `current`, or `last good` when newer files have errors and an earlier set is shown, or `none`. `saved`:
    when the set shown was saved (ISO 8601); `age_s`: seconds since then. `failed_since`: since when the newest files
    have errors, null when they have none; `errors`: how many. `lost_since`: since when changes cannot be noticed
    because the database is away, null when they can.
    """
    store = current_store()
    lost = store.lost_since
    shown = describe_tables(store.state(), now=datetime.now(UTC))
    shown["lost_since"] = lost and lost.isoformat(timespec="seconds")
    return JSONResponse(shown, status_code=503 if shown["state"] == "none" else 200, headers=_NOT_KEPT)


def describe_tables(state: State, *, now: datetime) -> dict[str, object]:
    """Return what `answer_tables` says of the tables themselves: all but `lost_since`."""
    failed = {
        "failed_since": state.failed_since and state.failed_since.isoformat(timespec="seconds"),
        "errors": len(state.checked.errors),
    }
    try:
        saved = state.to_dataset().saved
    except TablesError:
        return {"state": "none", "saved": None, "age_s": None, **failed}
    return {
        "state": "last good" if state.failed_since else "current",
        "saved": saved.isoformat(timespec="seconds"),
        "age_s": round((now - saved).total_seconds()),
        **failed,
    }

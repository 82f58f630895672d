"""What is clicked on a page in the moment after it was left is not done.

Streamlit would run that part of the page left once the new page stands, and tell the browser so: which then empties the
new page, finds no place for what follows, and shows nothing any more.
"""

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState


class LeftPages:
    """Middleware that drops a browser's wish to run a part of a page when it has asked for another page since."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what concerns the page that the browser asked for last."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        asked = ""

        async def receive_in_time() -> Message:
            nonlocal asked
            while True:
                message = await receive()
                wish = _to_wish(message)
                if wish is None:
                    return message
                if not wish.fragment_id:
                    asked = wish.page_script_hash
                # A browser that has asked for no page by its hash shows the one of its address.
                elif asked and wish.page_script_hash and wish.page_script_hash != asked:
                    continue
                return message

        await self.app(scope, receive_in_time, send)


def _to_wish(message: Message) -> ClientState | None:
    """Return what a browser wants to be run; None for everything else that it says."""
    said = BackMsg()
    try:
        said.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return None
    return said.rerun_script if said.WhichOneof("type") == "rerun_script" else None

"""After signing in or out, back to the page that was left, with a word when it failed.

Streamlit ends every sign-in and sign-out on the start page, or on a bare line of text when the provider cannot be
reached. This remembers the page that was left in a cookie, which is sent to the sign-in's own address only and lives an
hour, and changes where Streamlit's answer leads.
"""

from posixpath import normpath
from urllib.parse import parse_qsl, quote, unquote, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.assets import base_path

COOKIE = "atlas_return"
COOKIE_SECONDS = 3600
# The parameter of the address that says how a sign-in ended when it did not succeed.
OUTCOME = "sign_in"
REFUSED, FAILED = "refused", "failed"
# Where to go when it is not known which page was left: the only one with a button to sign in.
HOME = "/upkeep"
_LOGIN, _LOGOUT, _CALLBACK = "/auth/login", "/auth/logout", "/oauth2callback"
_SIGNED_IN = "_streamlit_user="


class ReturnAfterSignIn:
    """ASGI middleware that leads back to the page from which a visitor went to sign in or out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.base = app, base_path()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; change the answer where it would leave the visitor on another page."""
        path = scope.get("path", "")
        leaves = path in (f"{self.base}{_LOGIN}", f"{self.base}{_LOGOUT}")
        if scope["type"] != "http" or not (leaves or path == f"{self.base}{_CALLBACK}"):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        target = self._left_page(request) if leaves else self.check(unquote(request.cookies.get(COOKIE, "")))
        replaced = False

        async def answer(message: Message) -> None:
            nonlocal replaced
            if message["type"] != "http.response.start":
                if not replaced:
                    await send(message)
                return
            headers = MutableHeaders(scope=message)
            strands = message["status"] >= 400 or headers.get("location") == f"{self.base}/"
            if not strands:
                if leaves:
                    headers.append("set-cookie", self._write_cookie(target, seconds=COOKIE_SECONDS))
                await send(message)
                return
            cookies = headers.getlist("set-cookie")
            outcome = "" if _is_signed_in(cookies) else _to_outcome(request, leaving=path.endswith(_LOGIN))
            back = RedirectResponse(with_outcome(target, outcome), 302, headers={"Cache-Control": "no-store"})
            for cookie in [*cookies, self._write_cookie("", seconds=0)]:
                back.headers.append("set-cookie", cookie)
            replaced = True
            await back(scope, receive, send)

        await self.app(scope, receive, answer)

    def _left_page(self, request: Request) -> str:
        # A Referer holds no fragment, and one that is not of this host leads home.
        _, _, rest = request.headers.get("referer", "").partition("//")
        host, slash, left = rest.partition("/")
        return self.check(slash + left if host == request.headers.get("host") else "")

    def check(self, target: str) -> str:
        """Return an address of our own: `target`, or the page to sign in on when it might lead anywhere else."""
        own = target.startswith(f"{self.base}/") and not target.startswith("//")
        plain = target.isprintable() and "\\" not in target
        # As the server will understand it: `/auth%2Flogin` and `/x/../auth/login` are where one signs in, too.
        path = normpath(unquote(target.partition("?")[0]))
        elsewhere = not path.startswith((f"{self.base}/auth/", f"{self.base}{_CALLBACK}"))
        return target if own and plain and elsewhere else f"{self.base}{HOME}"

    def _write_cookie(self, value: str, *, seconds: int) -> str:
        path = f"{self.base}{_CALLBACK}"
        return f"{COOKIE}={quote(value, safe='')}; Max-Age={seconds}; Path={path}; HttpOnly; SameSite=Lax"


def _is_signed_in(cookies: list[str]) -> bool:
    return any(cookie.startswith(_SIGNED_IN) and not cookie.startswith(f'{_SIGNED_IN}""') for cookie in cookies)


def _to_outcome(request: Request, *, leaving: bool) -> str:
    query = request.query_params
    if query.get("error") == "access_denied":
        return REFUSED
    return FAILED if leaving or "code" in query or "error" in query else ""


def with_outcome(target: str, outcome: str) -> str:
    """Add the outcome of a sign-in to an address in place of an earlier one; an empty one is left out."""
    path, _, parameters = target.partition("#")[0].partition("?")
    query = [(name, value) for name, value in parse_qsl(parameters, keep_blank_values=True) if name != OUTCOME]
    query += [(OUTCOME, outcome)] if outcome else []
    return path + (f"?{urlencode(query)}" if query else "")

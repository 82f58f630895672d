"""After signing in or out, the page that was left; never one of a foreign host, whatever a request says."""

from http.cookies import SimpleCookie
from urllib.parse import quote, urljoin, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient

from server import returning as module
from server.returning import COOKIE, COOKIE_SECONDS, FAILED, HOME, OUTCOME, REFUSED, ReturnAfterSignIn, with_outcome

HOST = "http://testserver"
PROVIDER = "https://provider.example/authorize?client_id=atlas"
SIGNED_IN = ("_streamlit_user", "2|1:0|abc")
LEFT = "/upkeep?table=sites&lang=en"


class Streamlit:
    """Answers as Streamlit does (web/server/starlette/starlette_auth_routes.py); a test says how it goes."""

    def __init__(self, base=""):
        self.base, self.login, self.logout, self.callback = base, PROVIDER, PROVIDER, "signed in"
        routes = [
            Route("/auth/login", self.answer_login),
            Route("/auth/logout", self.answer_logout),
            Route("/oauth2callback", self.answer_callback),
            WebSocketRoute("/oauth2callback", self.talk),
            Route("/{path:path}", self.answer_page, methods=["GET", "POST"]),
        ]
        app = Starlette(routes=[Mount(base, routes=routes)] if base else routes)
        self.app = ReturnAfterSignIn(app)
        self.client = TestClient(self.app, base_url=HOST, follow_redirects=False)

    def redirect(self, target=None):
        answer = RedirectResponse(target or f"{self.base}/", 302)
        answer.set_cookie("session", "authlib")
        return answer

    def fail(self):
        answer = PlainTextResponse("Authentication error", 400)
        answer.set_cookie("session", "authlib")
        return answer

    async def answer_login(self, request):
        return self.redirect(self.login) if self.login != "fails" else self.fail()

    async def answer_logout(self, request):
        answer = self.redirect(self.logout)
        answer.delete_cookie(SIGNED_IN[0])
        return answer

    async def answer_callback(self, request):
        answer = self.redirect()
        if self.callback == "signed in":
            # One that lay at the root before the atlas had a base path is removed first.
            answer.delete_cookie(SIGNED_IN[0])
            answer.set_cookie(*SIGNED_IN, httponly=True)
            answer.set_cookie("_streamlit_user_tokens", "x")
        elif self.callback == "cleared":
            answer.delete_cookie(SIGNED_IN[0])
        return answer

    async def answer_page(self, request):
        answer = PlainTextResponse(f"page {request.url.path}")
        answer.set_cookie("page", "1")
        return answer

    async def talk(self, websocket):
        await websocket.accept()
        await websocket.send_text("untouched")
        await websocket.close()

    def leave(self, referer, path="/auth/login?provider=x"):
        """Go to sign in or out from a page; the browser then holds the cookie, if one was set."""
        return self.client.get(self.base + path, headers={} if referer is None else {"Referer": referer})

    def come_back(self, query="?code=1&state=2", *, left=None):
        headers = {} if left is None else {"Cookie": f"{COOKIE}={quote(left, safe='')}"}
        return self.client.get(f"{self.base}/oauth2callback{query}", headers=headers)


@pytest.fixture(params=["", "/atlas"], ids=["root", "base path"])
def streamlit(request, monkeypatch):
    monkeypatch.setattr(module, "base_path", lambda: request.param)
    return Streamlit(request.param)


def location(answer):
    assert answer.status_code == 302
    return answer.headers["location"]


def cookies_of(answer):
    cookies = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        cookies.load(line)
    return cookies


# --- back to the page that was left


@pytest.mark.parametrize(
    "left",
    [LEFT, "/upkeep", "/", "/meetings?q=a%20b&q=%C3%BC&empty=&x=%26%3D", "/sites/%C3%BC/x", "/a?next=//evil.org"],
)
def test_signing_in_leads_back(streamlit, left):
    away = streamlit.leave(HOST + streamlit.base + left)
    assert location(away) == PROVIDER
    target = urlsplit(location(streamlit.come_back()))
    wanted = urlsplit(streamlit.base + left)
    assert (target.scheme, target.netloc, target.path) == ("", "", wanted.path)
    assert with_outcome(f"?{target.query}", "") == with_outcome(f"?{wanted.query}", "")


def test_the_cookie_goes_to_the_callback_only_and_is_used_once(streamlit):
    cookies = cookies_of(streamlit.leave(f"{HOST}{streamlit.base}{LEFT}"))
    cookie = cookies[COOKIE]
    assert cookie["path"] == f"{streamlit.base}/oauth2callback"
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", str(COOKIE_SECONDS))
    assert cookies["session"].value == "authlib"
    back = streamlit.come_back()
    assert cookies_of(back)[COOKIE]["max-age"] == "0"
    assert location(streamlit.come_back("")) == streamlit.base + HOME


def test_the_cookies_of_the_answer_are_kept(streamlit):
    streamlit.leave(f"{HOST}{streamlit.base}{LEFT}")
    answer = streamlit.come_back()
    cookies = cookies_of(answer)
    assert cookies[SIGNED_IN[0]].value == SIGNED_IN[1]
    assert cookies[SIGNED_IN[0]]["httponly"]
    assert {"session", "_streamlit_user_tokens"} <= set(cookies)
    assert len(answer.headers.get_list("set-cookie")) == 5
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text == ""


@pytest.mark.parametrize("logout", [PROVIDER, None], ids=["by way of the provider", "at once"])
def test_signing_out_leads_back_without_a_word(streamlit, logout):
    streamlit.logout = logout
    streamlit.callback = "nobody"
    answer = streamlit.leave(f"{HOST}{streamlit.base}{LEFT}", "/auth/logout")
    assert cookies_of(answer)[SIGNED_IN[0]].value == ""
    if logout:
        assert location(answer) == PROVIDER
        answer = streamlit.come_back("")
    assert location(answer) == streamlit.base + LEFT


@pytest.mark.parametrize("login", [None, "fails"])
def test_a_sign_in_that_does_not_begin_leads_back_at_once(streamlit, login):
    streamlit.login = login
    answer = streamlit.leave(f"{HOST}{streamlit.base}{LEFT}")
    assert location(answer) == f"{streamlit.base}{LEFT}&{OUTCOME}={FAILED}"
    assert answer.text == ""
    assert cookies_of(answer)["session"].value == "authlib"


@pytest.mark.parametrize(
    ("query", "callback", "outcome"),
    [
        ("?code=1&state=2", "signed in", ""),
        ("?code=1&state=2", "cleared", FAILED),
        ("?code=1&state=2", "nobody", FAILED),
        ("?error=access_denied&state=2", "nobody", REFUSED),
        ("?error=server_error&error_description=x", "nobody", FAILED),
        ("?error=", "nobody", FAILED),
        ("", "nobody", ""),
        ("?state=2", "nobody", ""),
    ],
)
def test_how_a_sign_in_ended_is_told(streamlit, query, callback, outcome):
    streamlit.callback = callback
    streamlit.leave(f"{HOST}{streamlit.base}{LEFT}")
    answer = streamlit.come_back(query)
    assert location(answer) == streamlit.base + LEFT + (f"&{OUTCOME}={outcome}" if outcome else "")


def test_an_earlier_outcome_is_forgotten(streamlit):
    streamlit.leave(f"{HOST}{streamlit.base}/upkeep?{OUTCOME}=refused&lang=en")
    assert location(streamlit.come_back()) == f"{streamlit.base}/upkeep?lang=en"


@pytest.mark.parametrize(
    ("target", "outcome", "expected"),
    [
        ("/upkeep", "", "/upkeep"),
        ("/upkeep", FAILED, "/upkeep?sign_in=failed"),
        ("/upkeep?a=1&a=2&b=", REFUSED, "/upkeep?a=1&a=2&b=&sign_in=refused"),
        ("/upkeep?sign_in=failed&sign_in=x", REFUSED, "/upkeep?sign_in=refused"),
        ("/upkeep?sign_in=failed", "", "/upkeep"),
        ("/upkeep?a=1#b", FAILED, "/upkeep?a=1&sign_in=failed"),
        ("/upkeep?q=%0D%0AX:%20y", "", "/upkeep?q=%0D%0AX%3A+y"),
    ],
)
def test_an_outcome_is_added_to_an_address(target, outcome, expected):
    assert with_outcome(target, outcome) == expected


# --- never anywhere else

FOREIGN = [
    "",
    "evil",
    "//evil.org",
    "///evil.org",
    "/\\evil.org",
    "\\\\evil.org",
    "https://evil.org",
    "https:/evil.org",
    "https://testserver.evil.org/upkeep",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.org",
    "\t//evil.org",
    " //evil.org",
    "/\u2028/evil.org",
    "http://[",
    "//[",
]
NOT_TO_BE_OPENED = [
    "/\\evil.org",
    "/x\\..\\evil",
    "/upkeep\r\nSet-Cookie: a=b",
    "/upkeep\nX: y",
    "/upkeep\x00",
    "/\u202eupkeep",
    "/oauth2callback",
    "/oauth2callback?code=1&state=2",
    "/oauth2callback/../oauth2callback",
    "/auth/login",
    "/auth/logout?x=1",
    "/auth%2Flogout",
    "/%61uth/logout",
    "/x/../auth/logout",
    "/x/%2e%2e/auth/logout",
]


def assert_leads_home(streamlit, *, left):
    answer = streamlit.come_back(left=left)
    assert location(answer) == streamlit.base + HOME
    assert set(cookies_of(answer)) == {"session", SIGNED_IN[0], "_streamlit_user_tokens", COOKIE}


@pytest.mark.parametrize("target", FOREIGN)
def test_a_cookie_that_leads_elsewhere_leads_home(streamlit, target):
    assert_leads_home(streamlit, left=target)


@pytest.mark.parametrize("target", NOT_TO_BE_OPENED)
def test_a_cookie_that_would_sign_in_or_out_again_or_is_no_address_leads_home(streamlit, target):
    assert_leads_home(streamlit, left=streamlit.base + target)


@pytest.mark.parametrize("target", ["/%2F%2Fevil.org", "/%2Fevil.org", "/%5Cevil.org", "/.//evil.org", "/..//evil.org"])
def test_a_path_that_only_looks_foreign_stays_on_this_host(streamlit, target):
    answer = streamlit.come_back(left=streamlit.base + target)
    found = urlsplit(urljoin(HOST + streamlit.base + "/oauth2callback", location(answer)))
    assert (found.scheme, found.netloc) == ("http", "testserver")
    assert location(answer).startswith(f"{streamlit.base}/")
    assert not location(answer).startswith("//")


@pytest.mark.parametrize("cookie", ["%", "%2", "%ff%fe", '"/upkeep', '"', "%2F%2Fevil.org", "/%2Fevil.org"])
def test_a_cookie_that_is_written_in_another_way_does_no_harm(streamlit, cookie):
    answer = streamlit.client.get(
        f"{streamlit.base}/oauth2callback?code=1", headers={"Cookie": f"{COOKIE}={cookie}; x=1"}
    )
    assert location(answer) == streamlit.base + HOME


@pytest.mark.parametrize(
    "referer",
    [
        None,
        "",
        "null",
        "about:blank",
        "https://evil.org/sites",
        "https://testserver.evil.org/sites",
        "https://testserver:8501/sites",
        "https://ada@testserver/sites",
        "http://[/sites",
        HOST,
        f"{HOST}//evil.org",
        f"{HOST}/\\evil.org",
        f"{HOST}/\tx",
        f"{HOST}/auth/login",
        f"{HOST}/oauth2callback",
    ],
)
def test_a_page_that_is_not_ours_or_not_known_leads_home(streamlit, referer):
    streamlit.leave(referer)
    assert location(streamlit.come_back()) == streamlit.base + HOME


def test_a_page_outside_of_the_base_path_is_not_ours(monkeypatch):
    monkeypatch.setattr(module, "base_path", lambda: "/atlas")
    streamlit = Streamlit("/atlas")
    for path in ("/upkeep", "/atlasevil", "/atlas", "/"):
        streamlit.leave(HOST + path)
        assert location(streamlit.come_back()) == f"/atlas{HOME}"


# --- everything else as it was


@pytest.mark.parametrize(
    "path", ["/", "/upkeep?x=1", "/auth", "/auth/loginx", "/auth/login/x", "/oauth2callback/", "/x"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_addresses_are_left_alone(streamlit, path, method):
    answer = streamlit.client.request(
        method, streamlit.base + path, headers={"Referer": HOST + LEFT, "Cookie": f"{COOKIE}=%2Fsites"}
    )
    assert answer.status_code == 200
    assert answer.text.startswith("page ")
    assert answer.headers.get_list("set-cookie") == ["page=1; Path=/; SameSite=lax"]
    assert "location" not in answer.headers


def test_the_addresses_of_another_base_path_are_left_alone(monkeypatch):
    monkeypatch.setattr(module, "base_path", lambda: "/atlas")
    app = ReturnAfterSignIn(Streamlit("").app.app)
    answer = TestClient(app, follow_redirects=False).get("/oauth2callback?code=1")
    assert location(answer) == "/"


def test_websockets_are_left_alone(streamlit):
    with streamlit.client.websocket_connect(f"{streamlit.base}/oauth2callback") as websocket:
        assert websocket.receive_text() == "untouched"


def test_starting_and_stopping_are_left_alone(streamlit):
    with TestClient(streamlit.app) as client:
        assert client.get(f"{streamlit.base}/x").status_code == 200


def test_a_crash_is_not_hidden(monkeypatch):
    streamlit = Streamlit()

    async def crash(scope, receive, send):
        raise ZeroDivisionError

    streamlit.app.app = crash
    with pytest.raises(ZeroDivisionError):
        streamlit.leave(HOST + LEFT)

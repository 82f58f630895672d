"""An identity provider on this machine (OpenID Connect), the secrets that point the atlas at it, and its login form."""

import json
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import oidc_provider_mock
from flask import Response
from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

# Filled in by Streamlit with the port that the atlas was started on.
LOCAL_ATLAS = "http://127.0.0.1:{port}"


@dataclass(frozen=True)
class Provider:
    """Where a provider answers. One that cannot be reached is `Provider("http://localhost:1")`."""

    issuer: str

    @property
    def metadata_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        pass


def _keep_to_itself(response: Response) -> Response:
    # Its pages ask a foreign host for a style sheet.
    response.headers["Content-Security-Policy"] = "default-src 'self'; style-src 'unsafe-inline'"
    return response


@contextmanager
def provide_identity(users: Mapping[str, Mapping[str, object]]) -> Iterator[Provider]:
    """Run a provider that knows these users (subject: claims) until the block ends.

    Its host is `localhost` and that of the atlas 127.0.0.1, so that for a browser they are two sites. A subject that it
    does not know is let in too, with itself as e-mail address.
    """
    known = [oidc_provider_mock.User(sub=subject, claims=dict(claims)) for subject, claims in users.items()]
    app = oidc_provider_mock.app(user_claims=known)
    app.after_request(_keep_to_itself)
    server = make_server("localhost", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield Provider(f"http://localhost:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def write_secrets(folder: Path, *, provider: Provider, app_url: str = LOCAL_ATLAS, allowed: Sequence[str] = ()) -> Path:
    """Write secrets.toml into a folder; `serve` takes it with the options `--secrets.files` and its path.

    `app_url` is the atlas's address as the browser has it, with the path it lies below.
    """
    lines = [
        "[auth]",
        f"redirect_uri = {_quote(app_url + '/oauth2callback')}",
        f"cookie_secret = {_quote(secrets.token_hex(32))}",
        f"client_id = {_quote('atlas')}",
        f"client_secret = {_quote('any will do')}",
        f"server_metadata_url = {_quote(provider.metadata_url)}",
        "",
        "[publishing]",
        f"allowed = [{', '.join(map(_quote, allowed))}]",
    ]
    path = folder / "secrets.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def sign_in(page: Page, subject: str) -> None:
    """Fill in the provider's login form, which the browser shows or is about to show."""
    page.get_by_placeholder("sub", exact=True).fill(subject)
    page.get_by_role("button", name="Authorize", exact=True).click()


def refuse(page: Page) -> None:
    """Turn back at the provider's login form; the provider tells the atlas `access_denied`."""
    page.get_by_role("button", name="Deny", exact=True).click()


def end_session(page: Page) -> None:
    """Agree to the provider's question after signing out; the atlas's own cookies are gone by then."""
    page.get_by_role("button", name="End session", exact=True).click()

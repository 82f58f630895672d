"""Parts of a page that are drawn in the browser by a module of static/scripts."""

from collections.abc import Callable
from typing import Any, Protocol

import streamlit as st

from ui.loading import load_page_asset_url

# The script lies under /assets, where browsers keep it; what is sent with every run is only this line.
_SCRIPT = """export default (component) => {
  let wanted = true;
  import(new URL(component.data.script, document.baseURI)).then((module) => wanted && module.render(component));
  return () => {
    wanted = false;
    component.end?.();
  };
};"""


def _ignore() -> None:
    """Take no notice: in this component there is nothing to pick."""


class BrowserComponent(Protocol):
    """Draws a component; `on_picked` is called when the visitor has picked something in it."""

    def __call__(self, *, key: str, data: dict[str, Any], on_picked: Callable[[], None] = ...) -> None:
        """Draw the component under a key, with the data its script is given."""


def declare_component(name: str, *, script: str, style: str | None = None) -> BrowserComponent:
    """Make a component of a script in static/, and a style sheet if it draws anything.

    The script exports `render`, which is given `data` with the addresses of both files added. One that goes on by
    itself gives what it is given an `end`, which is called when the page no longer has the component.
    """
    component = st.components.v2.component(f"atlas_{name}", html="<div></div>", js=_SCRIPT)

    def show(*, key: str, data: dict[str, Any], on_picked: Callable[[], None] = _ignore) -> None:
        files = {"script": load_page_asset_url(script), "style": load_page_asset_url(style) if style else None}
        component(key=key, data={**files, **data}, on_picked_change=on_picked)

    return show


def read_picked(key: str) -> Any:
    """Return what the visitor has picked last in the component with this key, None before the first time."""
    return st.session_state.get(key, {}).get("picked")

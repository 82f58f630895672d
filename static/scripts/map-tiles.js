/* A detailed map from another server, on request only: nothing is asked of that server before the visitor has agreed,
   and the choice is kept for this visit. When its tiles do not come, our own map stays. */
import { make } from "./make.js";

const FROM_ZOOM = 6.5;
const PATIENCE_MS = 10_000;
const CONSENT = "atlas-detailed-map";

export function makeTiles(map, provider, { onChange }) {
  if (!provider) return { shown: false, speak() {} };
  const ownMaxZoom = map.getMaxZoom();
  let words = {};
  let layer = null;
  let patience = null;
  const panel = make("div", { className: "detail-map" });
  L.DomEvent.disableClickPropagation(panel);
  const control = Object.assign(L.control({ position: "bottomright" }), { onAdd: () => panel });
  const self = { shown: false, speak };

  function speak(newWords) {
    words = newWords;
    if (!panel.isConnected) {
      control.addTo(map);
      map.on("zoomend", showOrHide);
    }
    if (!layer && consent.given(provider)) load();
    layer ? draw(button(words.detail_hide, hide)) : drawOffer();
    showOrHide();
  }

  const showOrHide = () => (panel.hidden = map.getZoom() < FROM_ZOOM);
  const button = (textContent, onclick) => make("button", { type: "button", textContent, onclick });
  const drawOffer = () => draw(button(words.detail_show, ask));

  /* Draw the panel anew; the focus, if it was inside, goes to what now stands first. */
  function draw(...children) {
    const focused = panel.contains(document.activeElement);
    panel.replaceChildren(...children);
    if (focused) panel.querySelector("button").focus();
  }

  function ask() {
    const text = words.detail_question.replace("{host}", () => provider.host).replace("{name}", () => provider.name);
    const question = make("div", { className: "question" }, make("p", { textContent: text }),
      button(words.detail_agree, () => { consent.give(provider); load(); }), button(words.detail_refuse, drawOffer));
    question.setAttribute("role", "group");
    question.setAttribute("aria-label", words.detail_show);
    draw(question);
  }

  function load() {
    layer = L.tileLayer(provider.url, {
      pane: "tiles",
      minZoom: FROM_ZOOM,
      maxZoom: provider.max_zoom,
      attribution: escapeHtml(provider.attribution),
      className: "tiles",
      referrerPolicy: "no-referrer", // that server need not know where its tiles are shown
    })
      .on("loading", () => (patience ??= setTimeout(() => { patience = null; self.shown || giveUp(); }, PATIENCE_MS)))
      .on("tileload", () => tell(true))
      // Leaflet goes on using the layer after it has told that it is loaded.
      .on("load", () => setTimeout(() => self.shown || giveUp()))
      .addTo(map);
    map.setMaxZoom(provider.max_zoom);
    draw(button(words.detail_hide, hide));
  }

  function hide() {
    consent.takeBack();
    remove();
    drawOffer();
  }

  function giveUp() {
    if (!layer || map.getZoom() < FROM_ZOOM) return;
    remove();
    const notice = make("p", { textContent: words.detail_failure });
    notice.setAttribute("role", "status");
    draw(make("div", { className: "question" }, notice, button(words.detail_again, load), button(words.detail_refuse, hide)));
  }

  function remove() {
    clearTimeout(patience);
    patience = null;
    layer?.remove();
    layer = null;
    map.setMaxZoom(ownMaxZoom);
    tell(false);
  }

  function tell(shown) {
    if (self.shown === shown) return;
    self.shown = shown;
    map.getContainer().classList.toggle("has-tiles", shown);
    onChange();
  }

  return self;
}

/* Kept as long as the tab is open; where a browser keeps nothing, as long as the page is. */
const consent = {
  given: ({ url }) => readSession() === url,
  give: ({ url }) => writeSession((storage) => storage.setItem(CONSENT, url)),
  takeBack: () => writeSession((storage) => storage.removeItem(CONSENT)),
};

function readSession() {
  try {
    return sessionStorage.getItem(CONSENT);
  } catch (error) {
    if (error instanceof DOMException) return null; // storage is blocked
    throw error;
  }
}

function writeSession(change) {
  try {
    change(sessionStorage);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

/* Leaflet reads an attribution as HTML. */
const escapeHtml = (text) => make("span", { textContent: text }).innerHTML;

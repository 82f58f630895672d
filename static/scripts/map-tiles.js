/* A detailed map from another server, on request only: nothing is asked of that server before the visitor has agreed,
   and the choice is kept for this visit. When its tiles do not come, our own map stays. */
import { make } from "./make.js";

const FROM_ZOOM = 6.5;
const CONSENT = "atlas-detailed-map";

export function makeTiles(map, provider, { onChange }) {
  if (!provider) return { shown: false, speak() {} };
  const ownMaxZoom = map.getMaxZoom();
  let words = {};
  let layer = null;
  const panel = make("div", { className: "detail-map" });
  L.DomEvent.disableClickPropagation(panel);
  const control = Object.assign(L.control({ position: "bottomright" }), { onAdd: () => panel });
  const self = { shown: false, speak };
  const remembered = () => sessionStorage.getItem(CONSENT) === provider.url;

  function speak(newWords) {
    words = newWords;
    if (!panel.isConnected) {
      control.addTo(map);
      map.on("zoomend", offer);
    }
    layer ? drawButton(words.detail_hide, hide) : drawOffer();
    if (remembered() && !layer) load();
    offer();
  }

  const offer = () => (panel.hidden = map.getZoom() < FROM_ZOOM && !layer);
  const button = (textContent, onclick) => make("button", { type: "button", textContent, onclick });
  const drawOffer = () => panel.replaceChildren(button(words.detail_show, ask));
  const drawButton = (text, onclick) => panel.replaceChildren(button(text, onclick));

  function ask() {
    const agree = button(words.detail_agree, () => { sessionStorage.setItem(CONSENT, provider.url); load(); });
    const text = make("p", { textContent: words.detail_question.replace("{host}", provider.host).replace("{name}", provider.name) });
    const question = make("div", { className: "question" }, text, agree, button(words.detail_refuse, () => { drawOffer(); panel.querySelector("button").focus(); }));
    question.setAttribute("role", "group");
    question.setAttribute("aria-label", words.detail_show);
    panel.replaceChildren(question);
    agree.focus();
  }

  function load() {
    let arrived = false;
    layer = L.tileLayer(provider.url, { pane: "tiles", maxZoom: provider.max_zoom, attribution: escapeHtml(provider.attribution), className: "tiles" })
      .on("tileload", () => { arrived = true; })
      .on("tileerror", () => arrived || giveUp())
      .addTo(map);
    map.setMaxZoom(provider.max_zoom);
    drawButton(words.detail_hide, hide);
    tell(true);
  }

  function hide() {
    sessionStorage.removeItem(CONSENT);
    remove();
    drawOffer();
    panel.querySelector("button").focus();
  }

  function giveUp() {
    if (!layer) return;
    remove();
    const notice = make("p", { textContent: words.detail_failure });
    notice.setAttribute("role", "status");
    panel.replaceChildren(make("div", { className: "question" }, notice, button(words.detail_again, load), button(words.detail_refuse, hide)));
  }

  function remove() {
    layer.remove();
    layer = null;
    map.setMaxZoom(ownMaxZoom);
    tell(false);
  }

  function tell(shown) {
    self.shown = shown;
    map.getContainer().classList.toggle("has-tiles", shown);
    offer();
    onChange();
  }

  return self;
}

/* Leaflet reads an attribution as HTML. */
const escapeHtml = (text) => make("span", { textContent: text }).innerHTML;

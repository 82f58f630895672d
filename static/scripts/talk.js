/* The talk: scenes on a map that fills the screen. All of it happens in the browser, so that neither the server nor the
   network is needed from one scene to the next; the address keeps the number of the scene. */
import { loadDocument } from "./load.js";
import { make, makeAlert, makeSvg } from "./make.js";

const KEYS = {
  ArrowRight: "on", ArrowDown: "on", PageDown: "on", " ": "on", ArrowLeft: "back", ArrowUp: "back", PageUp: "back",
  Home: "first", End: "last", f: "fullscreen", b: "black", ".": "black", Escape: "leaveBlack",
};
// Of the window's width and height; from the back row text is read by its share of the screen.
const TEXT_BY_WIDTH = 0.0172, TEXT_BY_HEIGHT = 0.0306, SMALLEST_TEXT_PX = 18;
const SHRINK = 0.94, LEAST_PX = 10;
// Strokes on a field of 24 by 24.
const ICONS = {
  back: "M15 5l-7 7 7 7", on: "M9 5l7 7-7 7", play: "M8 5l11 7-11 7z", pause: "M9 5v14M15 5v14",
  fullscreen: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5", black: "M4 5h16v11H4zM9 20h6", leave: "M6 6l12 12M18 6L6 18",
};
const makeIcon = (name) => makeSvg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, makeSvg("path", { d: ICONS[name] }));

export async function render(component) {
  const { data, parentElement: root } = component;
  root.wanted = component;
  component.end = () => {
    if (root.wanted !== component) return; // drawn anew
    root.wanted = null;
    root.talk?.end();
  };
  let content;
  try {
    // The documents of the map are only brought into the browser's store here: the map takes them from there.
    [content] = await Promise.all([data.document, ...data.documents].map((address) => loadDocument(address)));
  } catch (error) {
    if (root.wanted === component) root.querySelector("div").replaceChildren(makeAlert(data.failure));
    throw error;
  }
  if (root.wanted !== component) return; // a newer run came while this one waited
  if (!root.querySelector("link")) root.prepend(make("link", { rel: "stylesheet", href: data.style, onload: () => root.talk?.fit() }));
  // Only what the app says anew counts: the visitor may have gone on meanwhile.
  const given = JSON.stringify([data.document, data.scene]);
  const number = root.given === given ? root.talk.number : data.scene - 1;
  root.given = given;
  const before = root.talk;
  before?.end();
  root.talk = new Talk(root.querySelector("div"), content, { ...data, onScene: keepInAddress, findMap: findFrame });
  if (before) root.talk.goOnLike(before);
  root.talk.show(number);
}

const findFrame = () => document.querySelector(".st-key-map iframe")?.contentWindow;

function keepInAddress(number) {
  const address = new URL(location);
  address.searchParams.set("scene", number);
  history.replaceState(history.state, "", address);
}

/* `data`: where the audience finds the talk (`link`, `code`), seconds for `auto`, where the map finds
   its documents (`map_root`), how to leave (an address, or `onLeave`), what a new scene is told (`onScene`), and the window of the map (`findMap`). */
export class Talk {
  constructor(box, { scenes, words }, data) {
    Object.assign(this, { box, scenes, words, data, number: 0, playing: Boolean(data.auto) });
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("keydown", (event) => this.press(event), { signal });
    addEventListener("resize", () => this.fit(), { signal });
    document.addEventListener("fullscreenchange", () => this.fit(), { signal });
    this.lay();
    this.stayAwake(signal);
    this.dismissErrors(signal);
  }

  lay() {
    const { words } = this;
    this.progress = make("ol", { className: "progress" }, ...this.scenes.map(() => make("li")));
    this.progress.setAttribute("aria-hidden", "true");
    this.count = make("p", { className: "count" });
    this.scene = make("div", { className: "scene" });
    this.scene.setAttribute("aria-live", "polite");
    this.next = make("p", { className: "next" });
    this.black = make("button", { className: "black", type: "button", hidden: true, ariaLabel: words.black });
    this.black.addEventListener("click", () => this.act("leaveBlack"));
    this.play = this.makeButton("play", words.pause);
    this.play.hidden = !this.data.auto;
    const leave = make(this.data.onLeave ? "button" : "a", { title: words.leave, ariaLabel: words.leave }, makeIcon("leave"));
    Object.assign(leave, this.data.onLeave ? { type: "button", onclick: this.data.onLeave } : { href: this.data.leave, target: "_self" });
    const buttons = make("div", { className: "buttons" },
      this.makeButton("back", words.back), this.makeButton("on", words.on), this.play,
      this.makeButton("fullscreen", words.fullscreen), this.makeButton("black", words.black), leave);
    this.panel = make("section", { className: "panel", ariaLabel: words.talk },
      make("div", { className: "head" }, this.count, this.progress), this.scene, make("div", { className: "foot" }, this.next, buttons));
    this.box.className = "talk";
    this.box.replaceChildren(this.panel, this.black);
  }

  /* Drawn anew, as when the system turns dark, it stays paused and black. */
  goOnLike(before) {
    this.playing = before.playing;
    this.black.hidden = before.black.hidden;
  }

  makeButton(action, label) {
    const button = make("button", { type: "button", title: label, ariaLabel: label }, makeIcon(action));
    button.addEventListener("click", () => this.act(action));
    return button;
  }

  press(event) {
    // The page's own fields, menus and dialogs keep their keys, as do the browser's shortcuts.
    const inside = event.composedPath();
    const busy = inside.some((one) => one instanceof Element && one.matches("input, textarea, select, [contenteditable], [role=dialog], [role=menu], [data-baseweb=popover]"));
    if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && inside.some((one) => one instanceof Element && one.matches("button, a"))) return;
    const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    this.act(action);
  }

  act(action) {
    const { number, scenes } = this;
    const wasBlack = !this.black.hidden;
    if (action === "black") return (this.black.hidden = wasBlack);
    this.black.hidden = true;
    if (action === "leaveBlack") return;
    if (action === "fullscreen") return void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
    if (action === "play") {
      this.playing = !this.playing;
      return this.wait();
    }
    const target = { on: number + 1, back: number - 1, first: 0, last: scenes.length - 1 }[action];
    if (scenes[target]) this.show(target);
  }

  show(number) {
    this.number = Math.min(Math.max(number, 0), this.scenes.length - 1);
    const { scenes, words } = this;
    const { title, text, facts } = scenes[this.number];
    const isLast = this.number === scenes.length - 1;
    this.scene.replaceChildren(
      make("h1", { textContent: title }), make("p", { className: "text", textContent: text }),
      make("ul", { className: "facts" }, ...facts.map((fact) => make("li", { textContent: fact }))),
      ...(isLast ? [this.makeLink()] : []),
    );
    const place = words.progress.replace("{number}", this.number + 1).replace("{total}", scenes.length);
    this.count.textContent = `${this.number + 1} / ${scenes.length}`;
    this.count.setAttribute("aria-label", place);
    [...this.progress.children].forEach((mark, one) => mark.classList.toggle("done", one <= this.number));
    this.next.textContent = isLast ? words.last : words.next.replace("{title}", () => scenes[this.number + 1].title);
    this.data.onScene(this.number + 1);
    this.fit();
    this.wait();
  }

  /* Where the audience finds the talk; the picture is read by their telephones, and missing where the link is too long. */
  makeLink() {
    const picture = this.data.code ? [make("img", { src: this.data.code, alt: this.data.link })] : [];
    return make("figure", { className: "link" }, ...picture, make("figcaption", {}, this.words.link, make("span", { textContent: this.data.link })));
  }

  /* Make the text as large as the room allows, and tell the map what room is left for it. */
  fit() {
    let size = Math.max(SMALLEST_TEXT_PX, Math.min(innerWidth * TEXT_BY_WIDTH, innerHeight * TEXT_BY_HEIGHT));
    const set = () => this.panel.style.setProperty("--text", `${size}px`);
    set();
    const overflows = () => this.scene.scrollHeight > this.scene.clientHeight + 1 || this.scene.scrollWidth > this.scene.clientWidth + 1;
    while (overflows() && size > LEAST_PX) {
      size *= SHRINK;
      set();
    }
    this.tellMap();
  }

  tellMap() {
    cancelAnimationFrame(this.asking);
    const show = this.data.findMap()?.showOnMap;
    if (!show) return void (this.asking = requestAnimationFrame(() => this.tellMap())); // its scripts are on their way
    const { message, document: name } = this.scenes[this.number];
    const { top, right, width } = this.panel.getBoundingClientRect();
    const beside = width < innerWidth * 0.9;
    const inset = { left: beside ? right : 0, bottom: beside ? 0 : innerHeight - top };
    show({ ...message, document: this.data.map_root + name, failure: this.words.map_failure, stage: true, inset });
  }

  /* A screen in a foyer goes on by itself, and begins again after the last scene. */
  wait() {
    clearTimeout(this.timer);
    this.play.replaceChildren(makeIcon(this.playing ? "pause" : "play"));
    this.play.title = this.play.ariaLabel = this.playing ? this.words.pause : this.words.play;
    if (this.data.auto && this.playing) this.timer = setTimeout(() => this.show((this.number + 1) % this.scenes.length), this.data.auto * 1000);
  }

  /* Nobody touches the screen during a talk. A browser may refuse, and lets go whenever the page is hidden. */
  stayAwake(signal) {
    const ask = () => document.hidden || navigator.wakeLock?.request("screen").then((lock) => (signal.aborted ? lock.release() : signal.addEventListener("abort", () => lock.release())), () => {});
    ask();
    document.addEventListener("visibilitychange", ask, { signal });
  }

  /* That the server is out of reach is no concern of the audience: the talk needs it no more. Streamlit says so in a
     dialog over everything, once; a dialog of our own has elements of the app in it. */
  dismissErrors(signal) {
    const dismiss = () => document.querySelector(".stDialog:not(:has(.stVerticalBlock)) button")?.click();
    const watcher = new MutationObserver(dismiss);
    watcher.observe(document.body, { childList: true });
    signal.addEventListener("abort", () => watcher.disconnect());
  }

  end() {
    this.stop.abort();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.asking);
  }
}

/* The year up to which the network is shown, with a way to watch it grow. The app is told each year and answers with
   what to show; the next one is asked for only when the answer has come, so that a slow network is never flooded. */
import { make } from "./make.js";

const PAUSE_MS = 1100;
const PATIENCE_MS = 10_000; // an answer that has not come by then was lost

export function makeYears(tell, { reducedMotion }) {
  const button = make("button", { type: "button" });
  const range = make("input", { type: "range", step: 1 });
  const output = make("output");
  const bar = make("div", { id: "years", hidden: true }, button, range, output);
  let words = {};
  let first = 0, end = 0; // the last stop, one after the last year, shows everything
  let year = 0; // where the control stands
  let shown = 0; // what the map shows
  let asked = null; // what the app has been asked for and has not answered yet
  let playing = false, settling = false;
  let pause = null, patience = null;

  document.getElementById("parent").after(bar);
  button.addEventListener("click", () => (playing ? stop() : play()));
  range.addEventListener("input", () => {
    const wish = Number(range.value); // before halt() draws the control anew
    halt();
    ask(wish);
  });
  range.addEventListener("change", settle);
  addEventListener("visibilitychange", () => document.hidden && playing && stop());

  const toLimit = (stop) => (stop < end ? stop : null);

  function ask(wish) {
    year = wish;
    draw();
    if (asked !== null) return; // arrive() asks for the latest wish
    asked = wish;
    patience = setTimeout(giveUp, PATIENCE_MS);
    tell(toLimit(wish), true);
  }

  /* The control has been let go: this year is the one to keep, once the app has answered to it. */
  function settle() {
    settling = asked !== null;
    if (!settling) tell(toLimit(year), false);
  }

  /* The answer was lost: what the map shows is what counts. */
  function giveUp() {
    forget();
    year = shown;
    draw();
  }

  function play() {
    if (reducedMotion()) return;
    playing = true;
    ask(year >= end ? first : year + 1);
  }

  function halt() {
    playing = false;
    clearTimeout(pause);
    draw();
  }

  /* Stop where it is; the app is told once more so that the address takes up this year. */
  function stop() {
    halt();
    settle();
  }

  /* `message` is what the map shows now: the answer to what was asked, or to something else. */
  function arrive({ years, until }, layer) {
    bar.hidden = !years || years[0] >= years[1];
    if (bar.hidden) return forget();
    [first, end] = [years[0], years[1] + 1];
    const before = shown;
    shown = Math.min(until ?? end, end);
    const answered = asked !== null && toLimit(asked) === until;
    if (asked !== null && !answered && shown === before) return; // to something else; ours is on its way
    if (!answered && shown !== year) forget(); // somebody else has decided: a reset, or going back
    clearTimeout(patience);
    asked = null;
    if (answered && year !== shown) return ask(year); // the wish has changed meanwhile
    year = shown;
    if (settling) settle();
    if (answered && playing) year < end && !reducedMotion() ? (pause = setTimeout(() => ask(year + 1), PAUSE_MS)) : stop();
    draw(until ? layer.countNew(until) : null);
  }

  /* Nothing is under way any more. */
  function forget() {
    clearTimeout(pause);
    clearTimeout(patience);
    asked = null;
    playing = settling = false;
  }

  function draw(count = null) {
    [range.min, range.max] = [first, end];
    range.value = year;
    button.textContent = playing ? "❚❚" : "▶";
    button.title = playing ? words.pause : words.play;
    button.setAttribute("aria-label", button.title);
    button.hidden = reducedMotion();
    const text = year >= end ? words.all_years : [year, count === null ? "" : words.new_links.replace("{count}", count)].filter(Boolean).join(" · ");
    range.setAttribute("aria-valuetext", text);
    output.textContent = text;
  }

  function speak(newWords) {
    words = newWords;
    range.setAttribute("aria-label", words.until);
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", words.years);
    draw();
  }

  return { arrive, speak };
}

/* The year up to which the network is shown, with a way to watch it grow. The app is told each year and answers with
   what to show; the next one is asked for only when the answer has come, so that a slow network is never flooded. */
import { make } from "./make.js";

const PAUSE_MS = 1100;

export function makeYears(tell, { reducedMotion }) {
  const button = make("button", { type: "button" });
  const range = make("input", { type: "range", step: 1 });
  const output = make("output");
  const bar = make("div", { id: "years", hidden: true }, button, range, output);
  let words = {};
  let bounds = [0, 0];
  let year = 0; // the year that the control shows
  let asked = null; // the year that the app has been asked for and has not answered yet
  let missed = 0; // answers that came meanwhile and were to something else
  let playing = false;
  let timer = null;

  document.getElementById("parent").after(bar);
  button.addEventListener("click", () => (playing ? stop() : play()));
  range.addEventListener("input", () => {
    const wish = Number(range.value); // before halt() draws the control anew
    halt();
    ask(wish);
  });
  addEventListener("visibilitychange", () => document.hidden && playing && stop());

  const limit = (wish) => (wish < bounds[1] ? wish : null); // the last year shows everything

  function ask(wish) {
    year = wish;
    draw();
    if (asked !== null) return; // arrive() asks for the latest wish
    [asked, missed] = [wish, 0];
    tell(limit(wish), playing);
  }

  function play() {
    if (reducedMotion()) return;
    playing = true;
    ask(year >= bounds[1] ? bounds[0] : year + 1);
  }

  function halt() {
    playing = false;
    clearTimeout(timer);
    draw();
  }

  /* Stop where it is; the app is told once more so that the address takes up this year. */
  function stop() {
    halt();
    tell(limit(year), false);
  }

  /* The app has answered: `message` is what the map shows now. */
  function arrive(message, layer) {
    bar.hidden = !message.years;
    if (!message.years) return playing && halt();
    bounds = message.years;
    const shown = message.until ?? bounds[1];
    if (asked !== null && limit(asked) === message.until) {
      asked = null;
      if (year !== shown) return ask(year); // the wish has changed meanwhile
      if (playing) year < bounds[1] ? (timer = setTimeout(() => ask(year + 1), PAUSE_MS)) : stop();
    } else if (asked === null || ++missed > 1) {
      if (year !== shown && playing) halt();
      [asked, year] = [null, shown];
    }
    draw(message.until ? layer.countNew(message.until) : null);
  }

  function draw(count = null) {
    [range.min, range.max] = bounds;
    range.value = year;
    button.textContent = playing ? "❚❚" : "▶";
    button.title = playing ? words.pause : words.play;
    button.setAttribute("aria-label", button.title);
    button.hidden = reducedMotion();
    const everything = year >= bounds[1];
    range.setAttribute("aria-valuetext", everything ? words.all_years : String(year));
    output.textContent = everything ? words.all_years : [year, count === null ? "" : words.new_links.replace("{count}", count)].filter(Boolean).join(" · ");
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

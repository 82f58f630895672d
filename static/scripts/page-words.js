/* The words that Streamlit's widgets and its menu bring along in English, said in the language of the page. A text or a
   name is changed only where it is such a word and nothing else, and no text that comes from the tables. */
const FROM_TABLES = "bdi, table, code, textarea, .stHtml, .stText";
const NAMES = ["aria-label", "title", "placeholder"];
const NAMED = NAMES.map((name) => `[${name}]`).join();
const said = new WeakMap(); // of a text or an element, by name: what stood there and what stands there now
let words = {};
let label = "";
let observer = null;

export function render({ data }) {
  ({ words, label } = data);
  speak(document.body);
  if (observer) return;
  observer = new MutationObserver((changes) => changes.forEach(answer));
  observer.observe(document.body, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: NAMES,
  });
}

function answer({ type, target, attributeName, addedNodes }) {
  if (type === "attributes") sayName(target, attributeName);
  else if (type === "characterData") sayText(target);
  else addedNodes.forEach(speak);
}

function speak(root) {
  if (root.nodeType === Node.TEXT_NODE) return sayText(root);
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  for (const element of [root, ...root.querySelectorAll(NAMED)]) NAMES.forEach((name) => sayName(element, name));
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) sayText(texts.currentNode);
}

function sayText(text) {
  if (text.parentElement?.closest(FROM_TABLES)) return;
  const translated = translate(text, "text", text.data.trim());
  if (translated !== null) text.data = text.data.replace(text.data.trim(), () => translated);
}

function sayName(element, name) {
  const translated = translate(element, name, element.getAttribute(name));
  if (translated !== null) element.setAttribute(name, translated);
}

/* What should stand there instead of `now`, or null when that is right. */
function translate(holder, name, now) {
  if (!now) return null;
  const before = said.get(holder)?.[name];
  const english = before?.now === now ? before.english : now;
  const wanted = Object.hasOwn(words, english) ? words[english] : name === "aria-label" ? sayFirst(english) : english;
  if (wanted === now) return null;
  said.set(holder, { ...said.get(holder), [name]: { english, now: wanted } });
  return wanted;
}

/* Buttons of a grid are named "Add row: " and the grid's own name. */
function sayFirst(english) {
  const [title, text] = english.split(/: (.*)/s);
  return text && Object.hasOwn(words, title) ? label.replace("{title}", () => words[title]).replace("{text}", () => text) : english;
}

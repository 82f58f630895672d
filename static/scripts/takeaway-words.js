/* Sentences of a file that was taken along: geo/sentences.py brings the messages in all their plural forms, here they are
   filled with what the filters leave. tests/browser/test_takeaway.py holds both to the same sentences. */
export function makeSpeech(locale) {
  const plural = new Intl.PluralRules(locale), numbers = new Intl.NumberFormat(locale), list = new Intl.ListFormat(locale);
  const write = (value) => (typeof value === "number" ? numbers.format(value) : value);
  const fill = (message, values) => message.replace(/\{(\w+)\}/g, (place, name) => write(values[name]) ?? place);
  return {
    fill,
    join: (words) => list.format(words),
    count: (forms, number, values) => fill(forms[plural.select(number)] ?? forms.other, values),
    /* A message with one place, whatever that is called. */
    put: (forms, number, text) => (forms[plural.select(number)] ?? forms.other).replace(/\{\w+\}/, () => text),
  };
}

const distinct = (values) => new Set(values).size;

const TELL = {
  network({ links, municipalities }, says, speech, rows, words) {
    const ends = rows.map((row) => links[row].ends);
    const south = distinct(ends.map((pair) => pair[1]));
    const countries = distinct(ends.map((pair) => municipalities[pair[1]].country));
    const between = speech.count(says.ends, south, { north: distinct(ends.map((pair) => pair[0])), south });
    return [...words, `${between} ${speech.count(says.countries, countries, { countries })}`];
  },
  meetings({ meetings }, says, speech, rows, words) {
    const records = rows.map((row) => meetings[row].record);
    const held = records.filter(({ country }) => country);
    const places = distinct(held.map(({ where }) => where)), countries = distinct(held.map(({ country }) => country));
    const online = records.length - held.length;
    return [
      ...words,
      ...(places ? [`${speech.count(says.places, places, { places })} ${speech.count(says.countries, countries, { countries })}`] : []),
      ...(online ? [speech.count(says.online, online, { count: online })] : []),
    ];
  },
  sites({ sites }, says, speech, rows, words) {
    const meetings = distinct(rows.map((row) => sites[row].meeting));
    return [...words, speech.count(says.visited, meetings, { meetings })];
  },
};

/* Say what the filters leave: the rows at these positions, with `words` for the filters that are set. */
export function describe({ shown: { layer }, says, sentence }, content, speech, { rows, words, total }) {
  if (!total) return sentence; // the tables are empty
  if (!rows.length) return speech.fill(says.none, { total, filters: words.join(", ") });
  const count = speech.fill(says.shown, { shown: rows.length, total });
  const parts = TELL[layer](content, says, speech, rows, words);
  return layer === "network" && !words.length ? `${count} ${parts}` : `${count} – ${parts.join(", ")}`;
}

// What is known of each network.

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function pairs(rows) {
  const element = make("dl");
  for (const [term, text] of rows) {
    if (text === undefined || text === null || text === "") continue;
    element.append(make("dt", term), make("dd", text));
  }
  return element;
}

function sentences(list) {
  const element = make("ul");
  element.append(...list.map((sentence) => make("li", sentence)));
  return element;
}

const NORMALIZATION = {
  none: "none: the sound as it is",
  train: "by the statistics of its training speech",
  corpus: "by the statistics of the speech at hand; the first seconds of a stream are less reliable",
  speaker: "by the statistics of the speaker; the first seconds of a stream are less reliable",
};

const percent = (share) => (share === undefined ? "" : (100 * share).toFixed(1));
const counts = (byName) => Object.entries(byName).map(([name, count]) => `${name} ${count}`).join(", ");

/** UAR by corpus, with its interval. */
function scoreTable(scores) {
  const table = make("table");
  table.append(make("caption",
    "Unweighted average recall (UAR) in percent, on speech that it was not trained on"));
  const head = make("tr");
  const columns = ["tested on", "which is", "UAR", "95 % interval", "chance", "clips", "speakers"];
  head.append(...columns.map((word, index) => {
    const cell = make("th", word, index < 2 ? "word" : undefined);
    cell.scope = "col";
    return cell;
  }));
  const top = make("thead");
  top.append(head);
  const rows = make("tbody");
  for (const score of scores) {
    // Those of all networks of its settings rest on more speakers than this network's own.
    const measured = score.settings ?? score.model;
    const interval = measured.low === undefined ? measured.gap ?? "none"
      : `${percent(measured.low)} to ${percent(measured.high)}`;
    const row = make("tr");
    row.append(make("td", score.corpus, "word"),
      make("td", score.within ? "its own corpus" : "another corpus", "word"),
      ...[percent(measured.uar), interval, percent(measured.chance), measured.clips, measured.speakers ?? "unknown"]
        .map((text) => make("td", `${text}`)));
    rows.append(row);
  }
  table.append(top, rows);
  const scroll = make("div", undefined, "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "Scores by corpus");
  scroll.append(table);
  return scroll;
}

function cardParts(card) {
  const training = card.training;
  const parts = [pairs([
    ["Trained on", training?.corpora?.join(", ")],
    ["Training clips", training ? `${training.clips} (${counts(training.clips_by_class)})` : null],
    ["Split", training?.split],
    ["Encoder", card.encoder?.identity],
    ["Live", card.normalization.live],
  ])];
  if (card.scores.length > 0) parts.push(make("h4", "How well it does"), scoreTable(card.scores));
  const notes = [...new Set([...card.warnings, ...card.corpora.flatMap((corpus) => corpus.remarks)])];
  if (notes.length > 0) parts.push(make("h4", "To be read with these scores"), sentences(notes));
  if (card.unknown.length > 0) parts.push(make("h4", "What is not known"), sentences(card.unknown));
  parts.push(make("h4", "What it must not be used for"), sentences(card.use.excluded));
  return parts;
}

/** Puts a part for each network into the page. */
export function showCards(place, models) {
  place.replaceChildren();
  for (const model of models) {
    place.append(make("h3", model.name), pairs([
      ["Classes", model.classes.join(", ")],
      ["Hears", `${model.rate_hz} Hz, windows of up to ${model.clip_s} s`],
      ["Normalization", NORMALIZATION[model.normalization] ?? model.normalization],
    ]));
    if (model.card) place.append(...cardParts(model.card));
    else {
      place.append(make("p",
        "What it was trained on and how well it does is not known: there is no record of its trial beside it."));
    }
  }
}

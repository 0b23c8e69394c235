import { Capture } from "/capture.js";
import { Chart, drawSample } from "/chart.js";
import { showCards } from "/card.js";
import { Spectrogram } from "/spectrogram.js";

const $ = (id) => document.getElementById(id);
const chart = new Chart($("chart"));
const spectrogram = new Spectrogram($("spectrogram"));
let models = [];
let capture = null;
let player = null;
let work = 0;

// What screen readers are told, at most once in some seconds.
let saidAt = 0;
let saidText = "";
function say(text, isUrgent = false) {
  if (text === saidText || (!isUrgent && Date.now() - saidAt < 4000)) return;
  [saidAt, saidText] = [Date.now(), text];
  $("status").textContent = text;
}

function complain(text) { $("problem").textContent = text; }

const percent = (share) => `${Math.round(100 * share)} %`;
const best = (probabilities) =>
  Object.keys(probabilities).reduce((a, b) => (probabilities[b] > probabilities[a] ? b : a));

// Answers of one model are shown; of several the one that is chosen.
const chosen = () => (models.length > 1 ? $("model").value : null);
const isShown = (answer) => models.length < 2 || answer.model === chosen();
function classes() {
  const own = models.find((model) => model.name === chosen()) ?? models[0];
  return own ? own.classes : [];
}

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

// The empty page: a bar and a line for each class.
function begin(seconds, rateHz) {
  const names = classes();
  chart.clear(names, seconds);
  spectrogram.clear(rateHz, seconds);
  $("bars").replaceChildren(...names.map((name) => {
    const row = make("li");
    const track = make("span", undefined, "track");
    track.append(make("span", undefined, "fill"));
    row.append(make("span", name, "name"), track, make("span", "–", "value"));
    return row;
  }));
  $("legend").replaceChildren(...names.map((name, index) => {
    const row = make("li");
    const sample = make("canvas");
    sample.setAttribute("aria-hidden", "true");
    row.append(sample, make("span", name));
    drawSample(sample, index);
    return row;
  }));
  const head = make("tr");
  head.append(...["from", "to"].map((word) => columnHead(word)), columnHead("class", "word"),
    ...names.map((name) => columnHead(name)));
  $("table-head").replaceChildren(head);
  $("table-rows").replaceChildren();
}

function columnHead(word, className) {
  const cell = make("th", word, className);
  cell.scope = "col";
  return cell;
}

function showBars(probabilities) {
  const top = probabilities ? best(probabilities) : null;
  classes().forEach((name, index) => {
    const row = $("bars").children[index];
    const share = probabilities?.[name];
    row.classList.toggle("best", name === top);
    row.querySelector(".fill").style.width = share === undefined ? "0" : `${100 * share}%`;
    row.querySelector(".value").textContent = share === undefined ? "–" : percent(share);
  });
}

function addRow(startS, endS, prediction, probabilities) {
  const row = make("tr");
  row.append(make("td", `${startS.toFixed(2)} s`), make("td", `${endS.toFixed(2)} s`),
    make("td", prediction ?? "(pause)", "word"),
    ...classes().map((name) => make("td", probabilities?.[name] === undefined ? "" : probabilities[name].toFixed(3))));
  $("table-rows").prepend(row);
  while ($("table-rows").children.length > 200) $("table-rows").lastChild.remove();
}

function describe() {
  const shown = chart.rows.filter((row) => row.probabilities).slice(-1)[0];
  $("chart").setAttribute("aria-label", shown
    ? `Class probabilities over time; the latest, at ${shown.timeS.toFixed(1)} s: `
      + classes().map((name) => `${name} ${percent(shown.probabilities[name] ?? 0)}`).join(", ")
    : "Class probabilities over time");
}

// MARK: the microphone

function hear(event) {
  if (event.event === "onset") chart.mark(event.time_s, true);
  if (event.event === "offset") chart.mark(event.time_s, false);
  if (event.event === "window" && isShown(event)) {
    chart.add(event.start_s, event.end_s, event.probabilities ?? null);
    addRow(event.start_s, event.end_s, event.prediction, event.probabilities);
    if (event.probabilities) {
      showBars(event.smoothed ?? event.probabilities);
      const coldness = event.normalization?.warm === false
        ? "; not enough speech yet for its statistics, so this is less reliable" : "";
      say(`${event.prediction}, ${percent(event.probabilities[event.prediction])}${coldness}`);
    } else {
      say("Listening; no voice.");
    }
    describe();
  }
  if (event.event === "final" && event.prediction && isShown(event)) {
    say(`Utterance from ${event.start_s.toFixed(1)} to ${event.end_s.toFixed(1)} s: ${event.prediction}, `
      + percent(event.probabilities[event.prediction]), true);
  }
}

async function startMicrophone() {
  const button = $("microphone");
  complain("");
  hidePlayer();
  work += 1;
  $("now-what").textContent = "now";
  const own = new Capture({
    event: hear,
    samples: (samples) => spectrogram.add(samples),
    failure: (reason) => { complain(reason); ended(); },
  });
  try {
    begin(30, 16000);
    say("The microphone is being opened.", true);
    await own.start({ gate: $("gate").checked });
    spectrogram.clear(own.rateHz, 30);
    capture = own;
    button.textContent = "Stop the microphone";
    say("Listening.", true);
  } catch (error) {
    own.isEnding = true;
    own.release();
    complain(error.name === "NotAllowedError" ? "The browser was not allowed to use the microphone."
      : error.name === "NotFoundError" ? "There is no microphone." : error.message);
    say("Nothing is heard.", true);
  }
}

function ended() {
  capture = null;
  $("microphone").textContent = "Start the microphone";
  say("The microphone is off.", true);
}

// A button that is disabled would lose the keyboard's focus, so it only does nothing meanwhile.
let isChanging = false;
$("microphone").addEventListener("click", async () => {
  if (isChanging) return;
  isChanging = true;
  try {
    if (capture) {
      const own = capture;
      say("The last answers are awaited.", true);
      await own.stop();
      ended();
    } else {
      await startMicrophone();
    }
  } finally { isChanging = false; }
});

// MARK: a recording

async function ask(file, query) {
  const type = /^(audio|video)\//.test(file.type) ? file.type : "application/octet-stream";
  const response = await fetch(`/v1/predict?${new URLSearchParams(query)}`, {
    method: "POST", headers: { "Content-Type": type }, body: file,
  });
  const content = await response.json().catch(() => ({ error: `The server answered ${response.status}.` }));
  if (!response.ok) throw new Error(content.error);
  return content;
}

function hidePlayer() {
  $("note").textContent = "";
  if (player) URL.revokeObjectURL(player);
  player = null;
  $("player").hidden = true;
  $("player").removeAttribute("src");
}

async function analyze(file) {
  const own = ++work;
  complain("");
  hidePlayer();
  say(`${file.name} is being heard.`, true);
  const [whole, parts] = [
    await ask(file, { name: file.name }), await ask(file, { name: file.name, windows: "true" }),
  ];
  if (own !== work) return;
  const seconds = Math.max(1, whole.duration_s);
  begin(seconds, 16000);
  const answer = whole.answers.find(isShown);
  $("now-what").textContent = "of the whole recording";
  showBars(answer?.prediction ? answer.probabilities : null);
  for (const part of parts.answers.filter(isShown)) {
    const isSilent = !part.prediction;
    chart.add(part.start_s, part.end_s, isSilent ? null : part.probabilities);
    addRow(part.start_s, part.end_s, part.prediction, part.probabilities);
  }
  describe();
  say(answer?.prediction
    ? `${file.name}: ${answer.prediction}, ${percent(answer.probabilities[answer.prediction])}`
    : `${file.name}: silence`, true);
  complain(whole.faults.join(" "));
  $("note").textContent = whole.remarks.join(" ");
  player = URL.createObjectURL(file);
  $("player").src = player;
  $("player").hidden = false;
  await showSound(file, seconds, own);
}

/** The spectrogram of a recording, where the browser can decode it. */
async function showSound(file, seconds, own) {
  const context = new OfflineAudioContext(1, 1, 16000);
  const sound = await context.decodeAudioData(await file.arrayBuffer()).catch(() => null);
  if (!sound || own !== work) return;
  spectrogram.clear(sound.sampleRate, seconds);
  spectrogram.add(sound.getChannelData(0));
}

$("file").addEventListener("change", async () => {
  const [file] = $("file").files;
  if (!file) return;
  if (capture) { await capture.stop(); ended(); }
  try { await analyze(file); } catch (error) {
    complain(error.message);
    say("Nothing is heard.", true);
  }
});

// MARK: the beginning

async function open() {
  if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) {
    $("insecure").hidden = window.isSecureContext;
    $("microphone").disabled = true;
    if (window.isSecureContext) complain("This browser gives no microphone to pages.");
  }
  $("logout").hidden = document.body.dataset.login !== "true";
  const response = await fetch("/v1/models");
  if (!response.ok) throw new Error((await response.json()).error);
  models = (await response.json()).models;
  if (models.length > 1) {
    const names = models.map((model) => model.name);
    const isJoined = models.every((model) => `${model.classes}` === `${models[0].classes}`);
    for (const name of isJoined ? ["ensemble", ...names] : names) $("model").append(new Option(name, name));
    $("model-choice").hidden = false;
    $("model").addEventListener("change", () => begin(chart.seconds, 16000));
  }
  showCards($("cards"), models);
  begin(30, 16000);
}

window.addEventListener("resize", () => chart.draw());
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  chart.draw();
  [...$("legend").querySelectorAll("canvas")].forEach(drawSample);
});
open().catch((error) => complain(error.message));

// Class probabilities over time: a line a class, told apart by color, dashes and marks.

const LIGHT = ["#0b5cad", "#b3480e", "#13795b", "#7a3ca3", "#a3154b", "#5d5d00", "#33424f", "#00707d"];
const DARK = ["#7db8ff", "#ffa266", "#5fd6ac", "#cf9bf0", "#ff8fb5", "#d8d35a", "#c3ccd6", "#5fd3e0"];
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [12, 4, 3, 4, 3, 4], [1, 5], [14, 6]];

/** The line of the class at a place. */
export function lineOf(index) {
  const isDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const colors = isDark ? DARK : LIGHT;
  return { color: colors[index % colors.length], dash: DASHES[index % DASHES.length], mark: index % 4 };
}

function drawMark(context, mark, x, y, size) {
  context.beginPath();
  if (mark === 0) context.arc(x, y, size, 0, 2 * Math.PI);
  if (mark === 1) context.rect(x - size, y - size, 2 * size, 2 * size);
  if (mark === 2) {
    context.moveTo(x, y - size * 1.2);
    context.lineTo(x + size * 1.2, y + size);
    context.lineTo(x - size * 1.2, y + size);
    context.closePath();
  }
  if (mark === 3) {
    context.moveTo(x, y - size * 1.3);
    context.lineTo(x + size * 1.3, y);
    context.lineTo(x, y + size * 1.3);
    context.lineTo(x - size * 1.3, y);
    context.closePath();
  }
  context.fill();
}

/** The sample of a line that stands in the legend. */
export function drawSample(canvas, index) {
  const scale = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [46 * scale, 14 * scale];
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  const line = lineOf(index);
  [context.strokeStyle, context.fillStyle, context.lineWidth] = [line.color, line.color, 2];
  context.setLineDash(line.dash);
  context.beginPath();
  context.moveTo(0, 7);
  context.lineTo(46, 7);
  context.stroke();
  context.setLineDash([]);
  drawMark(context, line.mark, 23, 7, 4);
}

export class Chart {
  constructor(canvas) {
    this.canvas = canvas;
    this.clear([], 30);
  }

  /** Begins anew with these classes; the width shows so many seconds. */
  clear(classes, seconds) {
    this.classes = classes;
    this.seconds = seconds;
    this.rows = [];
    this.voice = [];
    this.draw();
  }

  /** Adds the answer about a window; `probabilities` is null for a pause. */
  add(startS, endS, probabilities) {
    this.rows.push({ timeS: endS, startS, probabilities });
    const oldest = endS - 2 * this.seconds;
    while (this.rows.length > 2 && this.rows[0].timeS < oldest) this.rows.shift();
    this.draw();
  }

  /** Notes that voice began, or with `isVoice` false that it ended. */
  mark(timeS, isVoice) {
    if (isVoice) this.voice.push([timeS, Infinity]);
    else if (this.voice.length > 0) this.voice[this.voice.length - 1][1] = timeS;
    this.draw();
  }

  draw() {
    const scale = window.devicePixelRatio || 1;
    const width = Math.max(200, this.canvas.clientWidth);
    const height = 200;
    [this.canvas.width, this.canvas.height] = [width * scale, height * scale];
    const context = this.canvas.getContext("2d");
    context.scale(scale, scale);
    const styles = getComputedStyle(document.documentElement);
    const ink = styles.getPropertyValue("--soft");
    const area = { left: 48, right: width - 14, top: 12, bottom: height - 26 };
    const last = this.rows.length > 0 ? this.rows[this.rows.length - 1].timeS : 0;
    const end = Math.max(this.seconds, last);
    const begin = end - this.seconds;
    const x = (timeS) => area.left + ((timeS - begin) / this.seconds) * (area.right - area.left);
    const y = (share) => area.bottom - share * (area.bottom - area.top);
    this.drawVoice(context, styles.getPropertyValue("--voice"), area, x, last);
    this.drawAxes(context, ink, styles.getPropertyValue("--line"), area, { x, y, begin, end });
    context.save();
    context.beginPath();
    context.rect(area.left, 0, area.right - area.left, height);
    context.clip();
    this.classes.forEach((name, index) => this.drawLine(context, name, index, { x, y, begin }));
    context.restore();
  }

  drawVoice(context, color, area, x, last) {
    context.fillStyle = color;
    for (const [from, to] of this.voice) {
      const left = Math.max(area.left, x(from));
      // Voice that goes on ends where the answers do so far.
      const right = Math.min(area.right, x(Math.min(to, last)));
      if (right > left) context.fillRect(left, area.top, right - left, area.bottom - area.top);
    }
  }

  drawAxes(context, ink, line, area, { x, y, begin, end }) {
    context.font = "12px system-ui, sans-serif";
    [context.fillStyle, context.strokeStyle, context.lineWidth] = [ink, line, 1];
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const share of [0, 0.5, 1]) {
      context.beginPath();
      context.moveTo(area.left, y(share));
      context.lineTo(area.right, y(share));
      context.stroke();
      context.fillText(`${100 * share} %`, area.left - 4, y(share));
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    const least = this.seconds / Math.max(2, (area.right - area.left) / 70);
    const step = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].find((candidate) => candidate >= least) ?? 7200;
    for (let timeS = Math.ceil(begin / step) * step; timeS <= end; timeS += step) {
      const place = Math.min(area.right - 10, Math.max(area.left, x(timeS)));
      context.fillText(`${timeS} s`, place, area.bottom + 6);
    }
  }

  drawLine(context, name, index, { x, y, begin }) {
    const line = lineOf(index);
    [context.strokeStyle, context.fillStyle, context.lineWidth] = [line.color, line.color, 2];
    context.setLineDash(line.dash);
    context.beginPath();
    let isDown = false;
    for (const row of this.rows) {
      const share = row.probabilities?.[name];
      if (share === undefined) { isDown = false; continue; }
      if (isDown) context.lineTo(x(row.timeS), y(share));
      else context.moveTo(x(row.timeS), y(share));
      isDown = true;
    }
    context.stroke();
    context.setLineDash([]);
    const shown = this.rows.filter((row) => row.timeS >= begin);
    const every = Math.max(1, Math.round(shown.length / 12));
    shown.forEach((row, place) => {
      const share = row.probabilities?.[name];
      if (share !== undefined && (place % every === 0 || place === shown.length - 1)) {
        drawMark(context, line.mark, x(row.timeS), y(share), 3);
      }
    });
  }
}

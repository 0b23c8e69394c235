// A spectrogram on a canvas: 0 to 8 kHz, 60 dB.

const SIZE = 512;
const TOP_HZ = 8000;
const BOTTOM_DB = -70;
const RANGE_DB = 60;

// Dark to bright in even steps of lightness, so that it reads without colors too.
const STOPS = [[8, 10, 30], [58, 30, 110], [150, 45, 105], [225, 95, 60], [250, 175, 60], [252, 250, 200]];

function color(share) {
  const place = Math.max(0, Math.min(0.9999, share)) * (STOPS.length - 1);
  const low = Math.floor(place);
  return STOPS[low].map((value, index) => value + (STOPS[low + 1][index] - value) * (place - low));
}

/** Power of a frame in dB, by a radix-2 FFT. */
function powers(frame) {
  const re = new Float32Array(SIZE);
  const im = new Float32Array(SIZE);
  for (let index = 0, reversed = 0; index < SIZE; index += 1) {
    re[reversed] = frame[index] * (0.5 - 0.5 * Math.cos((2 * Math.PI * index) / SIZE));
    let bit = SIZE >> 1;
    while (reversed & bit) { reversed ^= bit; bit >>= 1; }
    reversed |= bit;
  }
  for (let half = 1; half < SIZE; half *= 2) {
    for (let start = 0; start < SIZE; start += 2 * half) {
      for (let k = 0; k < half; k += 1) {
        const angle = (-Math.PI * k) / half;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const [a, b] = [start + k, start + k + half];
        const [x, y] = [re[b] * c - im[b] * s, re[b] * s + im[b] * c];
        [re[b], im[b]] = [re[a] - x, im[a] - y];
        [re[a], im[a]] = [re[a] + x, im[a] + y];
      }
    }
  }
  return Array.from({ length: SIZE / 2 }, (_, bin) =>
    10 * Math.log10((re[bin] ** 2 + im[bin] ** 2) / (SIZE * SIZE / 16) + 1e-12));
}

export class Spectrogram {
  constructor(canvas) {
    this.canvas = canvas;
    this.clear(16000, 30);
  }

  /** Begins anew, for sound of a rate; the width shows so many seconds. */
  clear(rateHz, seconds) {
    const scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.max(200, Math.round(this.canvas.clientWidth * scale));
    this.canvas.height = Math.round(110 * scale);
    this.rateHz = rateHz;
    this.secondsPerColumn = seconds / this.canvas.width;
    this.rest = new Float32Array(0);
    this.column = 0;
    this.due = 0;
    const context = this.canvas.getContext("2d");
    context.fillStyle = `rgb(${color(0).join()})`;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** Adds 16-bit or float samples; the picture scrolls once it is full. */
  add(samples) {
    const scale = samples instanceof Int16Array ? 1 / 32768 : 1;
    const all = new Float32Array(this.rest.length + samples.length);
    all.set(this.rest);
    for (let index = 0; index < samples.length; index += 1) all[this.rest.length + index] = samples[index] * scale;
    const step = this.secondsPerColumn * this.rateHz;
    let start = this.due;
    while (start + SIZE <= all.length) {
      this.draw(powers(all.subarray(Math.floor(start), Math.floor(start) + SIZE)));
      start += step;
    }
    const used = Math.min(all.length, Math.floor(start));
    this.rest = all.slice(used);
    this.due = start - used;
  }

  draw(decibels) {
    const context = this.canvas.getContext("2d");
    const { width, height } = this.canvas;
    if (this.column >= width) {
      const shift = Math.max(1, Math.round(width / 60));
      context.drawImage(this.canvas, -shift, 0);
      this.column = width - shift;
    }
    const image = context.createImageData(1, height);
    const top = Math.min(TOP_HZ, this.rateHz / 2);
    for (let row = 0; row < height; row += 1) {
      const bin = Math.floor(((1 - (row + 0.5) / height) * top) / (this.rateHz / SIZE));
      const [r, g, b] = color((decibels[bin] - BOTTOM_DB) / RANGE_DB);
      image.data.set([r, g, b, 255], 4 * row);
    }
    context.putImageData(image, this.column, 0);
    this.column += 1;
  }
}

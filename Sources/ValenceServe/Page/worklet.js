// Runs in the audio thread: turns blocks of 128 floats into pieces of 16-bit samples, 40 ms each.
class Pieces extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Int16Array(Math.round(sampleRate * 0.04));
    this.filled = 0;
  }

  process(inputs) {
    const channels = inputs[0];
    if (channels.length === 0) return true;
    const frames = channels[0].length;
    for (let frame = 0; frame < frames; frame += 1) {
      let sum = 0;
      for (const channel of channels) sum += channel[frame];
      const value = Math.round((sum / channels.length) * 32768);
      this.piece[this.filled] = Math.max(-32768, Math.min(32767, value));
      this.filled += 1;
      if (this.filled === this.piece.length) {
        const full = this.piece;
        this.piece = new Int16Array(full.length);
        this.filled = 0;
        this.port.postMessage(full.buffer, [full.buffer]);
      }
    }
    return true;
  }
}

registerProcessor("pieces", Pieces);

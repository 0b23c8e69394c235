// The microphone and its WebSocket.

/** Streams the microphone; calls `on.event` for each event of the server, `on.samples` for what is sent. */
export class Capture {
  constructor(on) {
    this.on = on;
    this.isEnding = false;
  }

  async start(settings) {
    // What browsers do to voices for telephony would change what the network hears.
    const constraints = {
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    };
    this.microphone = await navigator.mediaDevices.getUserMedia(constraints);
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule("/worklet.js");
    await this.context.resume();
    await this.open(settings);
    // Kept, as a source that nothing refers to is collected, and falls silent.
    this.source = this.context.createMediaStreamSource(this.microphone);
    this.worklet = new AudioWorkletNode(this.context, "pieces", { numberOfOutputs: 0 });
    this.worklet.port.onmessage = (message) => this.send(message.data);
    this.source.connect(this.worklet);
    for (const track of this.microphone.getTracks()) {
      track.onended = () => this.fail("The microphone was taken away.");
    }
  }

  get rateHz() { return this.context.sampleRate; }

  open(settings) {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/v1/stream`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    return new Promise((resolve, reject) => {
      socket.onopen = () => {
        socket.send(JSON.stringify({
          type: "start", rate_hz: this.rateHz, encoding: "s16le", channels: 1, ...settings,
        }));
      };
      socket.onmessage = (message) => {
        const event = JSON.parse(message.data);
        if (event.event === "start") resolve();
        if (event.event === "error") this.reason = event.message;
        else this.on.event(event);
      };
      socket.onclose = (close) => {
        const reason = this.reason || close.reason
          || (close.code === 1006 ? "The server cannot be reached, or refused the stream." : `Closed (${close.code}).`);
        if (this.isEnding) this.done?.();
        else this.fail(reason);
        reject(new Error(reason));
      };
    });
  }

  send(bytes) {
    if (this.isEnding || this.socket.readyState !== WebSocket.OPEN) return;
    if (this.socket.bufferedAmount > 1 << 20) {
      this.fail("The network is too slow for the sound.");
      return;
    }
    this.on.samples(new Int16Array(bytes));
    this.socket.send(bytes);
  }

  /** Ends the stream; waits for the last answers. */
  async stop() {
    if (this.isEnding) return;
    this.isEnding = true;
    this.release();
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    const closed = new Promise((resolve) => { this.done = resolve; });
    this.socket.send(JSON.stringify({ type: "end" }));
    await Promise.race([closed, new Promise((resolve) => { setTimeout(resolve, 5000); })]);
    this.socket.close();
  }

  fail(reason) {
    if (this.isEnding) return;
    this.isEnding = true;
    this.release();
    this.socket?.close();
    this.on.failure(reason);
  }

  release() {
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.worklet?.disconnect();
    this.context?.close();
  }
}

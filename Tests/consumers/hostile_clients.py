#!/usr/bin/env python3
"""Sends mutated messages to `valence serve` on this machine while an honest client asks it; see README.md.

    python hostile_clients.py .build/release/valence MODEL

Each message, request or stream has to end in an answer, an error or a close, in time; the honest client has to get
the same answers throughout; and the server's memory may not grow. Nothing but Python 3.11 is needed.
"""
import argparse, array, asyncio, base64, collections, json, math, random, signal, struct, sys, time
from plain_client import LIMIT_S, Socket, events, frame, upgraded

RATE = 16000
NUMBERS = [0, 1, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**63 - 1, 2**63, 2**64 - 1]
WORDS = ["", "0", "-1", "1", "1e9", "1000000000", "1e400", "NaN", "-inf", "null", "true", "[]", "{}", "[" * 300, '"',
         "\\ud800", "\0", "é", "%", "%zz", "../" * 9, "x" * 5000, "a\r\nb", "16000", "f32le", "s16le", "0.5"]
JSON_TYPES = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}

seen = collections.Counter()
faults = []

def fault(what):
    faults.append(what)
    if len(faults) <= 20: print("FAULT:", what[:600], flush=True)

def sound(seconds):
    return array.array("h", (int(9000 * math.sin(2 * math.pi * [300, 800, 1800][int(i / RATE / 0.7) % 3] * i / RATE))
                             for i in range(int(seconds * RATE)))).tobytes()

def wav(samples):
    return struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, RATE, 2 * RATE,
                       2, 16, b"data", len(samples)) + samples

def damaged(whole, draw):
    """Bytes changed, lost, doubled, cut off, or replaced by numbers that hurt."""
    data = bytearray(whole)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(data) or 1)
        kind = draw.randrange(6)
        if kind == 0 and data: data[at] = draw.randrange(256)
        elif kind == 1: del data[at:at + draw.randint(1, 8)]
        elif kind == 2: data[at:at] = bytes(draw.randrange(256) for _ in range(draw.randint(1, 8)))
        elif kind == 3: data[at:at] = data[draw.randrange(len(data) or 1):][:40]
        elif kind == 4: del data[max(1, at):]
        else:
            number = draw.choice(NUMBERS).to_bytes(8, draw.choice(["big", "little"]))
            data[at:at + 4] = number[:4] if draw.random() < 0.5 else number
    return bytes(data)

# What is sent.

def spoiled(draw):
    """The last message of a stream: one that the protocol, or the stream, does not take."""
    value = draw.choice(WORDS + NUMBERS)
    text = json.dumps({draw.choice(["type", "rate_hz", "channels", "hop_s", "encoding", ""]): value}).encode()
    return draw.choice([
        lambda: frame(1, text, draw), lambda: frame(1, damaged(b'{"type":"end"}', draw), draw),
        lambda: frame(draw.choice([3, 7, 11, 15]), b"x", draw), lambda: frame(0, b"x", draw),
        lambda: frame(1, b"x" * 5000, draw), lambda: frame(9, b"x" * 126, draw),
        lambda: frame(8, draw.randbytes(draw.randrange(4)), draw), lambda: frame(9, b"", draw, last=False),
        lambda: frame(2, b"abcd", draw, length=draw.choice([2**20 + 1, 2**40, 2**63])),
        lambda: frame(2, b"ab", draw, masked=False), lambda: frame(2, b"ab", draw, bits=draw.choice([16, 32, 64])),
        lambda: frame(2, b"", draw, last=False) + frame(1, b"{}", draw),
        lambda: frame(2, struct.pack("<f", draw.choice([math.nan, math.inf, 3e38])) * 400, draw),
        lambda: damaged(frame(1, b'{"type":"end"}', draw), draw),
    ])()

def stream_messages(draw):
    """The frames of a stream, the first its start: right ones of every kind, then one that is not."""
    settings = {"type": "start", "rate_hz": draw.choice([8000, 16000, 44100]),
                "encoding": draw.choice(["s16le", "s16le", "f32le"]), "hop_s": draw.choice([0.1, 0.5]),
                "gate": draw.random() < 0.5, "channels": draw.choice([1, 1, 2])}
    if draw.random() < 0.2:
        settings[draw.choice(list(settings))] = draw.choice(WORDS + NUMBERS + [1, 10**9, -5, 0.5, None, 1e-9])
    start = json.dumps(settings).encode()
    frames = [frame(1, damaged(start, draw) if draw.random() < 0.1 else start, draw)]
    for _ in range(draw.randint(1, 40)):
        kind = draw.randrange(10)
        if kind < 5: frames.append(frame(2, draw.randbytes(1), draw))
        elif kind == 5: frames.append(frame(2, bytes(draw.randrange(0, 4000, 4)), draw))
        elif kind == 6: frames.append(frame(9, draw.randbytes(draw.randrange(126)), draw))
        elif kind == 7: frames.append(frame(10, b"", draw))
        elif kind == 8: frames += [frame(2, b"\0\0", draw, last=False), frame(0, b"\0\0", draw)]
        else: frames.append(frame(2, b"", draw))
    frames.append(spoiled(draw))
    if draw.random() < 0.3: frames = [damaged(b"".join(frames), draw)] + [b""] * (len(frames) - 1)
    return frames

async def hostile_stream(port, draw):
    frames = stream_messages(draw)
    async with Socket(port) as socket:
        answer = await upgraded(socket)
        if not answer or answer[0] != 101: return fault(f"no stream: {answer}")
        try:
            await socket.send(b"".join(frames))
            if draw.random() < 0.7: socket.writer.write_eof()
            texts, code = await events(socket)
        except ConnectionResetError: texts, code = [], "reset"
        seen[f"stream {code}"] += 1
        if code == 1011: fault(f"a stream failed: {texts} {frames}")
        if code in (1007, 1008, 1009) and not (texts and texts[-1]["event"] == "error"):
            seen["stream closed without its error read"] += 1
    return len(frames)

def request_bytes(draw, whole):
    host = "Host: localhost\r\n"
    if draw.random() < 0.6: return damaged(draw.choice(whole), draw)
    path = draw.choice(["/v1/predict", "/v1/models", "/mcp", "/", "/login", "/health", "/v1/stream", "/metrics"])
    query = draw.choice(["windows", "hop_s", "window_s", "name", "rate_hz"]) + "=" + draw.choice(WORDS)
    method = draw.choice(["GET", "POST", "HEAD", "PUT", "BREW", "OPTIONS", "get", "CONNECT"])
    name = draw.choice(["Content-Length", "Transfer-Encoding", "Content-Type", "Expect", "Upgrade", "Connection",
                        "Origin", "Host", "Cookie", "Authorization", "Accept", "Range", "X"])
    value = draw.choice(WORDS + ["chunked", "100-continue", "websocket", "close", "10000000000"])
    head = f"{method} {path}?{query} HTTP/1.1\r\n{host}{name}: {value}\r\n\r\n"
    return head.encode() + draw.randbytes(draw.randrange(60))

async def hostile_request(port, draw, whole):
    data = request_bytes(draw, whole)
    async with Socket(port) as socket:
        try:
            await socket.send(data)
            if draw.random() < 0.9: socket.writer.write_eof()
            count = 0
            # Of a head that is damaged nobody knows that it asked for no body.
            if data.startswith(b"HEAD "):
                answer = await socket.limited(socket.reader.read())
                if not answer.startswith(b"HTTP/1.1 "): fault(f"{answer!r} to {data!r}")
                return 1
            while answer := await socket.response():
                status, headers, body = answer
                count += 1
                if status == 101: break
                seen[f"request {status}"] += 1
                if status >= 500 and status not in (503, 505): fault(f"{status}: {body!r} to {data!r}")
                if status >= 400 and body and "html" not in headers["content-type"]: json.loads(body)
            if not count: seen["request closed without answer"] += 1
        except ConnectionResetError: seen["request reset"] += 1
    return 1

async def hostile_agent(port, draw, seeds, count=20):
    """Messages to /mcp, each on the connection of the one before."""
    async with Socket(port) as socket:
        for _ in range(count):
            body = damaged(draw.choice(seeds), draw)
            headers = dict(JSON_TYPES)
            if draw.random() < 0.2: headers["Mcp-Method"] = draw.choice(["tools/call", "x"])
            answer = await socket.ask("POST", "/mcp", headers, body)
            if not answer: return fault(f"/mcp is silent: {body!r}")
            status, _, text = answer
            seen[f"agent {status}"] += 1
            if status >= 500: fault(f"/mcp {status}: {text!r} to {body!r}")
            if text:
                reply = json.loads(text)
                for one in reply if isinstance(reply, list) else [reply]:
                    if ("result" in one) == ("error" in one): fault(f"neither result nor error: {text!r}")
    return count

# What is right.

async def honest(port, samples):
    """All that an honest client is told: a recording's answers, a stream's events, the networks, tools."""
    async with Socket(port) as socket:
        recording = await socket.ask("POST", "/v1/predict?windows=true", {"Content-Type": "audio/wav"}, wav(samples))
        models = await socket.ask("GET", "/v1/models")
        call = {"name": "predict_emotion", "arguments": {"audio_base64": base64.b64encode(wav(samples)).decode()}}
        tools = await socket.ask("POST", "/mcp", JSON_TYPES, json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}).encode())
    async with Socket(port) as socket:
        draw = random.Random(0)
        await upgraded(socket, f"?rate_hz={RATE}")
        for at in range(0, len(samples), 3200): await socket.send(frame(2, samples[at:at + 3200], draw))
        await socket.send(frame(1, b'{"type":"end"}', draw))
        texts, code = await events(socket)
        await socket.send(frame(8, b"", draw))
    for text in texts: text.pop("latency_ms", None)
    return [recording[0], recording[2], models[0], models[2], tools[0], tools[2], texts, code]

async def beside(port, samples, expected, stop, times):
    while not stop.is_set():
        start = time.monotonic()
        try:
            said = await honest(port, samples)
            if said != expected: fault(f"the honest client is told {said}")
        except (OSError, TypeError, ValueError, asyncio.TimeoutError, asyncio.IncompleteReadError) as error:
            fault(f"the honest client fails: {error!r}")
        times.append(time.monotonic() - start)
        await asyncio.sleep(0.05)

async def flood(name, total, workers, work, seed):
    """Calls `work` until `total` messages are sent; each worker draws by itself."""
    done, start = 0, time.monotonic()

    async def worker(number):
        nonlocal done
        draw = random.Random(f"{seed} {name} {number}")
        while done < total:
            count = None
            try: count = await work(draw)
            except asyncio.TimeoutError: fault(f"{name}: nothing came in time")
            except (OSError, ValueError, asyncio.IncompleteReadError) as error: fault(f"{name}: {error!r}")
            done += count or 1
    await asyncio.gather(*[worker(number) for number in range(workers)])
    print(f"{name}: {done} messages in {time.monotonic() - start:.0f} s", flush=True)

def resident(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"): return int(line.split()[1]) / 1024

async def attack(port, pid, options):
    samples = sound(2)
    expected = await honest(port, samples)
    if expected[0:5:2] != [200, 200, 200] or expected[-1] != 1000: sys.exit(f"the server does not work: {expected}")
    form = (b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + wav(samples[:800])
            + b"\r\n--xyz--\r\n")
    head = b"POST /v1/predict?windows=true&hop_s=0.2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s\r\n\r\n%s"
    whole = [head % parts for parts in [
        (b"multipart/form-data; boundary=xyz", b"Content-Length: %d" % len(form), form),
        (b"audio/wav", b"Content-Length: 1644", wav(samples[:1600])),
        (b"audio/wav", b"Transfer-Encoding: chunked", b"4\r\nRIFF\r\n0\r\n\r\n")]]
    whole.append(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
    seeds = [json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode()
             for method, parameters in [
                 ("tools/call", {"_meta": META, "name": "describe_model", "arguments": {}}),
                 ("tools/call", {"name": "predict_emotion", "arguments": {"audio_base64": "UklGRg=="}}),
                 ("tools/list", {"_meta": META}), ("initialize", {"protocolVersion": "2025-06-18"})]]
    stop, times, sizes = asyncio.Event(), [], []
    # After the first tenth the server has met all that it keeps: buffers, threads, code.
    for part in [0.1] + [0.3] * 3:
        task = asyncio.create_task(beside(port, samples, expected, stop, times))
        seed = f"{options.seed} {len(sizes)}"
        await flood("streams", options.streams * part, 32, lambda draw: hostile_stream(port, draw), seed)
        await flood("requests", options.requests * part, 32, lambda draw: hostile_request(port, draw, whole), seed)
        await flood("agent", options.messages * part, 8, lambda draw: hostile_agent(port, draw, seeds), seed)
        stop.set()
        await task
        stop.clear()
        await asyncio.sleep(2 * LIMIT_S)
        sizes.append(resident(pid))
        print(f"resident memory: {sizes[-1]:.1f} MiB", flush=True)
    if sizes[-1] - sizes[0] > options.growth: fault(f"memory grew: {sizes}")
    for name, count in sorted(seen.items()): print(f"{count:8} {name}")
    times.sort()
    print(f"honest client: {len(times)} rounds, median {times[len(times) // 2]:.2f} s, longest {times[-1]:.2f} s")

async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("valence")
    parser.add_argument("model")
    for name, count in [("streams", 120_000), ("requests", 60_000), ("messages", 20_000), ("seed", 1)]:
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--seconds", type=float, default=3600, help="all of it at most")
    parser.add_argument("--growth", type=float, default=8, help="MiB after the first tenth of the messages")
    parser.add_argument("--log", default="/dev/null", help="where the server's log goes")
    options = parser.parse_args()
    limits = [word for name in ["header", "body", "idle"] for word in (f"--{name}-timeout", str(LIMIT_S))]
    server = await asyncio.create_subprocess_exec(
        options.valence, "serve", options.model, "--port", "0", "--max-uploads", "200", "--max-sessions", "200",
        *limits, stdout=asyncio.subprocess.PIPE, stderr=open(options.log, "wb"))
    try:
        line = (await asyncio.wait_for(server.stdout.readline(), 60)).decode()
        await asyncio.wait_for(attack(int(line.rsplit(":", 1)[1].strip("/\n")), server.pid, options), options.seconds)
        if server.returncode is not None: fault(f"the server ended: {server.returncode}")
    finally:
        if server.returncode is None: server.send_signal(signal.SIGTERM)
        if await asyncio.wait_for(server.wait(), 60): fault(f"the server ended with {server.returncode}")
    print(f"{len(faults)} faults")
    sys.exit(1 if faults else 0)

asyncio.run(main())

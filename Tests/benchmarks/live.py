"""How soon `valence serve` answers, over its WebSocket on this machine, and what many streams cost.

    python Tests/benchmarks/live.py --valence .build/release/valence --model MODEL --sound FILE.wav

Streams play a 16 kHz recording in real time, 20 ms a message, in a loop, from different places of it; windows
come every half second. Latency is the time from sending the message that completes a window to the arrival of its
answer. Writes Results/benchmarks/live.csv: a row for each number of streams. Needs: websockets.
"""
import argparse, asyncio, csv, json, os, signal, statistics, subprocess, time, wave
import websockets

RATE, STEP, HOP = 16000, 320, 0.5

def resident(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"): return int(line.split()[1]) / 1024

async def stream(port, samples, seconds, offset, found, firsts):
    uri = f"ws://127.0.0.1:{port}/v1/stream?rate_hz={RATE}&hop_s={HOP}"
    sent, window = [], None
    async with websockets.connect(uri, max_queue=None) as socket:
        opening = json.loads(await socket.recv())
        window = opening["models"][0]["clip_s"]
        async def hear():
            onset = None
            async for message in socket:
                now, event = time.perf_counter(), json.loads(message)
                if event["event"] == "onset": onset = sent[0][1] + event["start_s"]
                if event["event"] == "window":
                    # The first message with which all of the window's samples had been sent.
                    need = round(event["end_s"] * RATE)
                    place = min(len(sent) - 1, max(0, -(-need // STEP) - 1))
                    found.append(1000 * (now - sent[place][0]))
                    if onset and event.get("prediction"): firsts.append(now - onset); onset = None
        hearing = asyncio.create_task(hear())
        start = time.perf_counter()
        for k in range(int(seconds * RATE / STEP)):
            wait = start + k * STEP / RATE - time.perf_counter()
            if wait > 0: await asyncio.sleep(wait)
            at = 2 * ((offset + k * STEP) % (len(samples) // 2 - STEP))
            sent.append((time.perf_counter(), start))
            await socket.send(samples[at:at + 2 * STEP])
        await socket.send('{"type":"end"}')
        await hearing

async def measure(port, samples, streams, seconds):
    found, firsts = [], []
    async def one(i):
        await asyncio.sleep(0.5 * i / streams)      # windows come evenly, as those of people who know nothing of each other do
        await stream(port, samples, seconds, 7919 * i * STEP // 320, found, firsts)
    await asyncio.gather(*[one(i) for i in range(streams)])
    return sorted(found), firsts

def main():
    p = argparse.ArgumentParser()
    p.add_argument("--valence", required=True); p.add_argument("--model", required=True); p.add_argument("--sound", required=True)
    p.add_argument("--threads", type=int, default=1); p.add_argument("--seconds", type=float, default=30)
    p.add_argument("--streams", default="1,10,20,30,40,60"); p.add_argument("--out", default="Results/benchmarks/live.csv")
    a = p.parse_args()
    sound = wave.open(a.sound); assert sound.getframerate() == RATE and sound.getnchannels() == 1 and sound.getsampwidth() == 2
    samples = sound.readframes(sound.getnframes())
    rows = []
    for streams in map(int, a.streams.split(",")):
        server = subprocess.Popen([a.valence, "serve", a.model, "--port", "0", "--threads", str(a.threads), "--max-sessions", "200"], stderr=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = ""
        while "127.0.0.1:" not in line: line = server.stdout.readline()
        port = int(line.split("127.0.0.1:")[1].split("/")[0].split('"')[0])
        asyncio.run(measure(port, samples, 1, 3))
        idle = resident(server.pid)
        found, firsts = asyncio.run(measure(port, samples, streams, a.seconds))
        peak = resident(server.pid)
        at = lambda q: found[min(len(found) - 1, int(q * len(found)))]
        rows.append([streams, a.threads, len(found), *(round(at(q), 1) for q in (.5, .95, .99)), round(statistics.median(firsts), 2) if firsts else "",
                     round((peak - idle) / streams, 2)])
        print(rows[-1], flush=True)
        server.send_signal(signal.SIGTERM); server.wait()
    with open(a.out, "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["streams", "scoring threads", "windows", "p50 ms", "p95 ms", "p99 ms", "first answer after speech begins s", "MiB a stream"]); w.writerows(rows)

main()

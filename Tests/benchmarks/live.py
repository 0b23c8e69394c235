"""What `valence serve` and `valence listen` cost: how soon they answer, under how much load, in how much memory.

    python Tests/benchmarks/live.py --valence .build/release/valence --model MODEL --sound FILE.wav [streams requests memory]

streams: streams play a 16 kHz recording in real time, 20 ms a message, in a loop, from different places of it;
windows come every half second. Latency is the time from sending the message that completes a window to the arrival
of its answer. requests: uploads of the recording over some connections that stay open; each answer must be the
first one's. memory: `listen` hears the recording over and over as fast as it can, and its resident memory is read
after so many hours of sound. Writes Results/benchmarks/live.csv, live-requests.csv and live-memory.csv, and draws the
first and last by live.gp to Plots/benchmarks. On an otherwise idle machine; clients run on the same cores. Needs:
websockets, gnuplot.
"""
import argparse, asyncio, csv, http.client, json, pathlib, signal, statistics, subprocess, threading, time, wave
import websockets

RATE, STEP, HOP = 16000, 320, 0.5
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RESULTS, PLOTS = ROOT / "Results/benchmarks", ROOT / "Plots/benchmarks"

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

class Server:
    """`valence serve` on a free port of this machine."""
    def __init__(self, a, *options):
        self.process = subprocess.Popen([a.valence, "serve", a.model, "--port", "0", "--threads", str(a.threads), *options],
                                        stderr=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = ""
        while "127.0.0.1:" not in line: line = self.process.stdout.readline()
        self.port = int(line.split("127.0.0.1:")[1].split("/")[0].split('"')[0])
    def __enter__(self): return self
    def __exit__(self, *_): self.process.send_signal(signal.SIGTERM); self.process.wait()

def percentiles(found):
    found = sorted(found)
    return [round(found[min(len(found) - 1, int(q * len(found)))], 1) for q in (.5, .95, .99)]

def write(name, header, rows):
    with open(RESULTS / name, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n"); out.writerow(header); out.writerows(rows)

def streams(a, samples):
    rows = []
    for count in map(int, a.streams.split(",")):
        with Server(a, "--max-sessions", "200") as server:
            asyncio.run(measure(server.port, samples, 1, 3))
            idle = resident(server.process.pid)
            # As many windows of one stream as make a 99th percentile.
            found, firsts = asyncio.run(measure(server.port, samples, count, a.seconds if count > 1 else 4 * a.seconds))
            rows.append([count, a.threads, len(found), *percentiles(found), round(statistics.median(firsts), 2) if firsts else "",
                         round((resident(server.process.pid) - idle) / count, 2)])
        print(rows[-1], flush=True)
    write("live.csv", ["streams", "scoring threads", "windows", "p50 ms", "p95 ms", "p99 ms", "first answer after speech begins s",
                       "MiB a stream"], rows)

def requests(a):
    body, found, errors, lock = open(a.sound, "rb").read(), [], [], threading.Lock()
    with Server(a) as server:
        def ask(connection):
            start = time.perf_counter()
            connection.request("POST", "/v1/predict", body, {"Content-Type": "audio/wav"})
            answer = connection.getresponse(); text = answer.read()
            return 1000 * (time.perf_counter() - start), answer.status, text
        first = ask(http.client.HTTPConnection("127.0.0.1", server.port))
        assert first[1] == 200, first
        def client(count):
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            for _ in range(count):
                try: took, status, text = ask(connection)
                except OSError as error: took, status, text = 0, repr(error), b""
                with lock:
                    found.append(took)
                    if status != 200 or text != first[2]: errors.append(status)
        begin = time.perf_counter()
        clients = [threading.Thread(target=client, args=(a.requests // a.connections,)) for _ in range(a.connections)]
        for one in clients: one.start()
        for one in clients: one.join()
        row = [len(found), a.connections, len(errors), round(time.perf_counter() - begin, 1), *percentiles(found),
               round(resident(server.process.pid), 1)]
    print(row, errors[:3], flush=True)
    write("live-requests.csv", ["requests", "connections", "errors", "seconds", "p50 ms", "p95 ms", "p99 ms", "MiB"], [row])

def memory(a, samples):
    process = subprocess.Popen([a.valence, "listen", a.model, "-", "--rate", str(RATE)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    minutes, sent, rows, begin = [1, 10, 30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600], 0, [], time.perf_counter()
    for mark in minutes:
        while sent < mark * 60 * RATE * 2: process.stdin.write(samples); sent += len(samples)
        process.stdin.flush()
        rows.append([round(mark / 60, 3), round(resident(process.pid), 2), round(time.perf_counter() - begin, 1)])
        print(rows[-1], flush=True)
    process.stdin.close(); process.wait()
    write("live-memory.csv", ["hours of sound", "MiB", "seconds"], rows)

def draw():
    for name in ("live", "live-memory"):
        if not (RESULTS / f"{name}.csv").exists(): return
        rows = list(csv.reader(open(RESULTS / f"{name}.csv")))[1:]
        (PLOTS / f"{name}.dat").write_text("".join(" ".join(row) + "\n" for row in rows))
    (PLOTS / "live.gp").write_text((ROOT / "Tests/benchmarks/live.gp").read_text())
    subprocess.run(["gnuplot", "live.gp"], cwd=PLOTS, check=True)

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", nargs="*", default=["streams", "requests", "memory"])
    p.add_argument("--valence", required=True); p.add_argument("--model", required=True); p.add_argument("--sound", required=True)
    p.add_argument("--threads", type=int, default=1); p.add_argument("--seconds", type=float, default=30)
    p.add_argument("--streams", default="1,10,20,30,40,60")
    p.add_argument("--requests", type=int, default=10000); p.add_argument("--connections", type=int, default=8)
    a = p.parse_args()
    sound = wave.open(a.sound); assert sound.getframerate() == RATE and sound.getnchannels() == 1 and sound.getsampwidth() == 2
    samples = sound.readframes(sound.getnframes())
    if "streams" in a.what: streams(a, samples)
    if "requests" in a.what: requests(a)
    if "memory" in a.what: memory(a, samples)
    draw()

main()

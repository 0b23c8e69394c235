"""What the voice gate of `valence listen` does to speech with pauses, noise, babble and music between.

    python Tests/benchmarks/gate.py --valence .build/release/valence --model MODEL --corpus FOLDER   # FOLDER/manifest.csv

Twenty utterances of a corpus, trimmed at 35 dB below their loudest frame and brought to -20 dB of full scale, lie two
seconds apart in something else. Writes Results/benchmarks/gate.csv: of 50 ms steps of speech the share in which the gate is
open (found), of the rest the share in which it is open (false), utterances with an answer of their own (an interval that
covers half of it and of no other), and the median delay of the event `onset` behind the true one.
"""
import argparse, csv, json, pathlib, subprocess
import numpy as np, soundfile as sf

RATE = 16000

def utterances(folder, count, seed):
    rows = list(csv.DictReader(open(folder / "manifest.csv")))
    rng = np.random.default_rng(seed)
    for i in rng.permutation(len(rows)):
        x, rate = sf.read(folder / rows[i]["file"], dtype="float64")
        assert rate == RATE
        frames = np.array([np.sqrt(np.mean(x[k:k + 320] ** 2)) for k in range(0, len(x) - 320, 320)])
        loud = np.flatnonzero(frames > frames.max() * 10 ** (-35 / 20))
        x = x[loud[0] * 320:(loud[-1] + 1) * 320]
        if len(x) >= RATE:
            yield x * 0.1 / np.sqrt(np.mean(x ** 2))
            count -= 1
            if count == 0: return

def music(n, rng):
    """Chords of four notes with overtones, a new one every half second, and a beat: music without a voice."""
    t = np.arange(n) / RATE
    y = np.zeros(n)
    for start in range(0, n, RATE // 2):
        s = slice(start, min(n, start + RATE // 2))
        u = t[s] - t[start]
        for note in rng.choice([0, 2, 4, 5, 7, 9, 11, 12], 4, replace=False):
            f = 220 * 2 ** (note / 12)
            y[s] += sum(np.sin(2 * np.pi * f * k * u) / k for k in (1, 2, 3)) * np.exp(-3 * u)
        y[s] += 2 * rng.normal(size=len(u)) * np.exp(-40 * u)
    return y

def background(kind, n, speech, rng):
    if kind == "babble":
        y = np.zeros(n)
        for k in range(6):
            voice = np.concatenate([speech[i] for i in rng.permutation(len(speech))])
            y += np.resize(np.roll(voice, rng.integers(len(voice))), n)
    elif kind == "music": y = music(n, rng)
    elif kind == "hum": y = np.sin(2 * np.pi * 100 * np.arange(n) / RATE)
    elif kind == "clicks":
        y = np.zeros(n)
        for at in rng.integers(0, n - 400, n // (2 * RATE)): y[at:at + 400] += rng.normal(size=400) * np.exp(-np.arange(400) / 60)
        return 0.3 * y / np.abs(y).max()
    else: y = rng.normal(size=n)
    return y / np.sqrt(np.mean(y ** 2))

def main():
    p = argparse.ArgumentParser()
    p.add_argument("--valence", required=True); p.add_argument("--model", required=True)
    p.add_argument("--corpus", type=pathlib.Path, required=True); p.add_argument("--out", default="Results/benchmarks/gate.csv")
    a = p.parse_args()
    speech = list(utterances(a.corpus, 20, 1))
    rows = []
    for name, kind, level in [("silence (-80 dB)", "noise", -80), ("noise, 30 dB below speech", "noise", -50), ("noise, 20 dB below", "noise", -40),
                              ("noise, 10 dB below", "noise", -30), ("noise, 5 dB below", "noise", -25), ("hum of 100 Hz, 10 dB below", "hum", -30), ("clicks", "clicks", None),
                              ("babble of six, 20 dB below", "babble", -40), ("babble of six, 10 dB below", "babble", -30),
                              ("music, 20 dB below", "music", -40), ("music, 10 dB below", "music", -30), ("music, as loud", "music", -20)]:
        rng = np.random.default_rng(2)
        lead, pause = 6 * RATE, 2 * RATE
        parts, truth, at = [np.zeros(lead)], [], lead
        for x in speech:
            truth.append((at, at + len(x))); parts += [x, np.zeros(pause)]; at += len(x) + pause
        clean = np.concatenate(parts)
        noise = background(kind, len(clean), speech, rng)
        mix = clean + (noise if level is None else noise * 10 ** (level / 20))
        raw = (np.clip(mix, -1, 1) * 32767).astype("<i2").tobytes()
        out = subprocess.run([a.valence, "listen", a.model, "--json"], input=raw, capture_output=True, check=True).stdout
        events = [json.loads(line) for line in out.splitlines()]
        spans = [(e["start_s"] * RATE, e["end_s"] * RATE) for e in events if e["event"] == "offset"]
        said = [e["time_s"] * RATE for e in events if e["event"] == "onset"]
        step = RATE // 20
        voice = np.zeros(len(clean) // step, bool); opened = voice.copy()
        for s, e in truth: voice[s // step:e // step] = True
        for s, e in spans: opened[int(s) // step:int(e) // step] = True
        own, delays = 0, []
        for s, e in truth:
            inside = [(b, f) for b, f in spans if min(e, f) - max(s, b) > (e - s) / 2]
            if inside and sum(min(te, inside[0][1]) - max(ts, inside[0][0]) > 0 for ts, te in truth) == 1: own += 1
            later = [t - s for t in said if s - RATE / 4 <= t <= e]
            if later: delays.append(later[0] / RATE)
        rows.append([name, round(100 * opened[voice].mean(), 1), round(100 * opened[~voice].mean(), 1), own, len(truth),
                     round(1000 * float(np.median(delays))) if delays else ""])
        print(rows[-1], flush=True)
    with open(a.out, "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["between the utterances", "found %", "false %", "utterances alone", "of", "onset delay ms"]); w.writerows(rows)

main()

#!/usr/bin/env python3
"""How fast a corpus becomes the cached hidden states of a published encoder, beside a script in PyTorch.

    python embed.py --valence .build/release/valence --corpus EMODB --encoder FOLDER   # on an idle machine

`valence run` of embed.yaml with an empty cache, in seconds until the states are cached and until its tables are
written, and a script with `transformers` that averages all states of each clip over time, started anew, five times in
turn. The script reads, trims and encodes one clip after the other, with both threads in PyTorch. Writes
Results/benchmarks/embed.csv.
Needs: torch, transformers, numpy, soundfile.
"""
import argparse, csv, os, statistics, subprocess, sys, tempfile, time
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = ["encoder", "files", "threads", "cached_s", "run_s", "torch_s", "cached_by_torch", "run_by_torch"]

def trim(x, db=35, frame=512, hop=128):
    """Without the quiet ends: frames more than `db` below the loudest one."""
    import numpy as np
    if len(x) < frame: return x
    start = np.arange(0, len(x) - frame + 1, hop)
    total = np.concatenate([[0], np.cumsum(x.astype(np.float64) ** 2)])
    level = np.sqrt(np.maximum(total[start + frame] - total[start], 0))
    loud = np.flatnonzero(level > level.max() * 10 ** (-db / 20))
    return x[loud[0] * hop:loud[-1] * hop + frame] if len(loud) else x

def folder(path):
    """A folder's full path: those in a plan count from the plan."""
    return Path(path).resolve(strict=True)

def script(a):
    import numpy, soundfile, torch
    from encode import network
    torch.set_num_threads(a.threads)
    net, features = network(a.encoder)
    with torch.no_grad():
        means = [net(features(torch.from_numpy(trim(soundfile.read(f, dtype="float32")[0]))[None])).mean(-2).numpy()
                 for f in sorted(Path(a.corpus).glob("*.flac"))]
    numpy.savez(a.script, states=numpy.stack(means))

def valence(a, work):
    env = {**os.environ, "CORPUS": str(a.corpus), "ENCODER": str(a.encoder), "VALENCE_CACHE": f"{work}/cache"}
    start, cached, last = time.perf_counter(), None, "it printed nothing"
    command = [a.valence, "run", HERE / "embed.yaml", "--jobs", str(a.threads),
               "--results", f"{work}/results", "--plots", f"{work}/plots"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        for line in run.stdout:
            if "trials to train" in line: cached = time.perf_counter() - start
            last = line
    if run.returncode != 0 or cached is None: sys.exit(f"{a.valence}: {last}")
    return cached, time.perf_counter() - start

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--valence", default=HERE.parent.parent / ".build/release/valence")
    p.add_argument("--corpus", required=True, type=folder); p.add_argument("--encoder", required=True, type=folder)
    p.add_argument("--threads", type=int, default=2); p.add_argument("--runs", type=int, default=5)
    p.add_argument("--script", metavar="NPZ", help="the script in PyTorch alone, and where it writes")
    p.add_argument("--out", default=HERE.parent.parent / "Results/benchmarks/embed.csv")
    a = p.parse_args()
    if a.script: return script(a)
    # Settings for older libraries of this machine would slow the peer down.
    env = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    times = []
    for _ in range(a.runs):
        with tempfile.TemporaryDirectory() as work:
            ours = valence(a, work)
            start = time.perf_counter()
            subprocess.run([sys.executable, __file__, "--script", f"{work}/states.npz", "--corpus", a.corpus, "--encoder",
                            a.encoder, "--threads", str(a.threads)], env=env, check=True, stdout=subprocess.DEVNULL)
            times.append((*ours, time.perf_counter() - start))
            print(*(f"{t:.1f}" for t in times[-1]), flush=True)
    cached, run, torch = (statistics.median(column) for column in zip(*times))
    with open(a.out, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerow([Path(a.encoder).name, len(list(Path(a.corpus).glob("*.flac"))), a.threads, f"{cached:.1f}",
                      f"{run:.1f}", f"{torch:.1f}", f"{torch / cached:.2f}", f"{torch / run:.2f}"])

if __name__ == "__main__":
    main()

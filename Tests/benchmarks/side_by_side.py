#!/usr/bin/env python3
"""Times Valence and its peers in turn and writes the table that README.md shows.

    python side_by_side.py --corpus FOLDER   # all, about an hour, on an idle machine
    python side_by_side.py --only train      # those whose name has this in it

Both sides run as processes of their own, one after the other, five times each; a row has the medians and their
ratio, and Valence's distance from the floor: the network's operations by direct convolution at the measured peak
of fused multiply-adds. The corpus, audio with a manifest.csv of file, speaker and emotion, is what features and the
sweep are timed on; without one these are left out. Writes Results/benchmarks/speed.csv (rows of this run over those of earlier ones) and
draws it by speed.gp to Plots/benchmarks/.
"""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COLUMNS = ["comparison", "threads", "valence_ms", "peer_ms", "ratio", "valence_mib", "peer_mib", "peak_share", "runs"]
GRU, LAYER = ["model.rnn.cell=gru"], ["model.cnn.norm=layer"]
BRANCHES, STACK = ["features.fusion=branches"], ["features.fusion=stack", "features.mfcc.coefficients=64"]


# The milliseconds that a number of a result stands for; of features, those for a second of audio.
MILLISECONDS = {
    "median_ms": lambda value: value, "times_real_time": lambda value: 1e3 / value,
    "features_s": lambda value: 1e3 * value, "wall_s": lambda value: 1e3 * value}


def comparisons(options):
    """(name, threads, Valence's arguments, the peer's arguments, what both are measured by); the peer's fastest
    setting was tried by hand."""
    found = []

    def network(name, what, threads, ours=(), theirs=(), both=()):
        both = [*both, "--threads", str(threads), "--repeats", "50" if what == "infer" else "5"]
        found.append((name, threads, [what, *both, *ours], [what, *both, *theirs], ("median_ms", "median_ms")))

    for threads in (2, 1):
        network("train reference, batch 32", "train", threads)
        network("train reference, ragged", "train", threads, both=["--ragged"])
    network("train GRU", "train", 2, GRU, ["--cell", "gru"])
    network("train layer normalization", "train", 2, LAYER, ["--norm", "layer"])
    network("train branches", "train", 2, BRANCHES, ["--fusion", "branches"])
    network("train stack", "train", 2, STACK, ["--fusion", "stack"])
    for threads in (2, 1):
        for batch in ("32", "1"):
            network(f"forward, batch {batch}, ONNX Runtime", "infer", threads, theirs=["--engine", "onnx"],
                    both=["--batch", batch])
    for size in ("small", "large"):
        for batch in ("8", "32"):
            network(f"train {size}, batch {batch}", "train", 2, both=["--size", size, "--batch", batch])
    if options.corpus:
        plan = HERE / "sweep.yaml"
        whole = ["sweep=none", "audio.clip_s=10", "model.cnn.channels=[4,4,4]", "model.rnn.hidden=4"]
        found += [
            ("log-mel and MFCC, librosa", 1, ["features", "--threads", "1"], ["features", options.corpus],
             ("times_real_time", "times_real_time")),
            ("files to cached features, librosa", 2, ["sweep", plan, *whole, "--threads", "2"],
             ["features", options.corpus, "--decode", "--processes", "2", "--limit", "100000", "--repeats", "1"],
             ("features_s", "median_ms")),
            ("sweep of 8 variants", 2, ["sweep", plan, "--threads", "2"], ["sweep", options.corpus, "--epochs", "1"],
             ("wall_s", "wall_s"))]
    return found


def folds(corpus, path):
    """One fold in which every fifth speaker is tested, as in `peer.py sweep`."""
    rows = list(csv.DictReader((Path(corpus) / "manifest.csv").open(newline="")))
    tested = set(sorted({row["speaker"] for row in rows})[::5])
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "fold", "split"])
        writer.writerows([row["file"], 1, "test" if row["speaker"] in tested else "train"] for row in rows)


def run(command, environment):
    if "features" in command:
        environment = environment | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def compared(name, threads, ours, theirs, keys, runs, environment):
    valence, peer = [], []
    for _ in range(runs):
        valence.append(run([ROOT / ".build/release/valence", "bench", *ours, "--json"], environment))
        peer.append(run([sys.executable, HERE / "peer.py", *theirs], environment))
    mine, other = (statistics.median(MILLISECONDS[key](float(result[key])) for result in side)
                   for key, side in zip(keys, (valence, peer)))
    lines = [result["roofline"] for result in valence if result.get("roofline")]
    shares = [line["gflop_per_s"] / line["peak_gflop_per_s"] for line in lines]
    return {
        "comparison": name, "threads": threads, "valence_ms": f"{mine:.4g}", "peer_ms": f"{other:.4g}",
        "ratio": f"{other / mine:.2f}", "valence_mib": valence[-1]["peak_mib"], "peer_mib": peer[-1]["peak_mib"],
        "peak_share": f"{statistics.median(shares):.2f}" if shares else "", "runs": runs}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--corpus", help="a folder of speech with a manifest.csv")
    options = parser.parse_args()
    table = ROOT / "Results/benchmarks/speed.csv"
    table.parent.mkdir(parents=True, exist_ok=True)
    rows = {}
    if table.exists():
        rows = {(row["comparison"], row["threads"]): row for row in csv.DictReader(table.open(newline=""))}
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ)
        if options.corpus:
            environment |= {"SWEEP_CORPUS": str(Path(options.corpus).resolve()), "SWEEP_FOLDS": f"{folder}/folds.csv"}
            folds(options.corpus, Path(folder) / "folds.csv")
        for name, threads, *sides in comparisons(options):
            if options.only not in name:
                continue
            row = compared(name, threads, *sides, options.runs, environment)
            print(name, threads, row["valence_ms"], row["peer_ms"], row["ratio"], flush=True)
            rows[(name, str(threads))] = row
            with table.open("w", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows.values())
    plots = ROOT / "Plots/benchmarks"
    plots.mkdir(parents=True, exist_ok=True)
    with (plots / "speed.dat").open("w") as data:
        for row in rows.values():
            data.write(f'"{row["comparison"]} ({row["threads"]})"\t{row["ratio"]}\n')
    (plots / "speed.gp").write_text((HERE / "speed.gp").read_text())
    subprocess.run(["gnuplot", "speed.gp"], cwd=plots, check=True)


if __name__ == "__main__":
    main()

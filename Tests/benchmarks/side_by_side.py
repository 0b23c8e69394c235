#!/usr/bin/env python3
"""Times Valence and its peers in turn and writes the table that README.md shows.

    python side_by_side.py --audio FOLDER_OF_AUDIO   # all, about half an hour, on an idle machine
    python side_by_side.py --only train                                  # those whose name has this in it

Both sides run as processes of their own, one after the other, five times each; a row has the medians and their
ratio, and Valence's distance from the floor: the network's operations by direct convolution at the measured peak
of fused multiply-adds. Writes Results/benchmarks/speed.csv (rows of this run over those of earlier ones) and
draws it by speed.gp to Plots/benchmarks/.
"""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COLUMNS = ["comparison", "threads", "valence_ms", "peer_ms", "ratio", "valence_mib", "peer_mib", "peak_share", "runs"]
GRU, LAYER = ["model.rnn.cell=gru"], ["model.cnn.norm=layer"]
BRANCHES, STACK = ["features.fusion=branches"], ["features.fusion=stack", "features.mfcc.coefficients=64"]


def comparisons(options):
    """(name, threads, Valence's arguments, the peer's arguments); the peer's fastest setting was tried by hand."""
    found = []

    def network(name, what, threads, ours=(), theirs=(), both=()):
        both = [*both, "--threads", str(threads), "--repeats", "50" if what == "infer" else "5"]
        found.append((name, threads, [what, *both, *ours, "--json"], [what, *both, *theirs]))

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
    if options.audio:
        found.insert(0, ("log-mel and MFCC, librosa", 1, ["features", "--threads", "1", "--json"],
                         ["features", options.audio]))
    return found


def run(command):
    environment = dict(os.environ, OMP_NUM_THREADS="1") if "features" in command else None
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def compared(name, threads, ours, theirs, runs):
    valence, peer = [], []
    for _ in range(runs):
        valence.append(run([ROOT / ".build/release/valence", "bench", *ours]))
        peer.append(run([sys.executable, HERE / "peer.py", *theirs]))
    key = "times_real_time" if "features" in ours else "median_ms"
    mine, other = (statistics.median(float(result[key]) for result in side) for side in (valence, peer))
    if key == "times_real_time":  # ms a second of audio, so that less is faster everywhere
        mine, other = 1e3 / mine, 1e3 / other
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
    parser.add_argument("--audio", help="a folder of speech, for features")
    options = parser.parse_args()
    table = ROOT / "Results/benchmarks/speed.csv"
    table.parent.mkdir(parents=True, exist_ok=True)
    rows = {}
    if table.exists():
        rows = {(row["comparison"], row["threads"]): row for row in csv.DictReader(table.open(newline=""))}
    for name, threads, ours, theirs in comparisons(options):
        if options.only not in name:
            continue
        row = compared(name, threads, ours, theirs, options.runs)
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

#!/usr/bin/env python3
"""How the time of a training step grows with what it works on, and whether it jumps somewhere.

    python cost.py            # about seven minutes, on an idle machine

Starts from the reference network, 32 clips of three seconds on two threads, and changes one size at a time. Writes
Results/benchmarks/cost.csv and draws it by cost.gp to Plots/benchmarks/. The last line names the steepest place:
between neighbors, how much faster the time grew than the operations did.
"""
import csv
import json
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COLUMNS = ["size", "value", "ms", "gflop", "gflop_per_s", "peak_mib"]
ROUNDS = 3  # through all sizes; a disturbance of minutes spoils one of them
SIZES = {
    "clips a step": ([1, 2, 4, 8, 16, 24, 32, 64], lambda n: ["--batch", str(n)]),
    "frames a clip": ([50, 100, 150, 200, 300, 400, 600], lambda n: [f"audio.clip_s={n / 100}"]),
    "channels of the first block": (
        [8, 16, 24, 32, 48, 64, 80], lambda n: [f"model.cnn.channels=[{n},{2 * n},{4 * n}]"]),
    "hidden units": ([16, 32, 64, 96, 128, 192, 256, 384], lambda n: [f"model.rnn.hidden={n}"]),
}


def measured(arguments):
    """One run: milliseconds a step, operations a step as direct convolution has them, memory."""
    command = [ROOT / ".build/release/valence", "bench", "train", "--threads", "2", "--repeats", "7", "--json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    result = json.loads(done.stdout)
    ms = result["median_ms"]
    return ms, result["roofline"]["gflop_per_s"] * ms / 1e3, result["peak_mib"]


def main():
    points = [(size, value, arguments(value)) for size, (values, arguments) in SIZES.items() for value in values]
    rounds = [[measured(arguments) for _, _, arguments in points] for _ in range(ROUNDS)]
    rows = []
    for (size, value, _), runs in zip(points, zip(*rounds)):
        ms = statistics.median(ms for ms, _, _ in runs)
        _, gflop, mib = runs[0]
        rows.append({"size": size, "value": value, "ms": f"{ms:.4g}", "gflop": f"{gflop:.4g}",
                     "gflop_per_s": f"{1e3 * gflop / ms:.4g}", "peak_mib": mib})
        print(*rows[-1].values())
    table = ROOT / "Results/benchmarks/cost.csv"
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    plots = ROOT / "Plots/benchmarks"
    with (plots / "cost.dat").open("w") as data:  # a block a size, as gnuplot's `index` counts them
        for size in SIZES:
            data.write(f"# {size}\n")
            data.writelines(f"{row['value']}\t{row['ms']}\t{row['gflop']}\n" for row in rows if row["size"] == size)
            data.write("\n\n")
    (plots / "cost.gp").write_text((HERE / "cost.gp").read_text())
    subprocess.run(["gnuplot", "cost.gp"], cwd=plots, check=True)
    steps = [(float(b["ms"]) / float(a["ms"]) / (float(b["gflop"]) / float(a["gflop"])), a, b)
             for a, b in zip(rows, rows[1:]) if a["size"] == b["size"]]
    growth, before, after = max(steps, key=lambda step: step[0])
    print(f"steepest: {after['size']} {before['value']} to {after['value']}, "
          f"{growth:.2f} times as much more time as more operations")


if __name__ == "__main__":
    main()

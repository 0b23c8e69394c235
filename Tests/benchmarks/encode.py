#!/usr/bin/env python3
"""How fast `valence bench encode` gives all hidden states, beside ONNX Runtime and PyTorch.

    python encode.py --valence .build/release/valence FOLDER …        # folders of encoders; on an idle machine
    python encode.py --peer onnx|torch --seconds 3 --threads 2 FOLDER   # one peer alone; prints one line of JSON

The sides run in turn as processes of their own, five times each; a row has medians, as times real time. `clips` is
how many clips a step has: several are encoded side by side, one a thread, by Valence; the peers take one
after the other with all threads, which is what they are fastest with. Peers run the networks of `transformers`, whose
Whisper is taken layer by layer, since as published it refuses clips that are not 30 s long. Writes
Results/benchmarks/encode.csv (rows of this run over those of earlier ones). Needs: torch, transformers, onnx, onnxruntime.
"""
import argparse, csv, io, json, os, resource, statistics, subprocess, sys, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COLUMNS = ["encoder", "clip_s", "clips", "threads", "valence", "onnx", "torch", "by_onnx", "by_torch",
           "valence_mib", "onnx_mib", "torch_mib", "peak_share"]

def network(folder):
    """A module of one input that gives all states, and the function that makes its input of samples [1, n]."""
    import torch
    from transformers import AutoConfig, AutoModel, WhisperModel
    if AutoConfig.from_pretrained(folder).model_type != "whisper":
        model = AutoModel.from_pretrained(folder).float().eval()
        class Wave(torch.nn.Module):
            def __init__(self):
                super().__init__(); self.model = model
            def forward(self, x): return torch.stack(self.model(x, output_hidden_states=True).hidden_states)
        return Wave(), lambda samples: (samples - samples.mean()) / (samples.var(correction=0) + 1e-7).sqrt()
    model = WhisperModel.from_pretrained(folder).encoder.float().eval()
    class Whisper(torch.nn.Module):
        def __init__(self):
            super().__init__(); self.model = model
        def forward(self, mel):
            gelu = torch.nn.functional.gelu
            x = gelu(self.model.conv2(gelu(self.model.conv1(mel)))).transpose(1, 2)
            x = x + self.model.embed_positions.weight[:x.shape[1]]
            states = [x]
            for layer in self.model.layers:
                out = layer(x, None)
                x = out[0] if isinstance(out, tuple) else out
                states.append(x)
            return torch.stack(states + [self.model.layer_norm(x)])
    from transformers.audio_utils import mel_filter_bank
    bands = model.conv1.in_channels
    bank = torch.from_numpy(mel_filter_bank(201, bands, 0, 8000, 16000, norm="slaney", mel_scale="slaney")).float().T
    def log_mel(samples):
        power = torch.stft(samples[0], 400, 160, window=torch.hann_window(400), return_complex=True)[:, :-1].abs() ** 2
        level = torch.clamp(bank @ power, min=1e-10).log10()
        return ((torch.maximum(level, level.max() - 8) + 4) / 4)[None]
    return Whisper(), log_mel

def peer(a):
    import torch
    torch.set_num_threads(a.threads)
    net, features = network(a.folders[0])
    samples = 0.1 * torch.randn(1, int(a.seconds * 16000), generator=torch.Generator().manual_seed(0))
    call = net
    with torch.no_grad():
        if a.peer == "onnx":
            import onnxruntime
            file, options = io.BytesIO(), onnxruntime.SessionOptions()
            torch.onnx.export(net, (features(samples),), file, input_names=["x"], output_names=["y"], dynamo=False)
            options.intra_op_num_threads = a.threads
            session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
            call = lambda x: session.run(None, {"x": x.numpy()})
        for _ in range(3): call(features(samples))
        times = []
        for _ in range(a.repeats):
            start = time.perf_counter(); call(features(samples)); times.append(time.perf_counter() - start)
    print(json.dumps({"times_real_time": a.seconds / statistics.median(times),
                      "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))

def run(*command):
    # Settings for older libraries of this machine would slow the peers down.
    env = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    done = subprocess.run([str(part) for part in command], env=env, capture_output=True, text=True)
    if done.returncode != 0: sys.exit(f"{' '.join(map(str, command))}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])

def measure(a, folder, seconds, clips, threads):
    sides = {"valence": [], "onnx": [], "torch": []}
    for _ in range(a.runs):
        sides["valence"].append(run(a.valence, "bench", "encode", "--encoder", folder, "--seconds", seconds, "--clips", clips,
                                    "--threads", threads, "--repeats", max(3, a.repeats // clips), "--json"))
        for name in ("onnx", "torch"):
            sides[name].append(run(sys.executable, __file__, "--peer", name, "--seconds", seconds, "--threads", threads,
                                   "--repeats", a.repeats, folder))
    speed = {k: statistics.median(r["times_real_time"] for r in v) for k, v in sides.items()}
    share = statistics.median(r["roofline"]["gflop_per_s"] / r["roofline"]["peak_gflop_per_s"] for r in sides["valence"])
    return {"encoder": Path(folder).name, "clip_s": f"{seconds:g}", "clips": clips, "threads": threads,
            **{k: f"{v:.1f}" for k, v in speed.items()},
            "by_onnx": f"{speed['valence'] / speed['onnx']:.2f}", "by_torch": f"{speed['valence'] / speed['torch']:.2f}",
            **{f"{k}_mib": statistics.median_low(r["peak_mib"] for r in v) for k, v in sides.items()},
            "peak_share": f"{share:.2f}"}

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folders", nargs="+"); p.add_argument("--valence"); p.add_argument("--peer", choices=["onnx", "torch"])
    p.add_argument("--seconds", type=float); p.add_argument("--threads", type=int)
    p.add_argument("--repeats", type=int, default=15); p.add_argument("--runs", type=int, default=5)
    p.add_argument("--out", default=ROOT / "Results/benchmarks/encode.csv")
    a = p.parse_args()
    if a.peer: return peer(a)
    rows = {}
    if os.path.exists(a.out):
        for row in csv.DictReader(open(a.out)): rows[tuple(row[k] for k in COLUMNS[:4])] = row
    for folder in a.folders:
        for seconds in [a.seconds] if a.seconds else [3, 10]:
            for clips, threads in [(1, 1), (1, 2), (16, 2)]:
                row = measure(a, folder, seconds, clips, threads)
                print(row, flush=True)
                rows[tuple(str(row[k]) for k in COLUMNS[:4])] = row
                with open(a.out, "w", newline="") as file:
                    out = csv.DictWriter(file, COLUMNS, lineterminator="\n"); out.writeheader(); out.writerows(rows.values())

if __name__ == "__main__":
    main()

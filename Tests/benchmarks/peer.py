#!/usr/bin/env python3
"""What Valence's speed is held against: the same work in PyTorch, ONNX Runtime and librosa.

    pip install torch onnx onnxruntime librosa soundfile numpy
    python peer.py train --threads 2 --layout channels_last        # a training step, ms
    python peer.py train --cell gru --norm layer --fusion branches
    python peer.py infer --engine onnx --batch 1                   # a forward pass, ms
    python peer.py features FOLDER --processes 2 --decode          # log-mel and MFCC of a folder of audio
    python peer.py sweep CORPUS --epochs 2                         # eight variants on one corpus with a manifest.csv

Each prints one line of JSON. Networks are Valence's defaults: convolution blocks of 32, 64 and 128 channels, a
bidirectional LSTM of 128 units, attention, a head of 128; on random three-second clips of 64 log-mel bands and
40 MFCC every 10 ms, eight classes. Random weights and clips: time depends on shapes alone.
"""
import argparse
import csv
import json
import os
import resource
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

SIZES = {"small": ((16, 32, 64), 64, 1), "reference": ((32, 64, 128), 128, 1), "large": ((64, 128, 256), 256, 2)}
MEL, MFCC, FRAMES, CLASSES, HEAD, RATE, WINDOW, HOP = 64, 40, 300, 8, 128, 16000, 400, 160
# (branch, channels, bins) of what each fusion feeds to the network; `stack` takes as many coefficients as bands.
FUSIONS = {
    "concat": [("concat", 1, MEL + MFCC)],
    "stack": [("stack", 2, MEL)],
    "branches": [("mel", 1, MEL), ("mfcc", 1, MFCC)],
}


def network(options, branches, channels=None):
    import torch
    from torch import nn

    own, hidden, layers = SIZES[options.size]
    channels = channels or own

    class Stack(nn.Module):
        def __init__(self, inputs, bins):
            super().__init__()
            self.blocks = nn.ModuleList()
            for width in channels:
                norm = nn.BatchNorm2d(width) if options.norm == "batch" else nn.GroupNorm(1, width)
                self.blocks.append(nn.Sequential(
                    nn.Conv2d(inputs, width, 3, padding=1, bias=False), norm, nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.1)))
                inputs, bins = width, bins // 2
            self.width = inputs * bins

        def forward(self, x, lengths):
            for block in self.blocks:
                x = block(x)
                if lengths is not None:
                    lengths = lengths // 2
                    x = x * (torch.arange(x.shape[2])[None, :] < lengths[:, None])[:, None, :, None]
            return x.permute(0, 2, 1, 3).flatten(2), lengths

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.stacks = nn.ModuleList(Stack(inputs, bins) for _, inputs, bins in branches)
            recurrent = {"lstm": nn.LSTM, "gru": nn.GRU}[options.cell]
            width = sum(stack.width for stack in self.stacks)
            self.recurrent = recurrent(width, hidden, layers, batch_first=True, bidirectional=True)
            self.score, self.query = nn.Linear(2 * hidden, hidden), nn.Linear(hidden, 1, bias=False)
            self.head = nn.Sequential(nn.Linear(2 * hidden, HEAD), nn.ReLU(), nn.Dropout(0.3), nn.Linear(HEAD, CLASSES))

        def forward(self, *inputs, lengths=None):
            parts = [stack(x, lengths) for stack, x in zip(self.stacks, inputs)]
            x, lengths = torch.cat([part for part, _ in parts], 2), parts[0][1]
            if lengths is None:
                h, _ = self.recurrent(x)
            else:
                packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
                h, _ = nn.utils.rnn.pad_packed_sequence(self.recurrent(packed)[0], batch_first=True, total_length=x.shape[1])
            energy = self.query(torch.tanh(self.score(h)))[:, :, 0]
            if lengths is not None:
                energy = energy.masked_fill(torch.arange(h.shape[1])[None, :] >= lengths[:, None], float("-inf"))
            return self.head((torch.softmax(energy, 1)[:, :, None] * h).sum(1))

    return Network()


def batch_of(options):
    import torch

    generator = torch.Generator().manual_seed(1)
    inputs = [torch.randn(options.batch, channels, FRAMES, bins, generator=generator)
              for _, channels, bins in FUSIONS[options.fusion]]
    targets = torch.randint(0, CLASSES, (options.batch,), generator=generator)
    lengths = None
    if options.ragged:
        lengths = torch.randint(FRAMES // 4, FRAMES + 1, (options.batch,), generator=generator)
        lengths[0] = FRAMES
        for x in inputs:
            for clip, length in enumerate(lengths):
                x[clip, :, length:] = 0
    if options.layout == "channels_last":
        inputs = [x.to(memory_format=torch.channels_last) for x in inputs]
    return inputs, targets, lengths


def timed(options, step):
    for _ in range(3):
        step()
    times = []
    for _ in range(options.repeats):
        began = time.perf_counter()
        step()
        times.append(time.perf_counter() - began)
    median = statistics.median(times)
    report({"what": options.what, "size": options.size, "batch": options.batch, "threads": options.threads,
            "median_ms": round(1e3 * median, 3), "min_ms": round(1e3 * min(times), 3),
            "clips_per_s": round(options.batch / median, 2)})


def report(result):
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(result | {"peak_mib": used}))


def start_torch(options):
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    return torch


def train(options):
    torch = start_torch(options)
    model = network(options, FUSIONS[options.fusion]).train()
    if options.layout == "channels_last":
        model = model.to(memory_format=torch.channels_last)
    inputs, targets, lengths = batch_of(options)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)
    loss_of = torch.nn.CrossEntropyLoss(label_smoothing=0.1)
    call = torch.compile(model) if options.compile else model

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss_of(call(*inputs, lengths=lengths), targets).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()

    timed(options, step)


def infer(options):
    torch = start_torch(options)
    model = network(options, FUSIONS[options.fusion]).eval()
    if options.layout == "channels_last" and options.engine == "torch":
        model = model.to(memory_format=torch.channels_last)
    inputs, _, lengths = batch_of(options)
    if options.engine == "torch":
        with torch.inference_mode():
            return timed(options, lambda: model(*inputs, lengths=lengths))
    import onnxruntime

    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        path = os.path.join(folder, "network.onnx")
        names = [f"x{index}" for index in range(len(inputs))]
        torch.onnx.export(model, tuple(inputs), path, input_names=names, output_names=["y"], dynamo=False)
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = options.threads
        session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    feed = {name: x.contiguous().numpy() for name, x in zip(names, inputs)}
    timed(options, lambda: session.run(None, feed))


def read(path):
    import librosa
    import soundfile

    signal, rate = soundfile.read(path, dtype="float32", always_2d=True)
    signal = signal.mean(1)
    return signal if rate == RATE else librosa.resample(signal, orig_sr=rate, target_sr=RATE, res_type="soxr_hq")


def log_mel(signal):
    import librosa

    power = librosa.feature.melspectrogram(
        y=signal, sr=RATE, n_fft=512, win_length=WINDOW, hop_length=HOP, n_mels=MEL, fmin=50, fmax=8000)
    return librosa.power_to_db(power, top_db=None)


def cepstra(mel):
    import librosa

    return librosa.feature.mfcc(S=mel, n_mfcc=MFCC)


def both_of(path):
    import numpy as np

    mel = log_mel(read(path))
    return np.concatenate([mel, cepstra(mel)])


def features(options):
    paths = sorted(p for p in Path(options.folder).rglob("*") if p.suffix in {".wav", ".flac", ".ogg"})[:options.limit]
    seconds, times = 0.0, []
    if options.decode:
        import soundfile

        seconds = sum(soundfile.info(p).duration for p in paths)
        for _ in range(options.repeats):
            began = time.perf_counter()
            with ProcessPoolExecutor(options.processes) as pool, tempfile.TemporaryDirectory() as cache:
                import numpy as np

                np.savez(os.path.join(cache, "all.npz"), *pool.map(both_of, paths, chunksize=8))
            times.append(time.perf_counter() - began)
    else:
        signals = [read(p) for p in paths]
        seconds = sum(len(signal) for signal in signals) / RATE
        cepstra(log_mel(signals[0]))
        for _ in range(options.repeats):
            began = time.perf_counter()
            for signal in signals:
                cepstra(log_mel(signal))
            times.append(time.perf_counter() - began)
    median = statistics.median(times)
    report({"what": "features", "clips": len(paths), "median_ms": round(1e3 * median, 3),
            "clips_per_s": round(len(paths) / median, 2), "times_real_time": round(seconds / median, 1)})


def sweep(options):
    """The fusion sweep as a researcher would script it: features once, then one network after the other."""
    import librosa
    import numpy as np

    torch = start_torch(options)
    began = time.perf_counter()
    rows = list(csv.DictReader(open(Path(options.folder) / "manifest.csv", newline="")))
    classes = sorted({row["emotion"] for row in rows})
    speakers = sorted({row["speaker"] for row in rows})
    length = FRAMES * HOP
    mels, mfccs = [], []
    for row in rows:
        signal = read(Path(options.folder) / row["file"])
        if len(signal) > length:
            start = (len(signal) - length) // 2
            signal = signal[start:start + length]
        mel = log_mel(np.pad(signal, (0, length - len(signal))))
        mels.append(mel.T[:FRAMES])
        mfccs.append(cepstra(mel).T[:FRAMES])
    mels, mfccs = np.stack(mels).astype(np.float32), np.stack(mfccs).astype(np.float32)
    deltas = librosa.feature.delta(mfccs, axis=1).astype(np.float32)
    images = {"mel": mels, "mfcc": mfccs, "concat": np.concatenate([mels, mfccs], 2),
              "deltas": np.concatenate([mels, mfccs, deltas], 2)}
    labels = torch.tensor([classes.index(row["emotion"]) for row in rows])
    tested = np.array([row["speaker"] in speakers[::5] for row in rows])
    features_s, began = time.perf_counter() - began, time.perf_counter()
    right = {}
    for name, x in images.items():
        x = torch.from_numpy((x - x[~tested].mean((0, 1))) / (x[~tested].std((0, 1)) + 1e-6))[:, None]
        for channels in ((16, 32, 64), (32, 64, 128)):
            model = network(options, [(name, 1, x.shape[3])], channels)
            optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)
            for _ in range(options.epochs):
                model.train()
                for part in torch.from_numpy(np.random.permutation(np.flatnonzero(~tested))).split(options.batch):
                    optimizer.zero_grad(set_to_none=True)
                    torch.nn.functional.cross_entropy(model(x[part]), labels[part]).backward()
                    optimizer.step()
            model.eval()
            with torch.inference_mode():
                answers = torch.cat([model(part).argmax(1) for part in x[tested].split(options.batch)])
            right[f"{name} {channels}"] = round(float((answers == labels[tested]).float().mean()), 3)
    training_s = time.perf_counter() - began
    report({"what": "sweep", "clips": len(rows), "epochs": options.epochs, "features_s": round(features_s, 2),
            "training_s": round(training_s, 2), "wall_s": round(features_s + training_s, 2), "accuracy": right})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["train", "infer", "features", "sweep"])
    parser.add_argument("folder", nargs="?", help="audio files, for features; a corpus, for sweep")
    parser.add_argument("--size", choices=SIZES, default="reference")
    parser.add_argument("--cell", choices=["lstm", "gru"], default="lstm")
    parser.add_argument("--norm", choices=["batch", "layer"], default="batch")
    parser.add_argument("--fusion", choices=FUSIONS, default="concat")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--ragged", action="store_true", help="clips of 75 to 300 frames, packed for the recurrent layer")
    parser.add_argument("--layout", choices=["contiguous", "channels_last"], default="channels_last")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--engine", choices=["torch", "onnx"], default="torch")
    parser.add_argument("--decode", action="store_true", help="read the files too, with --processes")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--epochs", type=int, default=2)
    options = parser.parse_args()
    if options.what in ("features", "sweep") and not options.folder:
        parser.error(f"{options.what} takes a folder")
    {"train": train, "infer": infer, "features": features, "sweep": sweep}[options.what](options)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""F0 and voicing by librosa's pyin, of synthetic voices and of real speech: numbers only, never real audio.

    python make_prosody.py                      # synthetic: needs numpy, librosa 0.11, safetensors
    python make_prosody.py SHARED/corpora       # the corpora too: needs soundfile

`exact` replaces librosa's difference function by Valence's (all pairs of a frame, divided by their number) and keeps
the rest of pyin; `librosa` is pyin as it is, with 1024 samples a frame.
"""
import csv
import pathlib
import sys

import librosa
import librosa.core.pitch as pitch
import numpy as np
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
LOW, HIGH, HOP_S = 50, 500, 0.01
stock = pitch._cumulative_mean_normalized_difference


def all_pairs(frames, min_period, max_period):
    frames = frames.astype(np.float64)
    length = frames.shape[-2]
    correlation = librosa.autocorrelate(frames, max_size=max_period + 1, axis=-2)
    energy = np.cumsum(np.square(frames), axis=-2)
    delay = np.arange(1, max_period + 1)
    leading, trailing = energy[length - delay - 1], energy[-1:] - energy[delay - 1]
    difference = np.maximum(leading + trailing - 2 * correlation[delay], 0) / (length - delay)[:, None]
    mean = np.cumsum(difference, axis=0) / delay[:, None]
    return difference[min_period - 1:] / (mean[min_period - 1:] + np.finfo(np.float32).tiny)


def pyin(signal, rate, length, difference):
    pitch._cumulative_mean_normalized_difference = difference
    f0, voiced, probability = librosa.pyin(signal.astype(np.float64), fmin=LOW, fmax=HIGH, sr=rate, frame_length=length,
                                           hop_length=round(HOP_S * rate), fill_na=0.0)
    return f0 * voiced, probability


def voice(seconds, rate, low, high, snr_db, seed):
    """A voice with two formants whose F0 wanders between `low` and `high`; every third part is noise alone."""
    random = np.random.default_rng(seed)
    count = int(seconds * rate)
    time = np.arange(count) / rate
    f0 = np.exp(np.interp(time, np.linspace(0, seconds, 6), np.log(random.uniform(low, high, 6))))
    phase = 2 * np.pi * np.cumsum(f0) / rate
    signal = sum((1 / (1 + ((h * f0 - 500) / 100) ** 2) + 0.5 / (1 + ((h * f0 - 1500) / 150) ** 2) + 0.1 / h)
                 * np.sin(h * phase) * (h * f0 < 0.45 * rate) for h in range(1, 30))
    signal *= np.convolve((time * 9 / seconds).astype(int) % 3 != 2, np.ones(rate // 100) / (rate // 100), "same")
    noise = random.standard_normal(count) * signal.std() * 10 ** (-snr_db / 20)
    return (0.05 * (signal + noise)).astype(np.float32)


def synthetic():
    arrays = {}
    signals = {"low": (0.9, 16000, 60, 110, 30), "middle": (0.9, 16000, 110, 250, 10),
               "high": (0.7, 16000, 220, 460, 20), "narrow": (0.9, 8000, 90, 220, 30)}
    for seed, (name, (seconds, rate, *rest)) in enumerate(signals.items()):
        signal = voice(seconds, rate, *rest, seed)
        f0, probability = pyin(signal, rate, rate // 20, all_pairs)
        arrays |= {f"{name}.signal": signal, f"{name}.rate_hz": np.array([rate]), f"{name}.f0_hz": f0,
                   f"{name}.probability": probability}
        arrays[f"{name}.librosa_f0_hz"] = pyin(signal, rate, rate * 1024 // 16000, stock)[0]
        print(name, signal.shape, f"{np.mean(f0 > 0):.2f} voiced, {probability.mean():.3f}")
    save(arrays, "prosody.safetensors")


def corpora(folder):
    import soundfile
    arrays = {}
    for corpus, count in (("ravdess", 34), ("emovo", 33), ("emodb", 33)):
        with open(folder / corpus / "manifest.csv") as file:
            names = sorted(row["file"] for row in csv.DictReader(file))
        for name in names[::len(names) // count][:count]:
            signal, rate = soundfile.read(folder / corpus / name, dtype="float32", always_2d=True)
            assert rate == 16000, name
            signal = signal.mean(1)[:3 * rate]
            arrays[f"{corpus}/{name}"] = pyin(signal, rate, 1024, stock)[0]
        print(corpus, flush=True)
    save(arrays, "corpora.safetensors")


def save(arrays, name):
    save_file({k: np.ascontiguousarray(v, dtype=np.float32) for k, v in arrays.items()}, HERE / name)


synthetic()
if len(sys.argv) > 1:
    corpora(pathlib.Path(sys.argv[1]))

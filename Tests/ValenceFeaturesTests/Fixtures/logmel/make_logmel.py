#!/usr/bin/env python3
"""Log-mel bands, MFCC, deltas and mel filters of synthetic speech by librosa, for several rates and framings.

    python make_logmel.py           # needs espeak-ng, sox; numpy, librosa, soundfile, safetensors
"""
import pathlib
import subprocess
import tempfile

import librosa
import numpy as np
import soundfile
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent

# name: rate, window_ms, hop_ms, bands, low_hz, high_hz, coefficients, first sample, samples
CASES = {
    "default": (16000, 25, 10, 64, 50, 8000, 40, 0, 19200),
    "narrow": (8000, 32, 16, 30, 0, 4000, 13, 1000, 6001),
    "wide": (44100, 23.3, 5.5, 80, 20, 10000, 20, 5000, 9000),
    "long": (22050, 50, 12.5, 40, 100, 11025, 40, 3000, 7777),
}


def speech(rate):
    with tempfile.TemporaryDirectory() as folder:
        made, clip = pathlib.Path(folder) / "made.wav", pathlib.Path(folder) / "clip.wav"
        subprocess.run(["espeak-ng", "-v", "en", "-w", str(made), "Are you quite sure of it?"], check=True)
        subprocess.run(["sox", "-D", str(made), "-r", str(rate), "-b", "16", str(clip), "gain", "-2"], check=True)
        samples, _ = soundfile.read(clip, dtype="float32")
        return samples


def features(signal, rate, window_ms, hop_ms, bands, low, high, coefficients):
    window, hop = (int(rate * ms / 1000 + 0.5) for ms in (window_ms, hop_ms))
    size = 1 << (window - 1).bit_length()
    power = librosa.feature.melspectrogram(y=signal, sr=rate, n_fft=size, win_length=window, hop_length=hop,
                                           n_mels=bands, fmin=low, fmax=high, center=True, pad_mode="constant",
                                           power=2.0)
    mel = librosa.power_to_db(power, ref=1.0, amin=1e-10, top_db=None)
    mfcc = librosa.feature.mfcc(S=mel, n_mfcc=coefficients)
    bank = librosa.filters.mel(sr=rate, n_fft=size, n_mels=bands, fmin=low, fmax=high)
    return mel.T, mfcc.T, bank


arrays = {}
for name, (rate, window_ms, hop_ms, bands, low, high, coefficients, first, count) in CASES.items():
    signal = speech(rate)
    signal = signal[first:first + count]
    mel, mfcc, bank = features(signal, rate, window_ms, hop_ms, bands, low, high, coefficients)
    arrays |= {f"{name}.signal": signal, f"{name}.mel": mel, f"{name}.mfcc": mfcc}
    arrays[f"{name}.options"] = np.array([rate, window_ms, hop_ms, bands, low, high, coefficients])
    if name == "narrow":
        arrays[f"{name}.bank"] = bank
    print(name, signal.shape, mel.shape, mfcc.shape, "floor", mel.min(), "peak", mel.max())

short = arrays["narrow.mfcc"].T
arrays["delta.in"] = short.T
for order in (1, 2):
    arrays[f"delta.{order}"] = librosa.feature.delta(short, order=order).T
for frames in (3, 4, 5, 8):
    width = frames if frames % 2 else frames - 1
    for order in (1, 2):
        arrays[f"delta.{order}.{frames}"] = librosa.feature.delta(short[:, :frames], width=width, order=order).T

save_file({k: np.ascontiguousarray(v, dtype=np.float32) for k, v in arrays.items()}, HERE / "logmel.safetensors")
print("librosa", librosa.__version__, (HERE / "logmel.safetensors").stat().st_size)

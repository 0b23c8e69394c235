#!/usr/bin/env python3
"""Resamples noise and a sweep with librosa's soxr_hq, and changes the speed of a sweep with soxr and sox.

    python make_resample.py         # needs numpy, librosa, soundfile, soxr, safetensors; sox
"""
import pathlib
import subprocess
import tempfile

import librosa
import numpy as np
import soundfile
import soxr
from safetensors.numpy import save_file

arrays = {}
random = np.random.default_rng(7)
for source, target, samples in [(44100, 16000, 6001), (8000, 16000, 1500), (22050, 16000, 3000), (48000, 16000, 5000),
                                (16000, 44100, 1200)]:
    time = np.arange(samples) / source
    sweep = np.sin(2 * np.pi * (50 * time + 0.25 * source / time[-1] * time**2))
    signal = (0.5 * sweep + 0.1 * random.standard_normal(samples)).astype(np.float32)
    arrays[f"{source} to {target}.in"] = signal
    arrays[f"{source} to {target}.out"] = librosa.resample(signal, orig_sr=source, target_sr=target, res_type="soxr_hq")
# Played faster or slower: soxr by itself, and sox's own `speed`, which Kaldi's recipes call.
for source, target, speed in [(16000, 16000, 0.9), (16000, 16000, 1.1), (22050, 16000, 1.25)]:
    time = np.arange(3000) / source
    sweep = np.sin(2 * np.pi * (100 * time + 0.15 * source / time[-1] * time**2)) * np.hanning(3000)
    signal = (0.5 * sweep).astype(np.float32)
    name = f"{source} to {target} at {speed}"
    arrays[f"{name}.in"] = signal
    arrays[f"{name}.out"] = soxr.resample(signal, source * speed, target, quality="HQ")
    with tempfile.TemporaryDirectory() as folder:
        before, after = f"{folder}/before.wav", f"{folder}/after.wav"
        soundfile.write(before, signal, source, subtype="FLOAT")
        subprocess.run(["sox", before, "-r", str(target), after, "speed", str(speed)], check=True)
        arrays[f"{name}.sox"] = soundfile.read(after, dtype="float32")[0]
save_file(arrays, pathlib.Path(__file__).parent / "resample.safetensors")
print("librosa", librosa.__version__, "soxr", soxr.__version__, soxr.__libsoxr_version__)

#!/usr/bin/env python3
"""Resamples noise and a sweep with librosa's soxr_hq.

    python make_resample.py         # needs numpy, librosa, soxr, safetensors
"""
import pathlib

import librosa
import numpy as np
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
save_file(arrays, pathlib.Path(__file__).parent / "resample.safetensors")
print("librosa", librosa.__version__, "soxr", soxr.__version__, soxr.__libsoxr_version__)

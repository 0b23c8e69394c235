#!/usr/bin/env python3
"""Trims noise bursts between quieter noise with librosa's effects.trim.

    python make_trim.py         # needs numpy, librosa, safetensors
"""
import pathlib

import librosa
import numpy as np
from safetensors.numpy import save_file

arrays = {}
random = np.random.default_rng(3)
for rate in (8000, 11025):
    for number, (quiet_db, before, after) in enumerate([(-50, 0.3, 0.2), (-30, 0.1, 0.4), (-70, 0.0, 0.15)]):
        loud = random.standard_normal(int(0.4 * rate)) * np.hanning(int(0.4 * rate))
        clip = np.concatenate([np.zeros(int(before * rate)), loud, np.zeros(int(after * rate))])
        clip += 10 ** (quiet_db / 20) * random.standard_normal(clip.size)
        clip = (0.1 * clip).astype(np.float32)
        hop = rate * 8 // 1000
        for top_db in (20, 35, 60):
            _, span = librosa.effects.trim(clip, top_db=top_db, frame_length=4 * hop, hop_length=hop)
            arrays[f"{rate} {number}.{top_db}"] = span.astype(np.float32)
        arrays[f"{rate} {number}.in"] = clip
save_file(arrays, pathlib.Path(__file__).parent / "trim.safetensors")
print("librosa", librosa.__version__)

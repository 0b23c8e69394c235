#!/usr/bin/env python3
"""Log-mel bands and MFCC of real speech by librosa: numbers of some frames, never audio.

    python make_corpora.py SHARED/corpora       # needs numpy, librosa, soundfile, safetensors

Definitions as Valence's defaults: 16 kHz, 25 ms every 10 ms, 64 bands from 50 to 8000 Hz, 40 coefficients.
"""
import pathlib
import sys

import librosa
import numpy as np
import soundfile
from safetensors.numpy import save_file

FILES = ["ravdess/03-01-05-02-01-01-01.flac", "emovo/gio-f1-b1.flac", "emodb/03a01Wa.flac"]
FIRST, FRAMES = 80, 60

arrays = {}
for name in FILES:
    signal, rate = soundfile.read(pathlib.Path(sys.argv[1]) / name, dtype="float32", always_2d=True)
    assert rate == 16000, name
    signal = signal.mean(1)
    power = librosa.feature.melspectrogram(y=signal, sr=16000, n_fft=512, win_length=400, hop_length=160, n_mels=64,
                                           fmin=50, fmax=8000, center=True, pad_mode="constant", power=2.0)
    mel = librosa.power_to_db(power, ref=1.0, amin=1e-10, top_db=None)
    mfcc = librosa.feature.mfcc(S=mel, n_mfcc=40)
    arrays[f"{name}.mel"] = mel[:, FIRST:FIRST + FRAMES].T
    arrays[f"{name}.mfcc"] = mfcc[:, FIRST:FIRST + FRAMES].T
    arrays[f"{name}.peak"] = np.array([mel.max()])
    arrays[f"{name}.samples"] = np.array([len(signal)])
    print(name, signal.shape, mel.shape, mel.max(), mel[:, FIRST:FIRST + FRAMES].mean())
save_file({k: np.ascontiguousarray(v, dtype=np.float32) for k, v in arrays.items()},
          pathlib.Path(__file__).parent / "corpora.safetensors")

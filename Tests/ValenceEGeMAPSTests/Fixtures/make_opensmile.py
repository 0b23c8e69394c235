#!/usr/bin/env python3
"""eGeMAPSv02 by openSMILE, of synthesized speech and of real speech: of the latter numbers only, never audio.

    python make_opensmile.py                      # needs opensmile, numpy, scipy, soundfile, safetensors, espeak-ng
    python make_opensmile.py ../shared/corpora    # the corpora too

openSMILE is run as a program and its output is read; nothing of it is in this project.
"""
import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import opensmile
import soundfile
from safetensors.numpy import save_file
from scipy.signal import resample_poly

HERE = pathlib.Path(__file__).parent
RATE = 16000
CLIPS = 25
# Voice, speed in words a minute, pitch from 0 to 99, text.
SPEECH = {
    "woman": ("en-us+f3", 170, 60, "You never told me about that."),
    "man": ("de+m3", 160, 30, "Das will sie am Mittwoch abgeben."),
    "child": ("it+f2", 210, 95, "Vorrei il numero telefonico."),
    "whisper": ("en-us+whisper", 160, 50, "Dogs are sitting."),
    "slow": ("fr+m7", 110, 45, "Il arrive demain."),
    "word": ("en-us", 200, 50, "No."),
}


def spoken(voice, speed, pitch, text):
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "-w", file.name, text], check=True)
        samples, rate = soundfile.read(file.name)
    samples = 0.5 * resample_poly(samples, RATE, rate)
    return (np.round(samples[:RATE] * 32768) / 32768).astype(np.float32)


def parameters(smile, samples, rate):
    return np.nan_to_num(smile.process_signal(samples, rate).to_numpy()[0]).astype(np.float32)


def main():
    smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
    arrays = {}
    signals = {name: spoken(*speech) for name, speech in SPEECH.items()}
    signals["silence"] = np.zeros(RATE // 4, dtype=np.float32)
    signals["noise"] = np.round(np.random.default_rng(7).normal(0, 2000, RATE // 4)).astype(np.float32) / 32768
    for name, signal in signals.items():
        arrays[name + ".signal"], arrays[name + ".parameters"] = signal, parameters(smile, signal, RATE)
    save_file(arrays, HERE / "espeak.safetensors")
    (HERE / "names.txt").write_text("\n".join(smile.feature_names) + "\n")
    if len(sys.argv) == 1:
        return
    root, arrays = pathlib.Path(sys.argv[1]), {}
    for corpus in ("ravdess", "emovo", "emodb", "urdu"):
        files = sorted(row["file"] for row in csv.DictReader(open(root / corpus / "manifest.csv", newline="")))
        for clip in range(CLIPS):
            # From the middle of each 25th: the costs of the pitch track were fitted to clips from its beginning.
            file = f"{corpus}/{files[int((clip + 0.5) * len(files) / CLIPS)]}"
            arrays[file] = parameters(smile, *soundfile.read(root / file, dtype="float32"))
    save_file(arrays, HERE / "corpora.safetensors")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes one second of synthetic speech in every format that is read, and what decoding it gives.

    python make_formats.py          # needs espeak-ng, sox, ffmpeg; numpy, soundfile, safetensors
"""
import pathlib
import subprocess
import tempfile

import numpy as np
import soundfile
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent


def run(*command):
    subprocess.run(command, check=True)


with tempfile.TemporaryDirectory() as folder:
    wav = pathlib.Path(folder) / "speech.wav"
    clean = pathlib.Path(folder) / "clean.wav"
    run("espeak-ng", "-w", str(wav), "Good day.")
    # 8 kHz keeps the files small; -D: no dither, so that every lossless file holds the same numbers.
    run("sox", "-D", str(wav), "-r", "8000", "-b", "16", str(clean), "gain", "-1")
    run("sox", "-D", str(clean), str(HERE / "speech.flac"))
    run("sox", "-D", str(clean), str(HERE / "speech.aiff"))
    for name, codec in [("speech.mp3", "libmp3lame"), ("speech.ogg", "libvorbis"), ("speech.opus", "libopus")]:
        run("ffmpeg", "-v", "error", "-y", "-i", str(clean), "-bitexact", "-c:a", codec, str(HERE / name))
    # A writer that cannot go back leaves the length open.
    with open(HERE / "streamed.flac", "wb") as out:
        subprocess.run(["ffmpeg", "-v", "error", "-i", str(clean), "-bitexact", "-f", "flac", "pipe:1"],
                       check=True, stdout=out)

arrays = {}
for name in ["speech.flac", "speech.mp3", "speech.ogg", "speech.opus"]:
    samples, rate = soundfile.read(HERE / name, dtype="float32")
    print(name, rate, samples.shape, (HERE / name).stat().st_size)
    arrays[name] = samples
save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, HERE / "decoded.safetensors")

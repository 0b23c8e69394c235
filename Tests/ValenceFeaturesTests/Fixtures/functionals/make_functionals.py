#!/usr/bin/env python3
"""Spectral descriptors and functionals by NumPy in double precision, of synthetic voices and of real speech: numbers only.

    python make_functionals.py SHARED/peers/functionals_reference.py VALENCE [SHARED/corpora]

The definitions are those of `functionals_reference.py`; VALENCE is the program, whose prosody and MFCC the reference
reads. Frames are rounded to single precision before functionals are made of them, so that equal frames are equal on
both sides. Needs numpy, soundfile, safetensors.
"""
import csv
import importlib.util
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import soundfile
from safetensors import safe_open
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
RATE = 16000
SPECTRAL = {
    "centroid": "spectral_centroid_log", "spread": "spectral_spread_log", "specskew": "spectral_skewness",
    "speckurt": "spectral_kurtosis_log", "rolloff25": "spectral_rolloff_25_log",
    "rolloff50": "spectral_rolloff_50_log", "rolloff75": "spectral_rolloff_75_log",
    "rolloff90": "spectral_rolloff_90_log", "flux": "spectral_flux_log", "fluxn": "spectral_flux_normalized",
    "entropy": "spectral_entropy", "slope500": "spectral_slope_0_500", "slope1500": "spectral_slope_500_1500",
    "slope": "spectral_slope_0_8000", "alpha": "alpha_ratio_db", "hammarberg": "hammarberg_index_db",
    "e250_650": "band_250_650_db", "e1k_4k": "band_1000_4000_db", "hnr": "harmonicity_db", "loud": "loudness_log",
    "sharp": "sharpness_log", "zcr": "zero_crossing_rate", "peakdb": "peak_level_db"}
STATISTICS = {
    "mean": "mean", "std": "std", "skew": "skewness", "kurt": "kurtosis", "p5": "p5", "p25": "p25", "p50": "p50",
    "p75": "p75", "p95": "p95", "iqr": "iqr", "range": "range", "argmax": "max_position", "argmin": "min_position",
    "slope": "slope", "slopes": "slope_per_s", "curv": "curvature", "mad": "change", "rise": "rising",
    "dstd": "delta_std", "dp5": "delta_p5", "dp95": "delta_p95", "dup": "delta_rising", "ddown": "delta_falling",
    "ddstd": "delta2_std", "vmean": "voiced_mean", "vstd": "voiced_std", "vp20": "voiced_p20", "vp50": "voiced_p50",
    "vp80": "voiced_p80", "vdstd": "voiced_delta_std", "vdmean": "voiced_delta_mean", "umean": "unvoiced_mean",
    "mod0.7": "mod_0.7_2hz", "mod2": "mod_2_4hz", "mod4": "mod_4_8hz", "mod8": "mod_8_16hz", "mod16": "mod_16_32hz"}
TIMING = {
    "dur": "duration_log", "vfrac": "voiced_share", "vseg": "voiced_segments_per_s", "vlen": "voiced_length_mean",
    "vlstd": "voiced_length_std", "vmax": "voiced_length_max", "ulen": "unvoiced_length_mean",
    "ulstd": "unvoiced_length_std", "peaks": "energy_peaks_per_s", "loudfrac": "loud_share",
    "jitter": "jitter_mean_log", "jitterm": "jitter_median_log", "shimmer": "shimmer_mean_db",
    "shimmerm": "shimmer_median_db"}
CLIPS = ["ravdess/03-01-05-02-01-01-01.flac", "ravdess/03-01-04-01-02-02-16.flac", "emovo/gio-f1-b1.flac",
         "emodb/03a01Wa.flac"]


def load(path):
    spec = importlib.util.spec_from_file_location("functionals_reference", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def name(theirs):
    """Valence's name for a functional of the reference; None for what Valence does not have."""
    group, contour, statistic = theirs.split("|")
    if group == "time":
        return TIMING.get(contour)
    if group == "mel64":
        return None
    contour = {"f0": "f0_semitones", "energy": "energy_db", "vprob": "voicing_probability",
               "mfcc": f"mfcc_{contour}", "spec": SPECTRAL.get(contour)}.get(group) or f"mel_{int(contour) + 1}"
    return f"{contour}_{STATISTICS[statistic]}"


def frames(valence, folder, trims):
    """Valence's mel, MFCC and prosody of each file of a folder with a manifest."""
    plan = f"""
name: frames
corpora: {{one: {{adapter: manifest, path: "{folder}/manifest.csv"}}}}
labels: native
audio: {{trim_db: {35 if trims else 'none'}, clip_s: 15}}
features: {{window_ms: 32, fusion: branches, prosody: true, mfcc: {{coefficients: 20}}}}
"""
    with tempfile.TemporaryDirectory() as made:
        made = pathlib.Path(made)
        (made / "frames.yaml").write_text(plan)
        subprocess.run([valence, "features", made / "frames.yaml", "--corpus", "one", "--out", made / "frames.safetensors"],
                       check=True, stdout=subprocess.DEVNULL)
        with safe_open(made / "frames.safetensors", "np") as store:
            return {key: store.get_tensor(key) for key in store.keys()}


def vector(reference, known, file, signal):
    spectra = reference.spectral(signal - signal.mean())
    clip = {"mel64": known[f"mel/{file}"], "mfcc": known[f"mfcc/{file}"], "pros": known[f"prosody/{file}"],
            "mel26": spectra["mel26"].astype("f4"), "spec": spectra["spec"].astype("f4"),
            "dur": 1, "tdur": len(signal) / RATE}
    assert len(spectra["spec"]) == len(clip["pros"])
    names, values = reference.clip_vector(clip, spectra["spec_names"])
    kept = [i for i, n in enumerate(names) if name(n)]
    return [name(names[i]) for i in kept], values[kept], [SPECTRAL[n] for n in spectra["spec_names"]], spectra["spec"]


def voice(seconds, low, high, snr_db, seed):
    """A voice with two formants whose F0 wanders; every third part is noise alone."""
    random = np.random.default_rng(seed)
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    f0 = np.exp(np.interp(time, np.linspace(0, seconds, 6), np.log(random.uniform(low, high, 6))))
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    signal = sum((1 / (1 + ((h * f0 - 500) / 100) ** 2) + 0.5 / (1 + ((h * f0 - 1500) / 150) ** 2) + 0.1 / h)
                 * np.sin(h * phase) * (h * f0 < 0.45 * RATE) for h in range(1, 30))
    signal *= np.convolve((time * 9 / seconds).astype(int) % 3 != 2, np.ones(RATE // 100) / (RATE // 100), "same")
    noise = random.standard_normal(count) * signal.std() * 10 ** (-snr_db / 20)
    return (0.05 * (signal + noise) + 0.001).astype(np.float32)


def main():
    reference = load(sys.argv[1])
    signals = {"low": voice(0.9, 60, 110, 30, 1), "middle": voice(1.3, 110, 250, 20, 2), "high": voice(0.7, 220, 460, 25, 3),
               "brief": voice(0.06, 150, 160, 30, 4),
               "noise": (0.01 * np.random.default_rng(5).standard_normal(8000)).astype(np.float32)}
    arrays, vectors = {}, []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        with open(folder / "manifest.csv", "w") as table:
            table.write("file,emotion,speaker\n")
            for clip, signal in signals.items():
                soundfile.write(folder / f"{clip}.wav", signal, RATE, subtype="FLOAT")
                table.write(f"{clip}.wav,any,one\n")
        known = frames(sys.argv[2], folder, trims=False)
    for clip, signal in signals.items():
        names, values, spectral_names, spectral = vector(reference, known, f"{clip}.wav", signal)
        arrays |= {f"{clip}.signal": signal, f"{clip}.spectral": spectral.astype("f4"),
                   f"{clip}.vector": values.astype("f4")}
    if len(sys.argv) > 3:
        arrays |= corpora(reference, sys.argv[2], pathlib.Path(sys.argv[3]))
    save_file(arrays, HERE / "functionals.safetensors",
              metadata={"vector": " ".join(names), "spectral": " ".join(spectral_names)})


def corpora(reference, valence, folder):
    """The vectors of four clips, and how much every number varies over the clips of four corpora."""
    arrays, all_vectors = {}, []
    for corpus in ["ravdess", "emovo", "emodb", "urdu"]:
        known = frames(valence, folder / corpus, trims=True)
        for row in csv.DictReader(open(folder / corpus / "manifest.csv", newline="")):
            file = row["file"]
            clip = f"{corpus}/{file}"
            if len(all_vectors) % 5 and clip not in CLIPS:
                all_vectors.append(None)
                continue
            signal, rate = soundfile.read(folder / clip, dtype="float32", always_2d=True)
            signal = reference.trim(signal.mean(1))[:15 * RATE]
            _, values, _, spectral = vector(reference, known, file, signal)
            all_vectors.append(values)
            if clip in CLIPS:
                arrays |= {f"{clip}.vector": values.astype("f4"), f"{clip}.spectral": spectral[::10].astype("f4")}
    scale = np.std([v for v in all_vectors if v is not None and np.isfinite(v).all()], axis=0)
    return arrays | {"scale": scale.astype("f4")}


if __name__ == "__main__":
    main()

"""The network's input for an audio file, made by librosa from the settings in a checkpoint's metadata."""
import librosa
import numpy as np
import soundfile


def waveform(path, start_s, end_s, audio):
    """A span of a file as mono at the checkpoint's rate, trimmed and cut; and whether it was resampled."""
    with soundfile.SoundFile(path) as file:
        first, last = round(start_s * file.samplerate), round(end_s * file.samplerate)
        file.seek(first)
        signal = file.read(last - first, dtype="float32", always_2d=True).mean(1)
        rate = file.samplerate
    if rate != audio["rate_hz"]:
        signal = librosa.resample(signal, orig_sr=rate, target_sr=audio["rate_hz"], res_type="soxr_hq")
    if audio.get("trim_db", "none") != "none":
        hop, margin = audio["rate_hz"] * 8 // 1000, round(0.05 * audio["rate_hz"])
        _, (first, last) = librosa.effects.trim(
            signal, top_db=audio["trim_db"], frame_length=4 * hop, hop_length=hop)
        signal = signal[max(0, first - margin):last + margin]
    kept = round(audio["clip_s"] * audio["rate_hz"])
    surplus = max(0, len(signal) - kept)
    first = {"start": 0, "center": surplus // 2, "end": surplus}[audio["crop"]]
    return signal[first:first + kept], rate != audio["rate_hz"]


def features(signal, settings):
    """Log-mel and MFCC with deltas, each (frames, bins), before normalization."""
    rate, options, mel = settings["audio"]["rate_hz"], settings["features"], settings["features"]["mel"]
    window, hop = (round(options[key] * rate / 1000) for key in ("window_ms", "hop_ms"))
    power = librosa.feature.melspectrogram(
        y=signal, sr=rate, n_fft=2 ** int(np.ceil(np.log2(window))), win_length=window, hop_length=hop,
        n_mels=mel["bands"], fmin=mel["low_hz"], fmax=mel["high_hz"], center=True, pad_mode="constant", power=2.0)
    bands = librosa.power_to_db(power, ref=1.0, amin=1e-10, top_db=None)
    result = {"mel": bands.T}
    if "mfcc" in options:
        cepstra = librosa.feature.mfcc(S=bands, n_mfcc=options["mfcc"]["coefficients"])
        orders = range(1, 1 + options["mfcc"]["deltas"])
        result["mfcc"] = np.vstack([cepstra] + [librosa.feature.delta(cepstra, order=order) for order in orders]).T
    return result


def statistics(clips):
    """(means, deviations) by feature over all frames of the clips, as for normalization by corpus or speaker."""
    result = {}
    for kind in clips[0]:
        frames = np.vstack([clip[kind] for clip in clips]).astype(np.float64)
        deviations = frames.std(0)
        result[kind] = frames.mean(0), np.where(deviations < 1e-3, 1, deviations)
    return result


def normalized(matrices, statistics):
    """Each feature brought to zero mean and unit variance; left as it is where there are no statistics of it."""
    def one(kind, matrix):
        if kind not in statistics:
            return matrix
        means, deviations = statistics[kind]
        return (matrix - means) / deviations

    return {kind: one(kind, matrix) for kind, matrix in matrices.items()}


def images(matrices, settings):
    """The network's inputs by branch, each (channels, frames, bins)."""
    fusion, bands = settings["features"]["fusion"], settings["features"]["mel"]["bands"]
    if fusion in ("mel", "mfcc"):
        return {"": matrices[fusion][None]}
    if fusion == "branches":
        return {f"{kind}.": matrices[kind][None] for kind in ("mel", "mfcc")}
    if fusion == "concat":
        return {"": np.hstack([matrices["mel"], matrices["mfcc"]])[None]}
    if fusion == "stack":
        planes = np.split(matrices["mfcc"], matrices["mfcc"].shape[1] // bands, axis=1)
        return {"": np.stack([matrices["mel"], *planes])}
    raise ValueError(f"fusion {fusion} is not known here")

#!/usr/bin/env python3
"""Checks that the programs for which Valence writes its files read them and agree with them; see README.md.

    python check_consumers.py Results/quickstart --plots Plots/quickstart
    python check_consumers.py Results/mine --audio calls=/data/calls --clips 20
"""
import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import audformat  # noqa: E402
import audmetric  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import safetensors  # noqa: E402
import soundfile  # noqa: E402
import torch  # noqa: E402
import yaml  # noqa: E402
from sklearn import metrics as sklearn_metrics  # noqa: E402

import librosa_features  # noqa: E402
from torch_network import Network  # noqa: E402

MEASURES = ["uar", "accuracy", "macro_f1", "weighted_f1"]
METRIC_TOLERANCE, PROBABILITY_TOLERANCE = 1e-9, 1e-4


class Findings:
    """What was seen, and what was not as it should be."""

    def __init__(self):
        self.faults = 0

    def check(self, right, what, otherwise=""):
        """Notes a fault unless `right`; says nothing else."""
        if not right:
            self.faults += 1
            print(f"FAULT  {what}{': ' if otherwise else ''}{otherwise}")
        return right

    def close(self, found, wanted, what, tolerance=METRIC_TOLERANCE):
        self.check(abs(found - wanted) <= tolerance, what, f"{found!r} for {wanted!r}")
        return abs(found - wanted)

    @staticmethod
    def seen(what):
        print(f"ok     {what}")


def text_dtypes(classes):
    """Names stay names: pandas would take the speakers 03 and 16 for numbers, the class "none" for no value."""
    return {"dtype": {"speaker": str, "truth": str, "prediction": str}, "keep_default_na": False,
            "na_values": {f"p_{name}": [""] for name in classes}}


def read_trials(folder):
    for listing in json.loads((folder / "trials.json").read_text()):
        trial = folder / "trials" / listing["key"]
        if (trial / "trial.json").exists():
            yield listing, trial, json.loads((trial / "trial.json").read_text())


def scores(table, labels):
    """The four measures by audmetric and scikit-learn, over the classes that `labels` names."""
    truth, prediction = list(table.truth), list(table.prediction)

    def f1(average):
        return sklearn_metrics.f1_score(truth, prediction, labels=labels, average=average, zero_division=0)

    recall = sklearn_metrics.recall_score(truth, prediction, labels=labels, average="macro", zero_division=0)
    # audmetric counts a prediction outside `labels` as an error of its own, so it is asked where there is none.
    if set(prediction) <= set(labels):
        uar = audmetric.unweighted_average_recall(truth, prediction, labels=labels)
        assert abs(uar - recall) < METRIC_TOLERANCE, "audmetric and scikit-learn differ"
    return {"uar": recall, "accuracy": sklearn_metrics.accuracy_score(truth, prediction),
            "macro_f1": f1("macro"), "weighted_f1": f1("weighted")}


def check_predictions(folder, findings):
    """audformat reads every table; returns the tables by (key, corpus)."""
    tables, worst, rows = {}, 0.0, 0
    for _, trial, record in read_trials(folder):
        classes = record["classes"]
        metrics = json.loads((trial / "metrics.json").read_text())
        for evaluation in record["evaluations"]:
            corpus = evaluation["corpus"]
            path = trial / "predictions" / f"{corpus}.csv"
            table = audformat.utils.read_csv(path, as_dataframe=True, **text_dtypes(classes))
            plain = pd.read_csv(path)
            findings.check(audformat.is_segmented_index(table.index), path, "no segmented index")
            findings.check(table.index.is_unique, path, "a segment stands twice")
            columns = ["speaker", "truth", "prediction"] + [f"p_{name}" for name in classes]
            findings.check(list(table.columns) == columns, path, f"columns {list(table.columns)}")
            ends = table.index.get_level_values("end").total_seconds()
            findings.check(np.allclose(ends, plain["end"], rtol=0, atol=1e-8), path, "end is not in seconds")
            findings.check(len(table) == evaluation["utterances"], path, "another number of rows than trial.json")
            probabilities = table[[f"p_{name}" for name in classes]].to_numpy()
            findings.check(np.allclose(probabilities.sum(1), 1, atol=1e-5), path, "probabilities do not sum to 1")
            best = [classes[index] for index in probabilities.argmax(1)]
            findings.check(best == list(table.prediction), path, "a prediction is not the most probable class")
            stated = metrics[corpus]
            present = [name for name in classes if name in set(table.truth)]
            findings.check(stated["labels"] == present, path, f"labels {stated['labels']} for {present}")
            for measure, value in scores(table, present).items():
                worst = max(worst, findings.close(stated[measure], value, f"{trial.name} {corpus} {measure}"))
            confusion = sklearn_metrics.confusion_matrix(table.truth, table.prediction, labels=classes)
            findings.check(confusion.tolist() == stated["confusion"], path, "another confusion matrix")
            tables[trial.name, corpus] = table
            rows += len(table)
    findings.seen(f"audformat reads {len(tables)} prediction tables, {rows} rows; audmetric and scikit-learn "
                  f"agree with metrics.json, worst difference {worst:.1e}")
    return tables


def check_results(folder, tables, findings):
    """results.csv is tidy, and says what the predictions say, fold by fold and pooled."""
    result = pd.read_csv(folder / "results.csv", dtype={"fold": str, "seed": str}, keep_default_na=False)
    keys = ["variant", "train", "test", "fold", "seed", "metric"]
    findings.check(list(result.columns[:7]) == keys + ["value"], "results.csv", f"columns {list(result.columns)}")
    findings.check(not result.duplicated(keys).any(), "results.csv", "a row stands twice")
    expected, pools = {}, {}
    for listing, trial, record in read_trials(folder):
        for evaluation in record["evaluations"]:
            table = tables[trial.name, evaluation["corpus"]]
            cell = listing["variant"], listing["train"], evaluation["corpus"]
            expected[*cell, listing["fold"], str(listing["seed"])] = table
            if listing["train"] == evaluation["corpus"]:
                pools.setdefault((*cell, "pooled", str(listing["seed"])), []).append(table)
    for key, parts in pools.items():
        expected[key] = pd.concat(parts)
        findings.check(expected[key].index.is_unique, f"results.csv {key}", "an utterance is in two test folds")
    worst = 0.0
    classes = next(read_trials(folder))[2]["classes"]
    values = result.set_index(keys)
    for key, table in expected.items():
        labels = [name for name in classes if name in set(table.truth)]
        for measure, value in scores(table, labels).items():
            if findings.check((*key, measure) in values.index, f"results.csv {key} {measure}", "no such row"):
                row = values.loc[(*key, measure)]
                worst = max(worst, findings.close(row.value, value, f"results.csv {key} {measure}"))
                findings.check(row.utterances == len(table), f"results.csv {key}", "another number of utterances")
                findings.check(row.labels == "|".join(labels), f"results.csv {key}", f"labels {row.labels}")
    findings.check(len(result) == len(expected) * len(MEASURES), "results.csv",
                   f"{len(result)} rows for {len(expected)} x {len(MEASURES)}")
    findings.seen(f"results.csv: {len(result)} rows, all of them recomputed ({len(pools)} pools of folds), "
                  f"worst difference {worst:.1e}")


def read_checkpoint(path):
    with safetensors.safe_open(path, framework="np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()


def corpus_folder(folder, corpus, options):
    if corpus in options.audio:
        return pathlib.Path(options.audio[corpus])
    plan = yaml.safe_load((folder / "experiment.yaml").read_text())
    path = pathlib.Path(os.path.expandvars(os.path.expanduser(plan["corpora"][corpus]["path"])))
    return path.parent if path.suffix == ".csv" else path


class CorpusFeatures:
    """librosa's features of every utterance of a corpus that any trial was tested on, one settings' at a time."""

    def __init__(self, tables, folder, options):
        self.folder, self.options, self.raw, self.settings = folder, options, {}, None
        self.tables = {}
        for (_, corpus), table in tables.items():
            self.tables.setdefault(corpus, []).append(table[["speaker"]])
        self.tables = {corpus: pd.concat(parts) for corpus, parts in self.tables.items()}
        self.tables = {corpus: table[~table.index.duplicated()] for corpus, table in self.tables.items()}
        counts = {each["name"]: sum(each["counts"]) for each in json.loads((folder / "corpora.json").read_text())}
        self.is_whole = {corpus: len(table) == counts[corpus] for corpus, table in self.tables.items()}

    def of(self, corpus, segment, settings):
        """The features of one utterance before normalization, and whether it was resampled."""
        wanted = settings["audio"], {key: value for key, value in settings["features"].items()
                                     if key not in ("normalization", "fusion")}
        if self.settings != wanted:
            self.settings, self.raw = wanted, {}
        if (corpus, segment) not in self.raw:
            file, start, end = segment
            signal, is_resampled = librosa_features.waveform(
                corpus_folder(self.folder, corpus, self.options) / file, start.total_seconds(), end.total_seconds(),
                settings["audio"])
            self.raw[corpus, segment] = librosa_features.features(signal, settings), is_resampled
        return self.raw[corpus, segment]

    def statistics(self, corpus, arrays, settings):
        """Statistics to normalize by, for each speaker; None where they cannot be had."""
        table, kind = self.tables[corpus], settings["features"]["normalization"]
        if kind in ("none", "train"):
            stored = {name.split(".")[1] for name in arrays if name.startswith("normalization.")}
            common = {feature: tuple(arrays[f"normalization.{feature}.{part}"] for part in ("means", "deviations"))
                      for feature in stored}
            return {speaker: common for speaker in table.speaker.unique()}
        if not self.is_whole[corpus]:
            return None
        groups = table.groupby(table.speaker if kind == "speaker" else lambda _: "").groups
        by_group = {name: librosa_features.statistics([self.of(corpus, segment, settings)[0] for segment in segments])
                    for name, segments in groups.items()}
        return {speaker: by_group.get(speaker, by_group.get("")) for speaker in table.speaker.unique()}


def check_checkpoint(trial, record, findings):
    """The weights file as PyTorch's users expect it; returns its arrays and settings."""
    arrays, metadata = read_checkpoint(trial / "model.safetensors")
    findings.check(metadata["valence.classes"].split("\n") == record["classes"], trial.name, "other classes")
    findings.check(metadata.get("format") == "pt", trial.name, "metadata lacks format=pt")
    findings.check(all(array.dtype == np.float32 for array in arrays.values()), trial.name, "not all float32")
    count = sum(array.size for name, array in arrays.items()
                if not name.startswith("normalization.") and "running_" not in name)
    findings.check(count == record["parameters"], trial.name, f"{count} parameters for {record['parameters']}")
    return arrays, yaml.safe_load(metadata["valence.settings"])


def check_networks(folder, tables, options, findings):
    """Audio file -> librosa -> PyTorch gives the probabilities that the table has."""
    worst, clips, flipped, left = {}, 0, 0, set()
    features = CorpusFeatures(tables, folder, options)
    for _, trial, record in read_trials(folder):
        arrays, settings = check_checkpoint(trial, record, findings)
        network = Network(settings, arrays)
        for corpus in (evaluation["corpus"] for evaluation in record["evaluations"]):
            table = tables[trial.name, corpus]
            absent = [file for file in table.index.get_level_values("file").unique()
                      if not (corpus_folder(folder, corpus, options) / file).is_file()]
            if not findings.check(not absent, f"{trial.name} {corpus}", f"there is no file {absent[:1]} to open"):
                continue
            statistics = features.statistics(corpus, arrays, settings)
            if statistics is None:
                left.add(f"normalization of {corpus} by unlabeled speech: not every utterance has a prediction")
                continue
            some = table if options.clips is None else table.sample(min(options.clips, len(table)), random_state=0)
            for segment, row in some.iterrows():
                matrices, is_resampled = features.of(corpus, segment, settings)
                matrices = librosa_features.normalized(matrices, statistics[row.speaker])
                answer = network(librosa_features.images(matrices, settings))
                stated = row[[f"p_{name}" for name in record["classes"]]].to_numpy(float)
                how = "resampled" if is_resampled else "not resampled"
                difference = float(abs(answer - stated).max())
                worst[how] = max(worst.get(how, (0.0, "")), (difference, f"{trial.name} {segment[0]}"))
                flipped += int(answer.argmax() != stated.argmax())
                clips += 1
    findings.check(clips, "networks", "nothing was compared")
    for how, (difference, place) in worst.items():
        findings.check(difference <= PROBABILITY_TOLERANCE, f"network, {how}: {place}", f"{difference:.1e}")
        findings.seen(f"audio -> librosa -> PyTorch, {how}: worst difference {difference:.1e} ({place})")
    findings.seen(f"networks compared on {clips} predictions; another class is most probable in {flipped}")
    for reason in sorted(left):
        print(f"left   {reason}")


def check_features(path, options, findings):
    """The file of `valence features` as safetensors reads it; the numbers are librosa's where no edges are trimmed."""
    arrays, notes = read_checkpoint(path)
    utterances = [each["id"] for each in json.loads(notes["utterances"])]
    kinds = sorted({name.split("/", 1)[0] for name in arrays})
    settings = {
        "audio": {"rate_hz": int(notes["rate_hz"]), "clip_s": float(notes["clip_s"]), "crop": notes["crop"]},
        "features": {
            "window_ms": float(notes["window_ms"]), "hop_ms": float(notes["hop_ms"]),
            "mel": {"bands": int(notes["mel.bands"]), "low_hz": float(notes["mel.low_hz"]),
                    "high_hz": float(notes["mel.high_hz"])}}}
    if "mfcc" in kinds:
        settings["features"]["mfcc"] = {key: int(notes[f"mfcc.{key}"]) for key in ("coefficients", "deltas")}
    folder, worst, clips = options.audio.get(notes["corpus"]), 0.0, 0
    for utterance in utterances:
        found = {kind: arrays[f"{kind}/{utterance}"] for kind in kinds if f"{kind}/{utterance}" in arrays}
        for kind, array in found.items():
            columns = len(notes[f"{kind}.names"].split())
            findings.check(array.dtype == np.float32 and array.ndim == 2 and array.shape[1] == columns,
                           f"{path.name} {kind}/{utterance}", f"{array.dtype} {array.shape} for {columns} bins")
        findings.check(len({len(array) for array in found.values()}) <= 1, utterance, "different numbers of frames")
        if found and folder and notes["trim_db"] == "none" and "#" not in utterance and clips < (options.clips or 1e9):
            file = pathlib.Path(folder) / utterance
            length = soundfile.info(file).duration
            signal, is_resampled = librosa_features.waveform(file, 0, length, settings["audio"])
            wanted = librosa_features.features(signal, settings)
            difference = max(float(abs(found[kind] - wanted[kind]).max()) for kind in found if kind in wanted)
            worst, clips = max(worst, difference), clips + 1
            findings.check(difference <= (0.5 if is_resampled else 1e-2), utterance, f"{difference:.1e} dB from librosa")
    findings.check(len(arrays) <= len(kinds) * len(utterances), path.name, "arrays of no utterance")
    findings.seen(f"{len(arrays)} arrays of features; {clips} clips differ from librosa by at most {worst:.1e} dB")


def dimensions(path):
    """The size of a drawing, as its own file says it."""
    data = path.read_bytes()
    if path.suffix == ".png":
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if path.suffix == ".svg":
        return re.search(rb"<svg[^>]*?width=\"([^\"]+)\"[^>]*?height=\"([^\"]+)\"", data, re.S).groups()
    return re.search(rb"/MediaBox\s*\[([^\]]+)\]", data).group(1).split()


def check_plots(folder, findings):
    """gnuplot alone redraws every kept script in a copy of the folder."""
    scripts, drawings, same = sorted(folder.glob("*.gp")), 0, 0
    with tempfile.TemporaryDirectory() as temporary:
        for script in scripts:
            copy = pathlib.Path(temporary) / script.stem
            copy.mkdir()
            for suffix in (".gp", ".dat"):
                shutil.copy(script.with_suffix(suffix), copy)
            done = subprocess.run(["gnuplot", script.name], cwd=copy, capture_output=True, text=True)
            findings.check(done.returncode == 0, script, f"gnuplot ends with {done.returncode}")
            findings.check(not done.stderr + done.stdout, script, f"gnuplot says {done.stderr + done.stdout!r}")
            for kept in (script.with_suffix(suffix) for suffix in (".pdf", ".svg", ".png")):
                drawn = copy / kept.name
                if not kept.exists():
                    findings.check(not drawn.exists(), kept, "drawn, but not kept")
                elif findings.check(drawn.exists(), kept, "not drawn again"):
                    sizes = dimensions(drawn), dimensions(kept)
                    findings.check(sizes[0] == sizes[1], kept, f"size {sizes[0]} for {sizes[1]}")
                    drawings += 1
                    same += int(drawn.read_bytes() == kept.read_bytes())
    findings.check(scripts, folder, "no gnuplot script")
    findings.seen(f"gnuplot redraws {len(scripts)} scripts, {drawings} drawings of the same size, {same} of the same "
                  "bytes (a PDF names the second of its making)")


def check_texts(folder, findings):
    """PyYAML reads the plan, every JSON file parses, every CSV file is a rectangle."""
    plan = yaml.safe_load((folder / "experiment.yaml").read_text())
    findings.check(plan["name"] == folder.name, "experiment.yaml", f"name {plan['name']}")

    def check_numbers(value, key):
        if isinstance(value, dict):
            for part, inner in value.items():
                check_numbers(inner, f"{key}.{part}")
        # YAML 1.1 takes 1e-05 for text, as it has no point.
        findings.check(not (isinstance(value, str) and re.fullmatch(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?", value)),
                       f"experiment.yaml{key}", f"PyYAML reads the number {value!r} as text")

    check_numbers(plan, "")
    for _, trial, record in read_trials(folder):
        check_numbers(yaml.safe_load(record["settings"]), f" settings of {trial.name} ")
    jsons, tables = sorted(folder.rglob("*.json")), sorted(folder.rglob("*.csv"))
    for path in jsons:
        json.loads(path.read_text(), parse_constant=lambda word, path=path: findings.check(False, path, word))
    for path in tables:
        with path.open(newline="", encoding="utf-8") as file:
            widths = {len(row) for row in csv.reader(file, strict=True)}
        findings.check(len(widths) == 1, path, f"rows of {widths} columns")
    findings.seen(f"PyYAML reads experiment.yaml; {len(jsons)} JSON and {len(tables)} CSV files parse")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=pathlib.Path, help="the folder of a finished experiment")
    parser.add_argument("--plots", type=pathlib.Path, help="its folder of figures; default: none are checked")
    parser.add_argument("--audio", action="append", default=[], metavar="CORPUS=FOLDER",
                        help="where a corpus's audio lies, if not where experiment.yaml says")
    parser.add_argument("--clips", type=int, help="clips of each table to send through PyTorch; default: all")
    parser.add_argument("--features", type=pathlib.Path, help="a file that valence features wrote of a corpus")
    options = parser.parse_args()
    options.audio = dict(pair.split("=", 1) for pair in options.audio)
    torch.set_num_threads(1)
    findings = Findings()
    check_texts(options.results, findings)
    tables = check_predictions(options.results, findings)
    check_results(options.results, tables, findings)
    if options.plots:
        check_plots(options.plots, findings)
    if options.features:
        check_features(options.features, options, findings)
    check_networks(options.results, tables, options, findings)
    print(f"{findings.faults} faults" if findings.faults else "All consumers agree.")
    return 1 if findings.faults else 0


if __name__ == "__main__":
    sys.exit(main())

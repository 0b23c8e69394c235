#!/usr/bin/env python3
"""Scores by scikit-learn and audmetric for seeded random predictions, written beside this script as scores.json.

    pip install scikit-learn numpy audmetric
    python make_scores.py
"""
import json
import pathlib
import warnings

import audmetric
import numpy as np
import sklearn
from sklearn import metrics

warnings.filterwarnings("ignore")


def case(name, classes, truth, prediction):
    labels = list(range(classes))
    present = sorted(set(truth))
    macro = dict(labels=present, average="macro", zero_division=0)
    recall, precision, f1 = (
        [float(v) for v in score(truth, prediction, labels=labels, average=None, zero_division=0)]
        for score in (metrics.recall_score, metrics.precision_score, metrics.f1_score))
    return {
        "name": name, "classes": classes, "truth": truth, "prediction": prediction,
        "confusion": metrics.confusion_matrix(truth, prediction, labels=labels).ravel().tolist(),
        "uar": float(metrics.recall_score(truth, prediction, **macro)),
        "audmetric_uar": (float(audmetric.unweighted_average_recall(truth, prediction, labels=labels))
                          if present == labels else None),
        "accuracy": float(metrics.accuracy_score(truth, prediction)),
        "macro_f1": float(metrics.f1_score(truth, prediction, **macro)),
        "weighted_f1": float(metrics.f1_score(truth, prediction, labels=labels, average="weighted", zero_division=0)),
        "recall": recall, "precision": precision, "f1": f1,
    }


def main():
    random = np.random.default_rng(20260101)
    cases = []
    for index in range(40):
        classes = int(random.integers(2, 9))
        count = int(random.integers(classes, 120))
        truth = np.concatenate([np.arange(classes), random.integers(0, classes, count)])
        prediction = np.where(random.random(len(truth)) < random.random(), truth, random.integers(0, classes, len(truth)))
        cases.append(case(f"random {index}", classes, truth.tolist(), prediction.tolist()))
    cases.append(case("a class that is never predicted", 3, [0, 0, 1, 1, 2], [0, 1, 1, 0, 0]))
    cases.append(case("a class that is predicted but absent from the truth", 3, [0, 0, 1, 1, 1], [0, 2, 1, 2, 0]))
    cases.append(case("a class in neither", 4, [0, 0, 1, 2, 2], [0, 2, 1, 2, 0]))
    cases.append(case("a single class in the truth", 3, [1, 1, 1, 1], [1, 0, 1, 2]))
    cases.append(case("nothing right", 2, [0, 0, 1], [1, 1, 0]))
    random.random(1000)  # was another sample; drawn still, so that the next one stays what it was
    sample = random.random(7)
    spread = {"values": sample.tolist(), "mean": float(np.mean(sample)), "deviation": float(np.std(sample, ddof=1)),
              "population_deviation": float(np.std(sample))}
    versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "audmetric": audmetric.__version__}
    path = pathlib.Path(__file__).with_name("scores.json")
    path.write_text(json.dumps({"versions": versions, "cases": cases, "spread": spread}))
    print(versions, path.stat().st_size)


main()

#!/usr/bin/env python3
"""What scikit-learn and Debian's liblinear-train make of small matrices: truth for ValenceClassicTests.

    apt-get install liblinear-tools; pip install numpy scikit-learn safetensors
    python make_peers.py

Writes clips.safetensors (vectors and targets, exact in float32) and peers.json: for each matrix, kind,
penalty and choice of class weights the decision values of the test vectors.
"""
import json
import pathlib
import subprocess
import tempfile

import numpy as np
from safetensors.numpy import save_file
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import LinearSVC

HERE = pathlib.Path(__file__).parent
# Clips of each class and numbers of a vector: fewer clips than numbers, more, and two classes. Balanced class
# weights of these counts are exact in float32: Debian's liblinear-train reads weights and C in it.
MATRICES = {"wide": ([20, 12, 8, 5], 80), "tall": ([40, 30, 20], 10), "two": ([32, 8], 30)}
PENALTIES = [0.01, 0.3, 10.0]
SHRINKAGES = [0.1, 0.5, 1.0]
TOLERANCE = 1e-10


def clips(counts, numbers, seed):
    random = np.random.default_rng(seed)
    centers = 0.7 * random.normal(size=(len(counts), numbers))
    y = np.repeat(np.arange(len(counts)), counts)
    y = y[random.permutation(len(y))]
    x = centers[y] + random.normal(size=(len(y), numbers)) * np.linspace(0.5, 1.5, numbers)
    test = random.normal(size=(24, numbers)) + centers[random.integers(len(counts), size=24)]
    return x.astype("float32"), y, test.astype("float32")


def columns(scores):
    """Of two classes peers give the second's score alone."""
    return np.stack([-scores, scores], 1) if scores.ndim == 1 else scores


def class_weights(y, balanced):
    counts = np.bincount(y)
    return len(y) / (len(counts) * counts) if balanced else np.ones(len(counts))


def ridge(x, y, test, penalty, balanced):
    alpha = penalty * (x**2).sum(1).mean()
    model = RidgeClassifier(alpha, class_weight="balanced" if balanced else None, solver="cholesky")
    return columns(model.fit(x, y).decision_function(test))


def kernel_ridge(x, y, test, penalty, balanced, groups=None):
    groups = groups or [slice(0, x.shape[1])]
    kernel = lambda a, b: np.mean([rbf_kernel(a[:, g], b[:, g], 0.5 / a[:, g].shape[1]) for g in groups], 0)
    own = kernel(x, x)
    t = np.trace(own) / len(own)
    signs = np.where(y[:, None] == np.arange(y.max() + 1), 1.0, -1.0)
    model = KernelRidge(alpha=penalty * t, kernel="precomputed")
    model.fit(own + t, signs, sample_weight=class_weights(y, balanced)[y])
    return model.predict(kernel(test, x) + t)


def lda(x, y, test, shrinkage, balanced):
    priors = np.full(y.max() + 1, 1 / (y.max() + 1)) if balanced else None
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage, priors=priors).fit(x, y)
    return columns(model.decision_function(test))


def svm(x, y, test, penalty, balanced):
    c = 1 / (penalty * (x**2).sum(1).mean())
    weights = "balanced" if balanced else None
    model = LinearSVC(C=c, dual=False, tol=TOLERANCE, max_iter=10000, class_weight=weights)
    return columns(model.fit(x, y).decision_function(test))


def logistic(x, y, test, penalty, balanced):
    c = 1 / (penalty * (x**2).sum(1).mean())
    weights = class_weights(y, balanced)
    scores = []
    for label, weight in enumerate(weights):
        # With two classes liblinear weighs both sides, else the one that is told from the rest.
        rest = weights[1 - label] if len(weights) == 2 else 1.0
        model = LogisticRegression(
            C=c, solver="liblinear", tol=TOLERANCE, max_iter=10000, class_weight={1: weight, 0: rest})
        scores.append(model.fit(x, (y == label).astype(int)).decision_function(test))
    return np.stack(scores, 1)


def liblinear(x, y, test, penalty, balanced, solver):
    """By the program: the offset as a column of ones. The penalty is one whose C single precision holds."""
    c = 1 / (penalty * (x**2).sum(1).mean())
    with tempfile.TemporaryDirectory() as folder:
        data, model = f"{folder}/data", f"{folder}/model"
        with open(data, "w") as file:
            for row, label in zip(x, y):
                file.write(f"{label} " + " ".join(f"{i + 1}:{float(v)!r}" for i, v in enumerate(row)) + "\n")
        weights = [
            part for i, w in enumerate(class_weights(y, balanced)) for part in (f"-w{i}", repr(float(w)))]
        subprocess.run(
            ["liblinear-train", "-q", "-s", str(solver), "-c", repr(float(c)), "-e", repr(TOLERANCE),
             "-B", "1", *weights, data, model], check=True)
        lines = open(model).read().split("\n")
    labels = next(line for line in lines if line.startswith("label")).split()[1:]
    w = np.array([[float(v) for v in line.split()] for line in lines[lines.index("w") + 1:] if line.strip()])
    scores = np.c_[test.astype("float64"), np.ones(len(test))] @ w
    if len(labels) == 2:
        scores = np.c_[scores, -scores]
    return scores[:, np.argsort([int(label) for label in labels])]


def main():
    arrays, cases = {}, []
    for seed, (name, (counts, numbers)) in enumerate(MATRICES.items()):
        x, y, test = clips(counts, numbers, seed)
        arrays |= {f"{name}.x": x, f"{name}.y": y.astype("float32"), f"{name}.test": test}
        x, test = x.astype("float64"), test.astype("float64")
        halves = [slice(0, numbers // 3), slice(numbers // 3, numbers)]
        kinds = {
            ("ridge", "sklearn"): (ridge, PENALTIES), ("kernel_ridge", "sklearn"): (kernel_ridge, PENALTIES),
            ("kernel_ridge", "sklearn, groups"): (lambda *a: kernel_ridge(*a, halves), PENALTIES),
            ("lda", "sklearn"): (lda, SHRINKAGES), ("svm", "sklearn"): (svm, PENALTIES),
            ("logistic", "sklearn"): (logistic, PENALTIES),
            ("svm", "liblinear"): (lambda *a: liblinear(*a, 2), PENALTIES),
            ("logistic", "liblinear"): (lambda *a: liblinear(*a, 0), PENALTIES),
        }
        for (kind, peer), (fit, strengths) in kinds.items():
            for strength in strengths:
                if peer == "liblinear":
                    length = (x**2).sum(1).mean()
                    strength = 1 / (float(np.float32(1 / (strength * length))) * length)
                for balanced in (True, False):
                    scores = fit(x, y, test, strength, balanced)
                    cases.append({"matrix": name, "kind": kind, "peer": peer, "strength": strength,
                                  "balanced": balanced, "scores": scores.ravel().tolist()})
    save_file(arrays, HERE / "clips.safetensors")
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "peers.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""What scikit-learn makes of clips that count differently: truth for ClipWeightTests.

    pip install numpy scikit-learn safetensors
    python make_weights.py

Reads clips.safetensors of make_peers.py; writes weights.json: for each matrix, kind, penalty and choice of
class weights the decision values of the test vectors, where clip i counts 1 + (i mod 3).
"""
import json
import pathlib

import numpy as np
from safetensors.numpy import load_file
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import rbf_kernel

HERE = pathlib.Path(__file__).parent


def clip_weights(y, balanced):
    """With a mean of 1; where classes are balanced, each has the same sum."""
    own = 1.0 + np.arange(len(y)) % 3
    if balanced:
        own = own / np.bincount(y, own)[y]
    return own * len(y) / own.sum()


def ridge(x, signs, test, penalty, weights):
    model = Ridge(penalty * (x**2).sum(1).mean(), solver="cholesky").fit(x, signs, sample_weight=weights)
    return model.predict(test)


def kernel_ridge(x, signs, test, penalty, weights):
    kernel = lambda a, b: rbf_kernel(a, b, 0.5 / a.shape[1])
    own = kernel(x, x)
    t = np.trace(own) / len(own)
    model = KernelRidge(alpha=penalty * t, kernel="precomputed").fit(own + t, signs, sample_weight=weights)
    return model.predict(kernel(test, x) + t)


def main():
    arrays, cases = load_file(HERE / "clips.safetensors"), []
    for name in ["wide", "tall", "two"]:
        x, test = (arrays[f"{name}.{part}"].astype("float64") for part in ["x", "test"])
        y = arrays[f"{name}.y"].astype(int)
        signs = np.where(y[:, None] == np.arange(y.max() + 1), 1.0, -1.0)
        for kind, fit in {"ridge": ridge, "kernel_ridge": kernel_ridge}.items():
            for strength in [0.01, 0.3, 10.0]:
                for balanced in (True, False):
                    scores = fit(x, signs, test, strength, clip_weights(y, balanced))
                    cases.append({"matrix": name, "kind": kind, "peer": "sklearn", "strength": strength,
                                  "balanced": balanced, "scores": scores.ravel().tolist()})
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "weights.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""What ValenceEvaluation/Inference works out, by NumPy, SciPy and scikit-learn, for seeded random predictions.

    pip install numpy scipy scikit-learn
    python make_inference.py

Writes student_t.json, cells.json and levels.json beside this script. The formulas are those of the documentation
comments, written a second time: confusion counts per speaker, each speaker left out by taking his rows away.
"""
import json
import pathlib
import warnings

import numpy as np
from scipy import stats
from sklearn import metrics

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent
MEASURES = ["uar", "accuracy", "macro_f1", "weighted_f1"]


def measure(name, truth, said):
    present = sorted(set(truth.tolist()))
    if name == "uar":
        return metrics.recall_score(truth, said, labels=present, average="macro", zero_division=0)
    if name == "accuracy":
        return metrics.accuracy_score(truth, said)
    average = "macro" if name == "macro_f1" else "weighted"
    return metrics.f1_score(truth, said, labels=present, average=average, zero_division=0)


def system(name, truth, speaker, seeds):
    """seeds: a list of lists of predictions. Scores, pseudo-values [seed, speaker], effective number, least change."""
    names = sorted(set(speaker.tolist()))
    count = len(names)
    whole = np.array([np.mean([measure(name, truth, said) for said in networks]) for networks in seeds])
    left = np.array([
        [np.mean([measure(name, truth[speaker != one], said[speaker != one]) for said in networks]) for one in names]
        for networks in seeds])
    pseudo = count * whole[:, None] - (count - 1) * left
    support = np.bincount(truth)
    present = support > 0
    by_class = name in ("uar", "macro_f1")
    weight = np.array([
        np.sum(1 / support[truth[speaker == one]]) / present.sum() if by_class else np.mean(speaker == one)
        for one in names])
    step = 1 / (present.sum() * support.max()) if by_class else 1 / len(truth)
    return whole, pseudo, 1 / np.sum(weight ** 2), step


def components(sides, with_seeds):
    """The variance from speakers, from seeds, and the degrees of freedom."""
    signs = [1, -1]
    d = sum(sign * side[1].mean(0) for sign, side in zip(signs, sides))
    count = len(d)
    seeds = [len(side[0]) for side in sides]
    speakers = max(np.var(d, ddof=1) / count, (sides[0][3] / min(seeds)) ** 2)
    nu1 = max(1, min(side[2] for side in sides) - 1)
    if not with_seeds:
        return speakers, 0.0, nu1
    nu2 = sum(seeds) - len(seeds)
    shares = sum(1 / r for r in seeds)
    between = sum(np.sum((side[0] - side[0].mean()) ** 2) for side in sides) / nu2 * shares
    rest = 0.0
    for _, pseudo, _, _ in sides:
        e = pseudo - pseudo.mean(0) - pseudo.mean(1, keepdims=True) + pseudo.mean()
        rest += np.sum(e ** 2)
    rest = rest / (nu2 * (count - 1)) * shares / count
    excess = max(0.0, between - rest)
    nu = (speakers + excess) ** 2 / (speakers ** 2 / nu1 + excess * (excess + 4 * rest / nu2) / nu2)
    return speakers, excess, nu


def interval(side):
    speakers, seeds, nu = components([side], len(side[0]) > 1)
    mean, step = side[0].mean(), side[3]
    c = (mean / step + 0.5) / (1 / step + 1)
    reach = stats.t.ppf(0.975, nu) * np.sqrt(speakers + seeds) / (c * (1 - c))
    logit = np.log(c / (1 - c))
    rounding = step / (4 * len(side[0]))
    low = 0.0 if mean <= rounding else 1 / (1 + np.exp(-(logit - reach)))
    high = 1.0 if mean >= 1 - rounding else 1 / (1 + np.exp(-(logit + reach)))
    return [float(low), float(high)]


def difference(first, second):
    speakers, seeds, nu = components([first, second], True)
    value = first[0].mean() - second[0].mean()
    error = np.sqrt(speakers + seeds)
    reach = stats.t.ppf(0.975, nu) * error
    return {"difference": float(value), "low": float(max(-1, value - reach)), "high": float(min(1, value + reach)),
            "p": float(2 * stats.t.sf(abs(value / error), nu)), "degrees": float(nu)}


def predictions(random, truth, speaker, skill, classes):
    own = skill + 0.25 * (random.random(speaker.max() + 1) - 0.5)
    return np.where(random.random(len(truth)) < own[speaker], truth, random.integers(0, classes, len(truth)))


def cells():
    random = np.random.default_rng(20260201)
    cases = []
    for index in range(12):
        classes, speakers = int(random.integers(2, 6)), int(random.integers(4, 9))
        each = random.integers(2, 14, speakers) if index % 2 else np.full(speakers, 9)
        speaker = np.repeat(np.arange(speakers), each)
        speaker = np.concatenate([speaker, np.repeat(np.arange(speakers), classes)])
        truth = np.concatenate([random.integers(0, classes, each.sum()), np.tile(np.arange(classes), speakers)])
        skill = random.uniform(0.3, 0.95)
        networks = int(random.integers(1, 3))
        sides = [[[predictions(random, truth, speaker, skill, classes) for _ in range(networks)]
                  for _ in range(int(random.integers(1 if index % 3 == 0 else 2, 5)))] for _ in range(2)]
        if index == 10:  # seeds that say the same, and everything right
            sides[0] = [[truth.copy()] for _ in range(3)]
            sides[1] = [[predictions(random, truth, speaker, skill, classes)] for _ in range(3)]
            sides[1] = [sides[1][0]] * 3
            networks = 1
        case = {"classes": classes, "truth": truth.tolist(), "speaker": speaker.tolist(),
                "sides": [[[said.tolist() for said in networks] for networks in seeds] for seeds in sides],
                "measures": {}}
        for name in MEASURES:
            first, second = (system(name, truth, speaker, seeds) for seeds in sides)
            case["measures"][name] = {
                "scores": [first[0].tolist(), second[0].tolist()],
                "effective": [float(first[2]), float(second[2])],
                "intervals": [interval(first), interval(second)],
                "difference": difference(first, second) if min(len(s) for s in sides) > 1 else None}
        cases.append(case)
    return cases


def levels():
    """Means of scikit-learn's measures over drawn labels, and the measures of one label for all."""
    random = np.random.default_rng(20260202)
    cases = []
    for support in ([40, 40, 40], [80, 10, 10], [3, 1], [0, 7, 2, 1], [251, 80, 69, 56, 42, 14, 10], [5]):
        truth = np.repeat(np.arange(len(support)), support)
        shares = np.array(support) / len(truth)
        draws = 4000
        drawn = {name: [] for name in MEASURES}
        for _ in range(draws):
            said = random.choice(len(support), len(truth), p=shares)
            for name in MEASURES:
                drawn[name].append(measure(name, truth, said))
        guesses = [{name: float(measure(name, truth, np.full(len(truth), guess))) for name in MEASURES}
                   for guess in range(len(support))]
        cases.append({"support": support, "guesses": guesses,
                      "means": {name: float(np.mean(values)) for name, values in drawn.items()},
                      "errors": {name: float(np.std(values) / np.sqrt(draws)) for name, values in drawn.items()}})
    return cases


def student():
    cases = []
    for degrees in (0.7, 1, 1.37, 2, 2.5, 3, 4.81, 7, 11, 15.2, 30, 99, 1234.5, 1e6):
        for t in (0, 1e-9, 0.1, 0.5, 1, 1.96, 2.7, 5, 12, 60, 1e4):
            cases.append({"degrees": degrees, "t": t, "p": float(2 * stats.t.sf(t, degrees))})
    quantiles = [{"degrees": degrees, "level": level, "t": float(stats.t.ppf((1 + level) / 2, degrees))}
                 for degrees in (0.7, 1, 1.37, 2, 3, 4.81, 11, 30, 1234.5) for level in (0, 0.5, 0.9, 0.95, 0.99, 0.9999)]
    return {"probabilities": cases, "quantiles": quantiles}


def main():
    for name, value in (("student_t", student()), ("cells", cells()), ("levels", levels())):
        (HERE / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


main()

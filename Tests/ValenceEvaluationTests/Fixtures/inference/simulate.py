#!/usr/bin/env python3
"""How often the intervals and tests of ValenceEvaluation/Inference are right, by simulation; prints README's tables.

    pip install numpy scipy
    python simulate.py [simulations of each setting; 10000]

Each utterance is answered right with a probability that a speaker, a speaker × system and a seed effect make up;
UAR over four classes, of counts. The formulas are those of make_inference.py, over many simulations at once.
`mixed` is the statistic of a mixed model with random speakers and seeds (REML of the balanced layout, in closed form:
the seeds' mean square, or the pooled one where that is larger), which statsmodels' MixedLM gives too (`--check` compares).
Its critical value is set so that it rejects 5 % of equals.
"""
import sys

import numpy as np
from scipy import stats

CLASSES = 4
# Utterances of MELD's test speakers: the first six are the main characters.
MELD = [411, 379, 373, 356, 346, 291, 31, 16, 16, 13, 12, 12, 11, 10, 10, 9, 9, 9, 9, 9]
random = np.random.default_rng(20260301)


def jackknife(right, support):
    """right [..., speakers, classes], support [speakers, classes]: UAR, pseudo-values, effective number, least change."""
    total = support.sum(0)
    count = len(support)
    whole = (right.sum(-2) / total).mean(-1)
    left = ((right.sum(-2, keepdims=True) - right) / (total - support)).mean(-1)
    pseudo = count * whole[..., None] - (count - 1) * left
    weight = (support / total).mean(-1)
    return whole, pseudo, 1 / np.sum(weight ** 2), 1 / (CLASSES * total.max())


def components(sides, effective, step):
    """sides: (scores [n, seeds], pseudo-values [n, seeds, speakers]) of one or two systems."""
    d = sides[0][1].mean(1) - (sides[1][1].mean(1) if len(sides) > 1 else 0)
    count = d.shape[1]
    seeds = [side[0].shape[1] for side in sides]
    speakers = np.maximum(d.var(1, ddof=1) / count, (step / min(seeds)) ** 2)
    nu1 = max(1, effective - 1)
    if min(seeds) < 2:
        return speakers, 0 * speakers, 0 * speakers, nu1, 1
    nu2 = sum(seeds) - len(seeds)
    shares = sum(1 / r for r in seeds)
    between = sum(((s - s.mean(1, keepdims=True)) ** 2).sum(1) for s, _ in sides) / nu2 * shares
    rest = 0
    for _, p in sides:
        e = p - p.mean(1, keepdims=True) - p.mean(2, keepdims=True) + p.mean((1, 2), keepdims=True)
        rest = rest + (e ** 2).sum((1, 2))
    return speakers, between, rest / (nu2 * (count - 1)) * shares / count, nu1, nu2


def variance(speakers, between, rest, nu1, nu2):
    excess = np.maximum(0, between - rest)
    total = speakers + excess
    return total, total ** 2 / (speakers ** 2 / nu1 + excess * (excess + 4 * rest / nu2) / nu2)


def mixed(speakers, between, rest, nu1, nu2):
    residual = (nu1 * speakers + nu1 * nu2 * rest) / (nu1 + nu1 * nu2)
    pooled = ((nu1 + nu1 * nu2) * residual + nu2 * between) / (nu1 + nu1 * nu2 + nu2)
    return np.where(between >= residual, between, pooled)


def skills(n, speakers, uar, sd):
    """The chance of knowing the class, of each speaker; without, one of four is guessed."""
    mean = (uar - 1 / CLASSES) / (1 - 1 / CLASSES)
    spread = min(sd ** 2, 0.9 * mean * (1 - mean))
    size = mean * (1 - mean) / spread - 1
    return random.beta(mean * size, (1 - mean) * size, (n, speakers))


def answers(skill, support):
    right = np.clip(skill, 0, 1)
    right = right + (1 - right) / CLASSES
    return random.binomial(support, np.broadcast_to(right[..., None], right.shape + (CLASSES,))).astype(float)


def supports(kind, speakers, each):
    if kind == "equal":
        return np.full((speakers, CLASSES), each // CLASSES)
    sizes = MELD[:speakers] if kind == "MELD" else MELD[:speakers // 2] + MELD[-(speakers // 2):]
    return np.array([[size // CLASSES + (k < size % CLASSES) for k in range(CLASSES)] for size in sizes])


def single_intervals(n):
    print("One cell, one seed: share of intervals that hold the true UAR (and share marked approximate)\n")
    print("| speakers | UAR | equal, 12 utterances | equal, 24 | equal, 60 | MELD's | MELD's, half of them guests |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for speakers in (4, 6, 10, 20):
        for uar in (0.4, 0.7, 0.95):
            for sd in (0.1, 0.03):
                row = []
                for kind, each in (("equal", 12), ("equal", 24), ("equal", 60), ("MELD", 0), ("guests", 0)):
                    support = supports(kind, speakers, each)
                    right = answers(skills(n, speakers, uar, sd), support)
                    whole, pseudo, effective, step = jackknife(right, support)
                    v, _, _, nu, _ = components([(whole[:, None], pseudo[:, None])], effective, step)
                    c = (whole / step + 0.5) / (1 / step + 1)
                    reach = np.minimum(700, stats.t.ppf(0.975, nu) * np.sqrt(v) / (c * (1 - c)))
                    logit = np.log(c / (1 - c))
                    low = np.where(whole <= step / 4, 0, 1 / (1 + np.exp(-(logit - reach))))
                    high = np.where(whole >= 1 - step / 4, 1, 1 / (1 + np.exp(-(logit + reach))))
                    holds = ((low <= uar) & (uar <= high)).mean()
                    marked = (effective < 3) | (v <= step ** 2 * 1.000001) | (np.sqrt(v) > np.minimum(c, 1 - c) / 2)
                    row.append(f"{holds:.3f} ({marked.mean():.2f})")
                print(f"| {speakers}, sd {sd} | {uar} | " + " | ".join(row) + " |", flush=True)


def pair(n, support, seeds, uar, speaker_sd, system_sd, seed_sd, gain=0.0):
    """Two systems, the first better by `gain`; what `components` says, and the difference."""
    count = len(support)
    base = skills(n, count, uar, speaker_sd)
    sides = []
    for side in range(2):
        own = system_sd * random.standard_normal((n, 1, count))
        trained = seed_sd * random.standard_normal((n, seeds, 1))
        right = answers(base[:, None] + own + trained + (gain if side == 0 else 0), support)
        whole, pseudo, effective, step = jackknife(right, support)
        sides.append((whole, pseudo))
    return sides[0][0].mean(1) - sides[1][0].mean(1), components(sides, effective, step)


def differences(n):
    print("\nTwo systems: share of equals with p ≤ .05; power against the mixed model's, with the gain that gives the latter .8\n")
    print("| speakers | seeds a side | UAR | sd speaker × system | sd of seeds | size | power ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    sizes = []
    for speakers, seeds, uar in ((4, 3, 0.7), (6, 3, 0.5), (12, 3, 0.5), (12, 3, 0.7), (12, 3, 0.9), (24, 3, 0.6),
                                 (12, 5, 0.6), (24, 5, 0.8), (12, 2, 0.6), (24, 2, 0.6)):
        support = supports("equal", speakers, 24)
        for system_sd, seed_sd in ((0.04, 0.005), (0.04, 0.02), (0.04, 0.04), (0.08, 0.02), (0.08, 0.06)):
            if uar > 0.8:
                system_sd, seed_sd = system_sd / 2, seed_sd / 2
            setting = (support, seeds, uar, 0.1, system_sd, seed_sd)

            def p(difference, parts):
                total, nu = variance(*parts)
                return 2 * stats.t.sf(np.abs(difference) / np.sqrt(total), nu)

            def size(difference, parts):
                return np.abs(difference) / np.sqrt(np.maximum(mixed(*parts), 1e-9))

            null = pair(n, *setting)
            critical = np.quantile(size(*null), 0.95)
            low, high = 0.0, 0.5
            for _ in range(9):
                gain = (low + high) / 2
                if (size(*pair(max(500, n // 5), *setting, gain=gain)) >= critical).mean() < 0.8:
                    low = gain
                else:
                    high = gain
            other = pair(n, *setting, gain=gain)
            ratio = (p(*other) <= 0.05).mean() / (size(*other) >= critical).mean()
            sizes.append((p(*null) <= 0.05).mean())
            print(f"| {speakers} | {seeds} | {uar} | {system_sd} | {seed_sd} | {sizes[-1]:.3f} | {ratio:.2f} |", flush=True)


def check():
    """The closed form of the mixed model against statsmodels, on one layout; needs statsmodels and pandas."""
    import pandas
    from statsmodels.regression.mixed_linear_model import MixedLM
    for seed_sd in (0.005, 0.03, 0.06):
        count, seeds = 12, 3
        support = supports("equal", count, 24)
        base, rows, sides = skills(1, count, 0.6, 0.1), [], []
        for side in range(2):
            trained = seed_sd * random.standard_normal((1, seeds, 1))
            right = answers(base[:, None] + trained, support)
            sides.append(jackknife(right, support)[:2])
            score = (right / support).mean(-1)[0]
            rows += [(score[r, i], side, f"{i}", f"{side}-{r}") for r in range(seeds) for i in range(count)]
        table = pandas.DataFrame(rows, columns=["score", "side", "speaker", "seed"])
        model = MixedLM.from_formula("score ~ side", table, groups=np.ones(len(table)), re_formula="0",
                                     vc_formula={"speaker": "0 + C(speaker)", "seed": "0 + C(seed)"})
        found = model.fit(reml=True)
        ours = mixed(*components(sides, count, 1e-9))[0] ** 0.5
        print(f"sd of seeds {seed_sd}: standard error by statsmodels {found.bse['side']:.5f}, closed form {ours:.5f}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(check())
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    single_intervals(n)
    differences(n)

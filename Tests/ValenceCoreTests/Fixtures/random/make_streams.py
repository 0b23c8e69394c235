#!/usr/bin/env python3
"""Numbers of xoshiro256** (Blackman and Vigna, 2021) from states that are SHA-256 digests, as streams.json.

    python make_streams.py          # the standard library is enough

The generator is written down from the authors' C code (https://prng.di.unimi.it/xoshiro256starstar.c). The first
entry checks it against that code's known output for the state 1, 2, 3, 4.
"""
import hashlib
import json
import math
import pathlib

MASK = (1 << 64) - 1


def rotl(x, k):
    return ((x << k) | (x >> (64 - k))) & MASK


class Xoshiro256StarStar:
    def __init__(self, state):
        self.s = list(state)

    def next(self):
        s = self.s
        result = (rotl((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)
        return result


def stream(seed, *names):
    digest = hashlib.sha256("\x1f".join([str(seed), *names]).encode()).digest()
    words = [int.from_bytes(digest[i:i + 8], "big") for i in range(0, 32, 8)]
    words[3] |= 1
    return Xoshiro256StarStar(words)


def uniform(generator):
    return (generator.next() >> 11) * 2.0**-53


def normal(generator):
    """Box and Muller (1958), the cosine alone."""
    radius = math.sqrt(-2 * math.log(1 - uniform(generator)))
    return radius * math.cos(2 * math.pi * uniform(generator))


def below(count, generator):
    return (generator.next() * count) >> 64


def shuffled(count, generator):
    items = list(range(count))
    for last in range(count - 1, 0, -1):
        other = below(last + 1, generator)
        items[last], items[other] = items[other], items[last]
    return items


def main():
    known = Xoshiro256StarStar([1, 2, 3, 4])
    assert [known.next() for _ in range(6)] == [
        11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600]
    entries = []
    for seed, names in [(7, ["fold 3", "dropout"]), (7, []), (0, ["bootstrap"]), (2**64 - 1, ["é", ""])]:
        generator = stream(seed, *names)
        bits = [str(generator.next()) for _ in range(8)]
        generator = stream(seed, *names)
        fractions = [uniform(generator) for _ in range(8)]
        generator = stream(seed, *names)
        normals = [normal(generator) for _ in range(8)]
        generator = stream(seed, *names)
        belows = [below(count ** 3, generator) for count in range(1, 9)]
        entries.append({"seed": str(seed), "names": names, "bits": bits, "uniform": fractions,
                        "normal": normals, "below": belows,
                        "shuffled": shuffled(20, stream(seed, *names))})
    pathlib.Path(__file__).with_name("streams.json").write_text(json.dumps(entries, indent=1) + "\n")


main()

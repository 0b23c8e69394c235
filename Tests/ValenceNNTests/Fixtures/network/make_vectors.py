#!/usr/bin/env python3
"""Networks with a vector of the whole clip beside its frames, in PyTorch: one training step on ragged clips, in float64.

    python make_vectors.py        # writes vectors_<name>.safetensors beside itself

Behind a dense layer of its own the vector is put behind the pooled frames, in front of the head; in `late` it has a
dense layer and a head of its own, whose logits join the mean. `bare` has no dense layer; the frames of `frames` are
those of an encoder. Weights and inputs are hashed numbers, so the files hold results alone.
"""
import os
import sys

import torch
from safetensors.torch import save_file
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from hashed import fill_network, hashed  # noqa: E402
from make_joins import CHANNELS, CLASSES, HIDDEN, LENGTHS, Gates, Stack, add_rest  # noqa: E402

BINS, WIDTH, VALUES = {"mel": 12, "mfcc": 9, "encoder": 10}, 6, 20
ACTIVATIONS = {"relu": torch.relu, "gelu": nn.functional.gelu, "none": lambda x: x}


class Vector(nn.Module):
    """The clip's vector behind its dense layer, if it has one."""

    def __init__(self, activation):
        super().__init__()
        self.width = WIDTH if activation else VALUES
        if activation:
            self.projection, self.activation = nn.Linear(VALUES, WIDTH), ACTIVATIONS[activation]

    def forward(self, x):
        return self.activation(self.projection(x)) if hasattr(self, "projection") else x


class Frames(nn.Module):
    """A dense layer over each frame of an encoder."""

    def __init__(self, activation):
        super().__init__()
        self.projection, self.activation, self.width = nn.Linear(BINS["encoder"], WIDTH), ACTIVATIONS[activation], WIDTH

    def rows(self, clips):
        return [self.activation(self.projection(clip[:, 0])) for clip in clips]


def add_head(module, width):
    module.dense, module.out = nn.Linear(width, 7), nn.Linear(7, CLASSES)


def pooled(module, rows):
    states = [module.lstm(row)[0] for row in rows]
    return torch.cat([(torch.softmax(module.query(torch.tanh(module.score(h))), 1) * h).sum(1) for h in states])


def head(module, x):
    return module.out(torch.relu(module.dense(x)))


class Beside(nn.Module):
    def __init__(self, branches, activation="relu", join=None):
        super().__init__()
        self.branches, self.late = branches, join == "late"
        for name in branches:
            setattr(self, name, Frames(activation) if name == "encoder" else Stack(BINS[name]))
        self.functionals = Vector(activation)
        widths = {name: getattr(self, name).width for name in branches}
        if self.late:
            for name, width in widths.items():
                add_rest(getattr(self, name), width)
            add_head(self.functionals, self.functionals.width)
            return
        if join == "gated":
            self.join = Gates(widths, CHANNELS[-1])
        add_rest(self, CHANNELS[-1] if join == "gated" else sum(widths.values()))
        add_head(self, 2 * HIDDEN + self.functionals.width)

    def forward(self, inputs, vectors):
        rows = {name: getattr(self, name).rows(inputs[name]) for name in self.branches}
        vector = self.functionals(vectors)
        if self.late:
            members = [getattr(self, name) for name in self.branches]
            each = [head(member, pooled(member, part)) for member, part in zip(members, rows.values())]
            return sum(each + [head(self.functionals, vector)]) / (len(each) + 1)
        parts = zip(*rows.values())
        joined = [self.join(part) if hasattr(self, "join") else torch.cat(part, 2) for part in parts]
        return head(self, torch.cat([pooled(self, joined), vector], 1))


def run(name, *arguments, **options):
    model = Beside(*arguments, **options)
    model.train()
    fill_network(model)
    inputs = {}
    for branch in model.branches:
        x = hashed(f"input {branch}", len(LENGTHS), 1, LENGTHS[0], BINS[branch], scale=1.7).double()
        inputs[branch] = [x[clip:clip + 1, :, :length] for clip, length in enumerate(LENGTHS)]
    vectors = hashed("input functionals", len(LENGTHS), VALUES, scale=1.7).double()
    logits = model(inputs, vectors)
    loss = nn.CrossEntropyLoss(label_smoothing=0.1)(logits, torch.arange(len(LENGTHS)) * 2 % CLASSES)
    loss.backward()
    saved = {f"gradient.{key}": p.grad for key, p in model.named_parameters()}
    saved.update({f"statistics.{key}": v for key, v in model.state_dict().items() if "running" in key})
    saved.update(logits=logits, loss=loss.reshape(1))
    model.eval()
    with torch.no_grad():
        saved["inferred"] = model(inputs, vectors)
    print(name, sum(p.numel() for p in model.parameters()), loss.item())
    save_file({k: v.detach().float().contiguous() for k, v in saved.items()},
              os.path.join(HERE, f"vectors_{name}.safetensors"))


run("one", ["mel"])
run("bare", ["mel"], activation=None)
run("branches", ["mel", "mfcc"], activation="gelu")
run("gated", ["mel", "mfcc"], join="gated")
run("late", ["mel", "mfcc"], join="late")
run("frames", ["encoder"], activation="none")

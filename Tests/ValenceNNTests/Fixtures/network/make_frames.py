#!/usr/bin/env python3
"""Networks with a branch of an encoder's frames, in PyTorch: one training step on ragged clips, in float64.

    python make_frames.py        # writes frames_<name>.safetensors beside itself

Every clip runs by itself at its own length. `emobox` and `superb` are the heads of those two benchmarks; the last three
meet the images of make_joins.py. Weights and inputs are hashed numbers, so the files hold results alone.
"""
import os
import sys

import torch
from safetensors.torch import save_file
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(os.path.dirname(HERE), "sequence")]
from hashed import fill_network, hashed  # noqa: E402
from make_joins import CHANNELS, CLASSES, HIDDEN, Gates, Stack, add_rest, rest  # noqa: E402
from make_transformer import Transformer  # noqa: E402

BINS, WIDTH = 10, 6
ALONE, BESIDE = [29, 1, 17, 24], [29, 8, 17, 24]


class Mix(nn.Module):
    """The weighted sum of hidden states of SUPERB's downstream models."""

    def __init__(self, states):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(states))

    def forward(self, x):
        return (torch.softmax(self.weight, 0)[:, None] * x).sum(2)


class Frames(nn.Module):
    def __init__(self, states, activation="relu", averaging=1, width=WIDTH):
        super().__init__()
        if states > 1:
            self.mix = Mix(states)
        if width:
            self.projection = nn.Linear(BINS, width)
        self.activation = {"relu": torch.relu, "gelu": nn.functional.gelu, "none": lambda x: x}[activation]
        self.averaging, self.width = averaging, width or BINS

    def rows(self, clips):
        """clips: [1, T, states, bins] each; the mean as average pooling has it, which drops a last partial window."""
        clips = [self.mix(clip) if hasattr(self, "mix") else clip[:, :, 0] for clip in clips]
        clips = [nn.functional.avg_pool1d(clip.mT, self.averaging).mT for clip in clips]
        if not hasattr(self, "projection"):
            return clips
        return [self.activation(self.projection(clip)) for clip in clips]


class Flat(Frames):
    """Mean over time, then the classes."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.out = nn.Linear(self.width, CLASSES)

    def forward(self, inputs):
        return self.out(torch.cat([clip.mean(1) for clip in self.rows(inputs["encoder"])]))


class Deep(Frames):
    """LSTM and attention behind the dense layer."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        add_rest(self, self.width)

    def forward(self, inputs):
        return rest(self, self.rows(inputs["encoder"]))


class Beside(nn.Module):
    def __init__(self, join, averaging, transformers=False):
        super().__init__()
        self.mel, self.encoder, self.late = Stack(12), Frames(3, averaging=averaging), join == "late"
        widths = {"mel": self.mel.width, "encoder": self.encoder.width}
        if join == "gated":
            self.join = Gates(widths, CHANNELS[-1])
            add_rest(self, CHANNELS[-1])
        elif join == "late":
            for name, width in widths.items():
                add_rest(getattr(self, name), width)
                if transformers:
                    getattr(self, name).transformer = Transformer(2 * HIDDEN, 2 * HIDDEN, 5, 9, 1, "rotary")
        else:
            add_rest(self, sum(widths.values()))

    def forward(self, inputs):
        rows = {name: getattr(self, name).rows(clips) for name, clips in inputs.items()}
        if self.late:
            return sum(rest(getattr(self, name), part) for name, part in rows.items()) / 2
        parts = zip(*rows.values())
        return rest(self, [self.join(part) if hasattr(self, "join") else torch.cat(part, 2) for part in parts])


def run(name, model, states, lengths):
    model.train()
    fill_network(model)
    x = hashed("input encoder", len(lengths), lengths[0], states, BINS, scale=1.7).double()
    inputs = {"encoder": [x[clip:clip + 1, :length] for clip, length in enumerate(lengths)]}
    if hasattr(model, "encoder"):
        x = hashed("input mel", len(lengths), 1, lengths[0], 12, scale=1.7).double()
        inputs = {"mel": [x[clip:clip + 1, :, :length] for clip, length in enumerate(lengths)]} | inputs
    logits = model(inputs)
    loss = nn.CrossEntropyLoss(label_smoothing=0.1)(logits, torch.arange(len(lengths)) * 2 % CLASSES)
    loss.backward()
    saved = {f"gradient.{key}": p.grad for key, p in model.named_parameters()}
    saved.update(logits=logits, loss=loss.reshape(1))
    model.eval()
    with torch.no_grad():
        saved["inferred"] = model(inputs)
    print(name, sum(p.numel() for p in model.parameters()), loss.item())
    save_file({k: v.detach().float().contiguous() for k, v in saved.items()},
              os.path.join(HERE, f"frames_{name}.safetensors"))


run("emobox", Flat(1), 1, ALONE)
run("superb", Flat(3, activation="none"), 3, ALONE)
run("bare", Flat(3, width=None), 3, ALONE)
run("gelu", Deep(2, activation="gelu"), 2, ALONE)
run("beside", Beside("beside", 4), 3, BESIDE)
run("gated", Beside("gated", 4), 3, BESIDE)
run("late", Beside("late", 1), 3, BESIDE)
run("late_transformers", Beside("late", 1, transformers=True), 3, BESIDE)

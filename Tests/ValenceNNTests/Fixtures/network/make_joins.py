#!/usr/bin/env python3
"""Networks of three branches that meet by gates or at the very end, in PyTorch: one training step on ragged clips.

    python make_joins.py        # writes join_gated.safetensors and join_late.safetensors beside itself

In float64; every clip runs by itself at its own length, batch normalization alone looks at all clips. Weights and
inputs are hashed numbers, so the files hold results alone.
"""
import os
import sys

import torch
from safetensors.torch import save_file
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from hashed import fill_network, hashed  # noqa: E402

torch.set_default_dtype(torch.float64)
LENGTHS, CLASSES, CHANNELS, HIDDEN = [29, 8, 17, 24], 3, [4, 6], 5
BRANCHES = {"mel": 12, "mfcc": 9, "prosody": 4}


class Stack(nn.Module):
    def __init__(self, bins):
        super().__init__()
        self.convolutions, self.norms, width = nn.ModuleList(), nn.ModuleList(), 1
        for channels in CHANNELS:
            self.convolutions.append(nn.Conv2d(width, channels, 3, padding=1, bias=False))
            self.norms.append(nn.BatchNorm2d(channels))
            width, bins = channels, bins // 2
        self.width = width * bins

    def rows(self, clips):
        for convolution, norm in zip(self.convolutions, self.norms):
            clips = [convolution(clip) for clip in clips]
            every = norm(torch.cat([clip.flatten(2) for clip in clips], 2)[..., None])
            parts = every.split([clip.shape[2] * clip.shape[3] for clip in clips], 2)
            clips = [torch.max_pool2d(torch.relu(part.reshape(clip.shape)), 2) for part, clip in zip(parts, clips)]
        return [clip.permute(0, 2, 1, 3).flatten(2) for clip in clips]


def add_rest(module, width):
    module.lstm = nn.LSTM(width, HIDDEN, 1, batch_first=True, bidirectional=True)
    module.score, module.query = nn.Linear(2 * HIDDEN, HIDDEN), nn.Linear(HIDDEN, 1, bias=False)
    module.dense, module.out = nn.Linear(2 * HIDDEN, 7), nn.Linear(7, CLASSES)


def rest(module, rows):
    states = [module.lstm(row)[0] for row in rows]
    if hasattr(module, "transformer"):
        states = [module.transformer(state) for state in states]
    vectors = [(torch.softmax(module.query(torch.tanh(module.score(h))), 1) * h).sum(1) for h in states]
    return module.out(torch.relu(module.dense(torch.cat(vectors))))


class Gates(nn.Module):
    """The gated multimodal unit of Arevalo et al. (2017)."""

    def __init__(self, widths, width):
        super().__init__()
        for name, inputs in widths.items():
            setattr(self, name, nn.Linear(inputs, width))
        self.gates = nn.Linear(sum(widths.values()), len(widths) * width)
        self.names = list(widths)

    def forward(self, parts):
        values = [torch.tanh(getattr(self, name)(part)) for name, part in zip(self.names, parts)]
        gates = torch.sigmoid(self.gates(torch.cat(parts, 2))).chunk(len(parts), 2)
        return sum(gate * value for gate, value in zip(gates, values))


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        for name, bins in BRANCHES.items():
            setattr(self, name, Stack(bins))
        self.join = Gates({name: getattr(self, name).width for name in BRANCHES}, CHANNELS[-1])
        add_rest(self, CHANNELS[-1])

    def forward(self, inputs):
        rows = [getattr(self, name).rows(clips) for name, clips in inputs.items()]
        return rest(self, [self.join(parts) for parts in zip(*rows)])


class Late(nn.Module):
    def __init__(self):
        super().__init__()
        for name, bins in BRANCHES.items():
            setattr(self, name, Stack(bins))
            add_rest(getattr(self, name), getattr(self, name).width)

    def forward(self, inputs):
        each = [rest(getattr(self, name), getattr(self, name).rows(clips)) for name, clips in inputs.items()]
        return sum(each) / len(each)


def run(name, model):
    model.train()
    fill_network(model)
    inputs = {}
    for branch, bins in BRANCHES.items():
        x = hashed(f"input {branch}", len(LENGTHS), 1, LENGTHS[0], bins, scale=1.7).double()
        inputs[branch] = [x[clip:clip + 1, :, :length] for clip, length in enumerate(LENGTHS)]
    targets = torch.arange(len(LENGTHS)) * 2 % CLASSES
    logits = model(inputs)
    loss = nn.CrossEntropyLoss(label_smoothing=0.1)(logits, targets)
    loss.backward()
    saved = {f"gradient.{key}": p.grad for key, p in model.named_parameters()}
    saved.update({f"statistics.{key}": v for key, v in model.state_dict().items() if "running" in key})
    saved.update(logits=logits, loss=loss.reshape(1))
    model.eval()
    with torch.no_grad():
        saved["inferred"] = model(inputs)
    print(name, sum(p.numel() for p in model.parameters()), loss.item())
    save_file({k: v.detach().float().contiguous() for k, v in saved.items()},
              os.path.join(HERE, f"join_{name}.safetensors"))


if __name__ == "__main__":
    run("gated", Gated())
    run("late", Late())

#!/usr/bin/env python3
"""Counts parameters and floating-point operations of networks of Valence's shape in PyTorch.

    python make_torch_counts.py > torch_counts.csv
"""
import csv
import sys

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

ROWS = [
    dict(channels=(16, 32, 64), hidden=64, layers=1),
    dict(channels=(32, 64, 128), hidden=128, layers=1),
    dict(channels=(64, 128, 256), hidden=256, layers=2),
    dict(channels=(8, 12), hidden=20, layers=3, bidirectional=False, pooling="mean", frames=101, bins=57),
    dict(channels=(5,), hidden=7, layers=2, pooling="max", kernel=5, planes=3, frames=33, bins=40, classes=3),
    dict(channels=(6, 7), hidden=9, layers=1, bidirectional=False, kernel=1, planes=2, frames=50, bins=21, classes=4),
    dict(channels=(16, 32, 64), hidden=64, layers=2, cell="gru"),
    dict(channels=(8, 12), hidden=20, layers=1, bidirectional=False, pooling="max", cell="gru"),
    # Without a recurrent layer attention scores in 128 values.
    dict(channels=(8, 12), hidden=128, layers=1, cell="none"),
]
DEFAULTS = dict(kernel=3, bidirectional=True, pooling="attention", planes=1, frames=300, bins=104, classes=8, cell="lstm")


class Network(nn.Module):
    def __init__(self, o, head=128):
        super().__init__()
        blocks, previous = [], o["planes"]
        for width in o["channels"]:
            blocks += [nn.Conv2d(previous, width, o["kernel"], padding=o["kernel"] // 2, bias=False),
                       nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2)]
            previous = width
        self.cnn = nn.Sequential(*blocks)
        bins = o["bins"] // 2 ** len(o["channels"])
        self.rnn, width = None, previous * bins
        if o["cell"] != "none":
            cell = {"lstm": nn.LSTM, "gru": nn.GRU}[o["cell"]]
            self.rnn = cell(width, o["hidden"], o["layers"], batch_first=True, bidirectional=o["bidirectional"])
            width = o["hidden"] * (2 if o["bidirectional"] else 1)
        self.pooling = o["pooling"]
        if self.pooling == "attention":
            self.score, self.query = nn.Linear(width, o["hidden"]), nn.Linear(o["hidden"], 1, bias=False)
        self.head = nn.Sequential(nn.Linear(width, head), nn.ReLU(), nn.Linear(head, o["classes"]))

    def forward(self, x):
        h = self.cnn(x).permute(0, 2, 1, 3).flatten(2)
        if self.rnn:
            h, _ = self.rnn(h)
        if self.pooling == "attention":
            h = (torch.softmax(self.query(torch.tanh(self.score(h))), 1) * h).sum(1)
        else:
            h = h.mean(1) if self.pooling == "mean" else h.amax(1)
        return self.head(h)


def main():
    names = ["channels", "hidden", "layers", *DEFAULTS, "parameters", "operations"]
    writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
    writer.writeheader()
    for row in ROWS:
        o = {**DEFAULTS, **row}
        model = Network(o).eval()
        # oneDNN's fused recurrence is one opaque operation to the counter; PyTorch's own is matrix products.
        with torch.backends.mkldnn.flags(enabled=False), torch.no_grad(), FlopCounterMode(display=False) as counter:
            model(torch.zeros(1, o["planes"], o["frames"], o["bins"]))
        o["parameters"] = sum(p.numel() for p in model.parameters())
        o["operations"] = counter.get_total_flops()
        o["channels"] = "-".join(map(str, o["channels"]))
        o["bidirectional"] = str(o["bidirectional"]).lower()
        writer.writerow(o)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Layers after the convolutions in PyTorch, in float64 on hashed inputs and weights.

    python make_sequence.py        # writes *.safetensors beside itself
"""
import os
import sys

import torch
from safetensors.torch import save_file
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from hashed import hashed  # noqa: E402

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def fill(module, prefix, scale):
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(hashed(prefix + name, *parameter.shape, scale=scale))


def gradients(module, prefix):
    return {f"gradient.{prefix}{name}": p.grad for name, p in module.named_parameters()}


def save(name, arrays):
    save_file({k: v.detach().to(torch.float32).contiguous() for k, v in arrays.items()},
              os.path.join(HERE, f"{name}.safetensors"))


def packed(x, lengths):
    """Padded [B, T, W] to packed rows."""
    return torch.cat([x[b, :n] for b, n in enumerate(lengths)])


def padded(rows, lengths):
    x = rows.new_zeros(len(lengths), max(lengths), rows.shape[1])
    start = 0
    for b, n in enumerate(lengths):
        x[b, :n] = rows[start:start + n]
        start += n
    return x


LENGTHS = [4, 1, 9, 6, 9]


def recurrent(cell, name, width, hidden, layers, bidirectional):
    module = {"lstm": nn.LSTM, "gru": nn.GRU}[cell](
        width, hidden, layers, batch_first=True, bidirectional=bidirectional)
    fill(module, cell + ".", 0.6)
    rows = hashed("input", sum(LENGTHS), width).double().requires_grad_()
    sequence = nn.utils.rnn.pack_padded_sequence(padded(rows, LENGTHS), torch.tensor(LENGTHS),
                                                 batch_first=True, enforce_sorted=False)
    h, _ = nn.utils.rnn.pad_packed_sequence(module(sequence)[0], batch_first=True)
    output = packed(h, LENGTHS)
    output.backward(hashed("gradient", *output.shape).double())
    save(f"{cell}_{name}", {"output": output, "gradient.input": rows.grad, **gradients(module, cell + ".")})


class Attention(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.score = nn.Linear(width, inner)
        self.query = nn.Linear(inner, 1, bias=False)

    def forward(self, h, valid):
        energy = self.query(torch.tanh(self.score(h))).squeeze(2)
        weights = torch.softmax(energy.masked_fill(~valid, float("-inf")), 1)
        return (weights[:, :, None] * h).sum(1)


def pooling(name, width=6):
    """Width 6 is two directions of 3 units; attention scores in 3 dimensions."""
    rows = hashed("input", sum(LENGTHS), width).double().requires_grad_()
    h = padded(rows, LENGTHS)
    lengths = torch.tensor(LENGTHS)
    valid = torch.arange(h.shape[1])[None, :] < lengths[:, None]
    arrays = {}
    if name == "mean":
        output = h.sum(1) / lengths[:, None]
    elif name == "max":
        output = h.masked_fill(~valid[:, :, None], float("-inf")).max(1).values
    elif name == "last":
        output = torch.cat([h[torch.arange(len(LENGTHS)), lengths - 1, :3], h[:, 0, 3:]], 1)
    else:
        module = Attention(width, 3)
        fill(module, "", 1.0)
        output = module(h, valid)
    output.backward(hashed("gradient", *output.shape).double())
    if name == "attention":
        arrays = gradients(module, "")
    save(f"pooling_{name}", {"output": output, "gradient.input": rows.grad, **arrays})


def head(name, hidden, clips=5, width=7, classes=4):
    widths = [width] + hidden
    layers = [nn.Linear(a, b) for a, b in zip(widths, widths[1:])]
    module = nn.Module()
    if layers:
        module.dense = layers[0] if len(layers) == 1 else nn.ModuleList(layers)
    module.out = nn.Linear(widths[-1], classes)
    fill(module, "", 0.7)
    x = hashed("input", clips, width).double().requires_grad_()
    y = x
    for layer in layers:
        y = torch.relu(layer(y))
    y = module.out(y)
    y.backward(hashed("gradient", clips, classes).double())
    save(name, {"output": y, "gradient.input": x.grad, **gradients(module, "")})


MIXED = [2, 0, 1, 3, 5, 4]


def loss(clips=6, classes=5):
    arrays = {}
    targets = torch.tensor([0, 4, 2, 2, 1, 4])
    for name, weighted, smoothing in [("plain", False, 0.0), ("weighted", True, 0.0),
                                      ("smoothed", False, 0.1), ("both", True, 0.1)]:
        logits = hashed("logits", clips, classes, scale=8).double().requires_grad_()
        weights = (hashed("weights", classes).double() + 1.5) if weighted else None
        value = nn.CrossEntropyLoss(weight=weights, label_smoothing=smoothing)(logits, targets)
        value.backward()
        arrays[f"{name}.loss"], arrays[f"{name}.gradient"] = value.reshape(1), logits.grad
        # mixup as its authors' train.py has it: one criterion for either set of classes.
        logits = hashed("logits", clips, classes, scale=8).double().requires_grad_()
        criterion = nn.CrossEntropyLoss(weight=weights, label_smoothing=smoothing)
        value = 0.7 * criterion(logits, targets) + 0.3 * criterion(logits, targets[MIXED])
        value.backward()
        arrays[f"{name}.mixed.loss"], arrays[f"{name}.mixed.gradient"] = value.reshape(1), logits.grad
    save("loss", arrays)


def clip_weights(clips=6, classes=5):
    """Clips that count unequally: per-clip losses of PyTorch, whose weights divide."""
    arrays = {}
    targets = torch.tensor([0, 4, 2, 2, 1, 4])
    shares = hashed("shares", clips).double() + 1.5
    for name, weighted, smoothing in [("plain", False, 0.0), ("both", True, 0.1)]:
        logits = hashed("logits", clips, classes, scale=8).double().requires_grad_()
        weights = hashed("weights", classes).double() + 1.5 if weighted else torch.ones(classes)
        each = nn.CrossEntropyLoss(weight=weights, label_smoothing=smoothing, reduction="none")

        def mean(targets, shares):
            return (shares * each(logits, targets)).sum() / (shares * weights[targets]).sum()

        for kind, value in [("own", mean(targets, shares)),
                            ("mixed", 0.7 * mean(targets, shares) + 0.3 * mean(targets[MIXED], shares[MIXED]))]:
            logits.grad = None
            value.backward(retain_graph=True)
            arrays[f"{name}.{kind}.loss"] = value.reshape(1)
            arrays[f"{name}.{kind}.gradient"] = logits.grad
    save("clip_weights", arrays)


def focal(clips=6, classes=5):
    """Lin et al. (2017) with class weights for alpha, on smoothed targets, divided by their weights."""
    arrays = {}
    targets = torch.tensor([0, 4, 2, 2, 1, 4])
    for name, weighted, smoothing, gamma in [("plain", False, 0.0, 2.0), ("weighted", True, 0.0, 0.5),
                                             ("both", True, 0.1, 3.0)]:
        logits = hashed("logits", clips, classes, scale=8).double().requires_grad_()
        weights = hashed("weights", classes).double() + 1.5 if weighted else torch.ones(classes)
        log_p = torch.log_softmax(logits, 1)
        soft = nn.functional.one_hot(targets, classes) * (1 - smoothing) + smoothing / classes
        value = (soft * weights * (1 - log_p.exp()) ** gamma * -log_p).sum() / weights[targets].sum()
        value.backward()
        arrays[f"{name}.loss"], arrays[f"{name}.gradient"] = value.reshape(1), logits.grad
    save("focal", arrays)


def optimizer(name, make, count=100, steps=10):
    """In float32, as networks are trained; norms from below to above the clipping norm."""
    torch.set_default_dtype(torch.float32)
    parameter = nn.Parameter(hashed("parameters", count))
    optimizer = make([parameter])
    norms = []
    for step in range(steps):
        parameter.grad = hashed(f"gradient {step}", count, scale=0.2 * (step + 1))
        norms.append(torch.nn.utils.clip_grad_norm_([parameter], 5.0))
        optimizer.step()
    save(name, {"parameters": parameter, "norms": torch.stack(norms)})
    torch.set_default_dtype(torch.float64)


def schedule(name, after, warmup=6, total=20, peak=0.5):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=peak)
    warm = torch.optim.lr_scheduler.LinearLR(optimizer, 1 / warmup, 1.0, warmup - 1)
    both = torch.optim.lr_scheduler.SequentialLR(optimizer, [warm, after(optimizer)], [warmup])
    rates = []
    for _ in range(total):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        both.step()
    save(name, {"rates": torch.tensor(rates)})


for cell in ["lstm", "gru"]:
    recurrent(cell, "bidirectional", 7, 5, 1, True)
    recurrent(cell, "stacked", 7, 5, 2, True)
    recurrent(cell, "forward", 3, 17, 3, False)
for kind in ["mean", "max", "last", "attention"]:
    pooling(kind)
head("head", [9])
head("head_deep", [9, 6])
head("head_flat", [])
loss()
clip_weights()
focal()
optimizer("adamw", lambda p: torch.optim.AdamW(p, lr=1e-2, weight_decay=1e-1))
optimizer("adam", lambda p: torch.optim.Adam(p, lr=1e-2, weight_decay=1e-1))
optimizer("sgd_plain", lambda p: torch.optim.SGD(p, lr=1e-2, weight_decay=1e-1))
optimizer("sgd_momentum", lambda p: torch.optim.SGD(p, lr=1e-2, weight_decay=1e-1, momentum=0.9))
optimizer("sgd_nesterov", lambda p: torch.optim.SGD(p, lr=1e-2, weight_decay=1e-1, momentum=0.8, nesterov=True))
schedule("schedule", lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 14))
schedule("schedule_step", lambda o: torch.optim.lr_scheduler.StepLR(o, 4, 0.3))

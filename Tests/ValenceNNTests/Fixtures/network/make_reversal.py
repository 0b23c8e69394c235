#!/usr/bin/env python3
"""The networks of make_joins.py with classifiers of corpora on their pooled vectors, whose gradient is turned round
(Ganin et al., 2016), in PyTorch: one training step on ragged clips, in float64.

    python make_reversal.py        # writes reversal_gated.safetensors and reversal_late.safetensors beside itself
"""
import torch
from safetensors.torch import save_file
from torch import nn

from make_joins import BRANCHES, CLASSES, HERE, HIDDEN, LENGTHS, Gated, Late, fill_network, hashed, os

WEIGHT, CORPORA, COUNTS = 0.6, torch.tensor([0, 1, 1, 0]), torch.tensor([10.0, 30.0])


class Turned(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.view_as(x)

    @staticmethod
    def backward(ctx, gradient):
        return -WEIGHT * gradient


class Corpus(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense, self.out = nn.Linear(2 * HIDDEN, 64), nn.Linear(64, len(COUNTS))

    def forward(self, x):
        return self.out(torch.relu(self.dense(x)))


def run(name, model, towers):
    model.train()
    vectors = []
    for tower in towers:
        tower.corpus = Corpus()
        tower.dense.register_forward_pre_hook(lambda module, inputs: vectors.append(inputs[0]))
    fill_network(model)
    inputs = {}
    for branch, bins in BRANCHES.items():
        x = hashed(f"input {branch}", len(LENGTHS), 1, LENGTHS[0], bins, scale=1.7).double()
        inputs[branch] = [x[clip:clip + 1, :, :length] for clip, length in enumerate(LENGTHS)]
    logits = model(inputs)
    loss = nn.CrossEntropyLoss(label_smoothing=0.1)(logits, torch.arange(len(LENGTHS)) * 2 % CLASSES)
    weights = COUNTS.sum() / (len(COUNTS) * COUNTS)
    of_corpora = nn.CrossEntropyLoss(weight=weights.double())
    corpora = [of_corpora(tower.corpus(Turned.apply(v)), CORPORA) for tower, v in zip(towers, vectors)]
    corpora = sum(corpora) / len(corpora)
    (loss + corpora).backward()
    saved = {f"gradient.{key}": p.grad for key, p in model.named_parameters()}
    saved.update(loss=loss.reshape(1), corpora=corpora.reshape(1))
    save_file({k: v.detach().float().contiguous() for k, v in saved.items()},
              os.path.join(HERE, f"reversal_{name}.safetensors"))
    print(name, loss.item(), corpora.item())


gated, late = Gated(), Late()
run("gated", gated, [gated])
run("late", late, [getattr(late, name) for name in BRANCHES])

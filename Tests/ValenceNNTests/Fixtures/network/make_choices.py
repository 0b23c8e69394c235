#!/usr/bin/env python3
"""Networks with other layers than the default's, in PyTorch: one training step on ragged clips, in float64.

    python make_choices.py        # writes choice_<name>.safetensors beside itself

Every clip runs by itself at its own length, so no padding can matter; batch normalization alone looks at all
clips, over their own frames. Weights and inputs are hashed numbers, so the files hold results alone.
"""
import os
import sys

import torch
from safetensors.torch import save_file
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(os.path.dirname(HERE), "sequence")]
from hashed import fill_network, hashed  # noqa: E402
from make_transformer import Transformer  # noqa: E402

torch.set_default_dtype(torch.float64)
LENGTHS, BINS, CLASSES, CHANNELS, HIDDEN = [45, 8, 31, 44, 17], 24, 4, [8, 16, 16], 16

# name: the layers that differ; pooling windows as (frames, bins) a block.
CHOICES = {
    "gru": dict(cell="gru", layers=2),
    "no_rnn": dict(cell=None),
    "no_rnn_last": dict(cell=None, pooling="last"),
    "layer_gelu": dict(norm="layer", activation="gelu"),
    "batch_gelu_apart": dict(activation="gelu", windows=[(1, 2), (2, 3), (4, 2)]),
    "no_norm_apart": dict(norm="none", windows=[(2, 1), (1, 4), (3, 2)]),
    "layer_one": dict(norm="layer", windows=[(1, 1), (2, 2), (2, 2)], cell="gru"),
    "transformer": dict(cell=None, positions="rotary"),
    "transformer_gru_last": dict(cell="gru", positions="sinusoidal", pooling="last"),
}


class Network(nn.Module):
    def __init__(self, cell="lstm", layers=1, norm="batch", activation="relu", windows=((2, 2),) * 3,
                 pooling="attention", positions=None):
        super().__init__()
        self.windows, self.pooling, self.norm = windows, pooling, norm
        self.activation = {"relu": torch.relu, "gelu": nn.functional.gelu}[activation]
        self.convolutions, self.norms = nn.ModuleList(), nn.ModuleList()
        width, bins = 1, BINS
        for channels, window in zip(CHANNELS, windows):
            self.convolutions.append(nn.Conv2d(width, channels, 3, padding=1, bias=norm == "none"))
            if norm != "none":
                self.norms.append(nn.BatchNorm2d(channels) if norm == "batch" else nn.GroupNorm(1, channels))
            width, bins = channels, bins // window[1]
        width *= bins
        self.cell = cell
        if cell:
            make = {"lstm": nn.LSTM, "gru": nn.GRU}[cell]
            setattr(self, cell, make(width, HIDDEN, layers, batch_first=True, bidirectional=True))
            width = 2 * HIDDEN
        if positions:
            self.transformer = Transformer(width, 12, 3, 20, 2, positions)
            width = 12
        if pooling == "attention":
            inner = HIDDEN if cell else 128
            self.score, self.query = nn.Linear(width, inner), nn.Linear(inner, 1, bias=False)
        self.dense, self.out = nn.Linear(width, HIDDEN), nn.Linear(HIDDEN, CLASSES)

    def normalized(self, index, clips):
        if self.norm == "none":
            return clips
        norm = self.norms[index]
        if self.norm == "layer":
            return [norm(clip) for clip in clips]
        every = norm(torch.cat([clip.flatten(2) for clip in clips], 2)[..., None])
        parts = every.split([clip.shape[2] * clip.shape[3] for clip in clips], 2)
        return [part.reshape(clip.shape) for part, clip in zip(parts, clips)]

    def forward(self, clips):
        for index, window in enumerate(self.windows):
            clips = self.normalized(index, [self.convolutions[index](clip) for clip in clips])
            clips = [nn.functional.max_pool2d(self.activation(clip), window) for clip in clips]
        vectors = []
        for clip in clips:
            h = clip.permute(0, 2, 1, 3).flatten(2)
            if self.cell:
                h = getattr(self, self.cell)(h)[0]
            if hasattr(self, "transformer"):
                h = self.transformer(h)
            if self.pooling == "attention":
                vectors.append((torch.softmax(self.query(torch.tanh(self.score(h))), 1) * h).sum(1))
            else:
                vectors.append(h[:, -1])
        return self.out(torch.relu(self.dense(torch.cat(vectors))))


def ten_steps(choice, clips, targets):
    """The losses of ten steps of AdamW."""
    model = Network(**choice).train()
    fill_network(model)
    optimizer, losses = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=1e-2), []
    for _ in range(10):
        optimizer.zero_grad()
        losses.append(nn.CrossEntropyLoss(label_smoothing=0.1)(model(clips), targets))
        losses[-1].backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
    return torch.stack(losses).detach()


def run(name, choice):
    model = Network(**choice).train()
    fill_network(model)
    x = hashed("input", len(LENGTHS), 1, LENGTHS[0], BINS, scale=1.7).double()
    clips = [x[clip:clip + 1, :, :length] for clip, length in enumerate(LENGTHS)]
    targets = torch.arange(len(LENGTHS)) * 3 % CLASSES
    logits = model(clips)
    loss = nn.CrossEntropyLoss(label_smoothing=0.1)(logits, targets)
    loss.backward()
    saved = {f"gradient.{key}": p.grad for key, p in model.named_parameters()}
    saved.update({f"statistics.{key}": v for key, v in model.state_dict().items() if "running" in key})
    saved.update(logits=logits, loss=loss.reshape(1))
    model.eval()
    with torch.no_grad():
        saved["inferred"] = model(clips)
    if "positions" in choice:
        saved["losses"] = ten_steps(choice, clips, targets)
    save_file({k: v.detach().float().contiguous() for k, v in saved.items()},
              os.path.join(HERE, f"choice_{name}.safetensors"))


if __name__ == "__main__":
    for name, choice in CHOICES.items():
        run(name, choice)

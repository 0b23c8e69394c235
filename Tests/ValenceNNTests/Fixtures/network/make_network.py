#!/usr/bin/env python3
"""The whole network in PyTorch: ten training steps without dropout on ragged clips, in float64.

    python make_network.py pytorch_reference.py      # writes *.safetensors beside itself

`pytorch_reference.py` is the script that Valence's speed is compared with. Weights and inputs are
hashed numbers, so the files hold results alone: for the true reference size only samples of the
gradients, `count` of them from each parameter, at the positions k * 7919 modulo its size.
"""
import importlib.util
import os
import sys

import torch
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from hashed import fill_network, hashed  # noqa: E402


def load_reference(path):
    spec = importlib.util.spec_from_file_location("reference", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(reference, name, lengths, rate, samples=None, inputs="input"):
    model = reference.build(name, ragged="exact", dropout=False).double().train()
    fill_network(model)
    frames, bins, classes = reference.FRAMES, reference.BINS, reference.CLASSES
    x = hashed(inputs, len(lengths), 1, frames, bins, scale=1.7).double()
    for clip, length in enumerate(lengths):
        x[clip, :, length:] = 0
    y = torch.arange(len(lengths)) * 3 % classes
    lengths = torch.tensor(lengths)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=1e-2)
    loss_of = torch.nn.CrossEntropyLoss(label_smoothing=0.1)
    saved, losses, norms = {}, [], []
    for step in range(10):
        optimizer.zero_grad()
        output = model(x, lengths)
        loss = loss_of(output, y)
        loss.backward()
        if step == 0:
            saved["first_logits"] = output
            for key, p in model.named_parameters():
                gradient = p.grad.flatten()
                if samples:
                    gradient = gradient[torch.arange(samples) * 7919 % gradient.numel()]
                saved[f"gradient.{key}"] = gradient.clone()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0))
        optimizer.step()
        losses.append(loss.detach())
    model.eval()
    with torch.no_grad():
        saved["last_logits"] = model(x, lengths)
    saved["losses"], saved["norms"] = torch.stack(losses), torch.stack(norms)
    saved.update({f"statistics.{k}": v for k, v in model.state_dict().items() if "running" in k})
    print(name, [round(float(v), 6) for v in losses], [round(float(v), 4) for v in norms])
    save_file({k: v.detach().float().contiguous() for k, v in saved.items()},
              os.path.join(HERE, f"{name}.safetensors"))


def main():
    reference = load_reference(sys.argv[1])
    # Of 150 inputs the one whose pooling windows are decided most clearly, by 1.2e-5 at the least: rounding
    # gives no window another winner, whichever kernels run.
    reference.FRAMES = 100
    run(reference, "reference", [100, 48], 1e-4, samples=32, inputs="input 53")
    reference.SIZES["narrow"] = dict(channels=(8, 16, 16), hidden=16, layers=1)
    reference.FRAMES, reference.BINS, reference.CLASSES, reference.HEAD = 45, 24, 4, 16
    run(reference, "narrow", [45, 8, 31, 44, 17], 1e-3)


main()

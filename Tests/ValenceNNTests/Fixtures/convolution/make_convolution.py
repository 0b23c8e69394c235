#!/usr/bin/env python3
"""Convolution stacks in PyTorch over ragged clips: values and gradients for ConvolutionStackTests.

    python make_convolution.py        # writes <case>.safetensors beside itself

Batch normalization takes its statistics over the valid frames alone, and frames beyond a clip's
length are zero after each block. Everything is computed in float64 and stored as float32.
"""
import pathlib

import torch
from safetensors.torch import save_file

# name: channels, kernel, pool, bins, input channels, true lengths; the first length is the longest.
CASES = {
    "small": dict(channels=[8, 20], kernel=3, pool=[2, 2], bins=13, inputs=2, lengths=[21, 13, 4, 9]),
    "wide_kernel": dict(
        channels=[16, 33, 5], kernel=5, pool=[3, 1, 2], bins=17, inputs=1, lengths=[40, 25, 33, 12, 38, 7]),
    "winograd": dict(
        channels=[16, 32, 48], kernel=3, pool=[2, 2, 2], bins=24, inputs=1, lengths=[70, 64, 33, 8]),
}


def normalized(x, mask, gamma, beta, running, training):
    if training:
        count = mask.sum() * x.shape[3]
        mean = (x * mask).sum((0, 2, 3)) / count
        variance = (((x - mean[:, None, None]) * mask) ** 2).sum((0, 2, 3)) / count
        with torch.no_grad():
            running[0].lerp_(mean, 0.1)
            running[1].lerp_(variance * count / (count - 1), 0.1)
    else:
        mean, variance = running
    scale = gamma * torch.rsqrt(variance + 1e-5)
    return x * scale[:, None, None] + (beta - mean * scale)[:, None, None]


def run(x, lengths, parameters, running, case, training):
    for index, pool in enumerate(case["pool"]):
        steps = torch.arange(x.shape[2])
        mask = (steps < lengths[:, None])[:, None, :, None].to(x.dtype)
        x = torch.conv2d(x, parameters[f"convolutions.{index}.weight"], padding=case["kernel"] // 2)
        x = normalized(
            x, mask, parameters[f"norms.{index}.weight"], parameters[f"norms.{index}.bias"],
            running[index], training)
        x = torch.max_pool2d(torch.relu(x), pool)
        lengths = lengths // pool
        x = x * (torch.arange(x.shape[2]) < lengths[:, None])[:, None, :, None]
    x = x.permute(0, 2, 1, 3).flatten(2)
    return torch.cat([clip[:length] for clip, length in zip(x, lengths)])


def make(name, case):
    generator = torch.Generator().manual_seed(11)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    lengths = torch.tensor(case["lengths"])
    x = normal(len(lengths), case["inputs"], int(lengths[0]), case["bins"]) * 2 + 1
    for clip, length in enumerate(lengths):
        x[clip, :, length:] = 0
    parameters, running = {}, []
    previous = case["inputs"]
    for index, width in enumerate(case["channels"]):
        shape = (width, previous, case["kernel"], case["kernel"])
        parameters[f"convolutions.{index}.weight"] = normal(*shape) / (shape[1] * shape[2] ** 2) ** 0.5
        parameters[f"norms.{index}.weight"] = normal(width)  # some are negative
        parameters[f"norms.{index}.bias"] = 0.5 * normal(width)
        running.append([normal(width), 1 + normal(width) ** 2])
        previous = width
    saved = {f"parameter.{key}": value.clone() for key, value in parameters.items()}
    for index, (mean, variance) in enumerate(running):
        saved[f"before.norms.{index}.running_mean"] = mean.clone()
        saved[f"before.norms.{index}.running_var"] = variance.clone()
    for value in parameters.values():
        value.requires_grad_()
    output = run(x, lengths, parameters, running, case, training=True)
    gradient = normal(*output.shape)
    output.backward(gradient)
    with torch.no_grad():
        inferred = run(x, lengths, parameters, running, case, training=False)
    saved.update({f"gradient.{key}": value.grad for key, value in parameters.items()})
    for index, (mean, variance) in enumerate(running):
        saved[f"after.norms.{index}.running_mean"] = mean
        saved[f"after.norms.{index}.running_var"] = variance
    saved.update(
        x=x.permute(0, 2, 3, 1), output=output.detach(), output_gradient=gradient, inferred=inferred)
    folder = pathlib.Path(__file__).parent
    save_file({k: v.float().contiguous() for k, v in saved.items()}, folder / f"{name}.safetensors")
    print(name, (folder / f"{name}.safetensors").stat().st_size)


for name, case in CASES.items():
    make(name, case)

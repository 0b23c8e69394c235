"""Numbers that Python and Swift both compute from a name, so that fixtures need not carry inputs.

Element i of `name` hashes FNV-1a(name) + i * 0x9E3779B1 with MurmurHash3's finalizer; its upper 24
bits become a number in -1 ... 1 on a grid of 2^-23, exact in single precision. HashedValues.swift is
the same in Swift.
"""
import numpy as np
import torch


def hashed(name, *shape, scale=1.0):
    start = np.uint32(0x811C9DC5)
    with np.errstate(over="ignore"):
        for byte in name.encode():
            start = (start ^ np.uint32(byte)) * np.uint32(0x01000193)
        x = np.arange(int(np.prod(shape)), dtype=np.uint32) * np.uint32(0x9E3779B1) + start
        x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        x = x ^ (x >> np.uint32(16))
    values = ((x >> np.uint32(8)).astype(np.int64) - 2**23).astype(np.float32) * np.float32(2.0**-23)
    return torch.from_numpy((values * np.float32(scale)).reshape(shape))


def fill_network(model):
    """Normalization near 1 and 0, other matrices by their fan-in, other vectors within 0.1."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "norm" in name and name.endswith("weight"):
                p.copy_(1 + hashed(name, *p.shape, scale=0.2))
            else:
                fan_in = p[0].numel()
                p.copy_(hashed(name, *p.shape, scale=fan_in ** -0.5 if p.dim() > 1 else 0.1))

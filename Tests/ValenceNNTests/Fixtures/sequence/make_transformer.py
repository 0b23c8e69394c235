#!/usr/bin/env python3
"""The transformer in PyTorch, in float64 on hashed inputs and weights: outputs and every gradient.

    python make_transformer.py        # writes transformer_<positions>.safetensors beside itself

Without positions and with sinusoids it is torch.nn.TransformerEncoder on padded clips with a key padding mask. Rotary
positions, which PyTorch lacks, turn queries and keys of the same modules by the formula of transformers' rotate_half.
"""
import os
import sys

import torch
from safetensors.torch import save_file
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from hashed import hashed  # noqa: E402

# 70 and 130 queries are more than are taken at a time.
LENGTHS, INPUTS, WIDTH, HEADS, BETWEEN, LAYERS = [9, 70, 1, 130, 64], 7, 12, 3, 20, 2


def rotate_half(x):
    first, second = x.chunk(2, -1)
    return torch.cat([-second, first], -1)


def turned(x):
    """x [B, H, T, W / H]; the angles of transformers' RotaryEmbedding with base 10000."""
    width = x.shape[-1]
    inverse = 10000.0 ** (-torch.arange(0, width, 2).double() / width)
    angles = torch.outer(torch.arange(x.shape[2]).double(), inverse).repeat(1, 2)
    return x * angles.cos() + rotate_half(x) * angles.sin()


def sinusoids(steps, width):
    table, step = torch.zeros(steps, width), torch.arange(steps).double()[:, None]
    rates = torch.exp(-torch.arange(0, width, 2).double() / width * torch.log(torch.tensor(10000.0).double()))
    table[:, 0::2] = torch.sin(step * rates)
    table[:, 1::2] = torch.cos(step * rates)[:, :width // 2]
    return table


class Transformer(nn.TransformerEncoder):
    def __init__(self, inputs, width, heads, between, layers, positions):
        layer = nn.TransformerEncoderLayer(
            width, heads, between, dropout=0, activation="gelu", norm_first=True, batch_first=True)
        super().__init__(layer, layers, nn.LayerNorm(width), enable_nested_tensor=False)
        self.input, self.positions = nn.Linear(inputs, width), positions

    def forward(self, x, invalid=None):
        x = self.input(x)
        if self.positions == "sinusoidal":
            x = x + sinusoids(*x.shape[1:])
        if self.positions != "rotary":
            return super().forward(x, src_key_padding_mask=invalid)
        for layer in self.layers:
            x = x + self.attention(layer.self_attn, layer.norm1(x), invalid)
            x = x + layer.linear2(nn.functional.gelu(layer.linear1(layer.norm2(x))))
        return self.norm(x)

    @staticmethod
    def attention(module, x, invalid):
        clips, steps, width = x.shape
        qkv = nn.functional.linear(x, module.in_proj_weight, module.in_proj_bias)
        q, k, v = (part.view(clips, steps, module.num_heads, -1).transpose(1, 2) for part in qkv.chunk(3, 2))
        mask = None if invalid is None else ~invalid[:, None, None, :]
        y = nn.functional.scaled_dot_product_attention(turned(q), turned(k), v, attn_mask=mask)
        return module.out_proj(y.transpose(1, 2).reshape(clips, steps, width))


def fill(module, prefix):
    """Matrices twice as large as their fan-in asks for, so that the weights of attention differ."""
    with torch.no_grad():
        for name, p in module.named_parameters():
            scale = 2 * p[0].numel() ** -0.5 if p.dim() > 1 else 0.2
            p.copy_(hashed(prefix + name, *p.shape, scale=scale))
            if "norm" in name and name.endswith("weight"):
                p.add_(1)


def run(positions):
    module = Transformer(INPUTS, WIDTH, HEADS, BETWEEN, LAYERS, positions).train()
    fill(module, "transformer.")
    rows = hashed("input", sum(LENGTHS), INPUTS, scale=1.7).double().requires_grad_()
    padded = nn.utils.rnn.pad_sequence(rows.split(LENGTHS), batch_first=True)
    invalid = torch.arange(max(LENGTHS)) >= torch.tensor(LENGTHS)[:, None]
    output = module(padded, invalid)[~invalid]
    output.backward(hashed("gradient", *output.shape).double())
    arrays = {f"gradient.transformer.{name}": p.grad for name, p in module.named_parameters()}
    arrays.update({"output": output, "gradient.input": rows.grad})
    print(positions, sum(p.numel() for p in module.parameters()), output.abs().max().item())
    save_file({k: v.detach().float().contiguous() for k, v in arrays.items()},
              os.path.join(HERE, f"transformer_{positions}.safetensors"))


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    for positions in ["none", "sinusoidal", "rotary"]:
        run(positions)

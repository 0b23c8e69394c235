#!/usr/bin/env python3
"""Small files of weights as PyTorch writes them, beside this script, each with its twin in safetensors' format.

    pip install torch safetensors numpy
    python make_files.py
"""
import collections
import os
import pathlib
import pickle
import zipfile

import numpy as np
import torch
from safetensors.torch import save_file

os.chdir(pathlib.Path(__file__).parent)
random = torch.Generator().manual_seed(17)


def normal(*shape):
    return torch.randn(shape, generator=random)


def twin(name, weights):
    save_file({key: value.contiguous().clone() for key, value in weights.items()}, f"{name}.safetensors")


# As `save_pretrained` leaves a model: names of a position convolution with weight norm as they were
# published, notes on versions, a number that is no weight.
model = collections.OrderedDict({
    "wavlm.masked_spec_embed": normal(8),
    "wavlm.encoder.pos_conv_embed.conv.weight_g": normal(1, 1, 4),
    "wavlm.encoder.pos_conv_embed.conv.weight_v": normal(8, 2, 4),
    "wavlm.encoder.layers.0.attention.q_proj.weight": normal(8, 8),
    "wavlm.encoder.layers.0.attention.q_proj.bias": normal(8),
    "wavlm.encoder.layers.0.attention.gru_rel_pos_const": normal(1, 2, 1, 1),
    "position_ids": torch.arange(5).reshape(1, 5),
})
model._metadata = collections.OrderedDict({"": {"version": 1}, "wavlm": {"version": 1}})
torch.save(model, "model.bin")
twin("model", model)
torch.save(model, "before-1.6.bin", _use_new_zipfile_serialization=False)

# Every type that is read, numbers at the edge of theirs, no number at all, and one.
types = {
    "half": torch.tensor([[0, -0.0, 1.5], [2**-24, 65504, -torch.inf]], dtype=torch.float16),
    "bfloat": torch.tensor([1.5, -3e38, 1e-40, torch.inf], dtype=torch.bfloat16),
    "double": torch.tensor([1.5, -2.25, 1e-3], dtype=torch.float64),
    "long": torch.tensor([[-1], [2**20]]),
    "int": torch.tensor([7, -8], dtype=torch.int32),
    "empty": torch.zeros(0, 4),
    "scalar": torch.tensor(3.5),
    "one": normal(1, 1, 3),
}
torch.save(types, "types.bin")
twin("types", types)

# Tensors that share a storage: parts of it, the same one twice; and one that asks for gradients.
whole = normal(6, 4)
shared = {"all": whole, "first": whole[:2], "last": whole[4:], "row": whole[3], "again": whole,
          "trained": normal(3).requires_grad_()}
torch.save(shared, "shared.bin")
twin("shared", {key: value.detach() for key, value in shared.items()})

# More names than an index of one byte counts.
many = {f"layers.{index}.weight": normal(2) for index in range(60)}
torch.save(many, "many.bin")
twin("many", many)

# The same content in archives as other writers make them.
torch.serialization.set_crc32_options(False)
torch.save(model, "without-checksums.bin")
torch.serialization.set_crc32_options(True)


def repacked(name, method=zipfile.ZIP_STORED, large=False):
    with zipfile.ZipFile("model.bin") as old, zipfile.ZipFile(name, "w", method) as new:
        for entry in old.namelist():
            info = zipfile.ZipInfo(entry)
            info.compress_type = method
            with new.open(info, "w", force_zip64=large) as file:
                file.write(old.read(entry))
        new.comment = b"packed again"


repacked("repacked.bin")
repacked("repacked-zip64.bin", large=True)
repacked("compressed.bin", zipfile.ZIP_DEFLATED)

# What is not read.
torch.save({"a": normal(3, 2).t()}, "transposed.bin")
torch.save({"a": normal(6)[::2]}, "strided.bin")
torch.save({"a": normal(1, 3).expand(2, 3)}, "expanded.bin")
torch.save({"a": torch.nn.Parameter(normal(2))}, "parameter.bin")
torch.save({"a": torch.zeros(2, dtype=torch.uint8)}, "bytes.bin")
torch.save({"a": torch.zeros(2, dtype=torch.complex64)}, "complex.bin")
torch.save({"a": np.float64(1)}, "numpy.bin")
torch.save({"model": {"a": normal(2)}, "epoch": 3}, "checkpoint.bin")
torch.save([normal(2)], "list.bin")
torch.save(normal(2), "tensor.bin")
torch.save({"a": normal(2)}, "protocol-4.bin", pickle_protocol=4)
torch.save(torch.nn.Linear(2, 2), "module.bin")


class Command:
    def __reduce__(self):
        return os.system, ("touch executed",)


torch.save({"a": Command()}, "command.bin")
pathlib.Path("pickle.bin").write_bytes(pickle.dumps({"a": 1}, protocol=2))

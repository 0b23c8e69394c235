#!/usr/bin/env python3
"""A safetensors file as Hugging Face's library writes it, beside this script.

    pip install safetensors numpy torch
    python make_arrays.py
"""
import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file
from safetensors.torch import save

here = pathlib.Path(__file__).parent
save_file({
    "matrix": np.arange(6, dtype=np.float32).reshape(2, 3) / 4,
    "double": np.array([1.5, -2.25, 1e-3], dtype=np.float64),
    "long": np.array([[-1], [2**20]], dtype=np.int64),
    "int": np.array([7, -8], dtype=np.int32),
    "scalar": np.array(3.5, dtype=np.float32),
    "empty": np.zeros((0, 4), dtype=np.float32),
}, here / "arrays.safetensors", metadata={"made by": "make_arrays.py"})
save_file({"half": np.array([0, 1.5, -65504, 2**-24, -np.inf], dtype=np.float16)}, here / "half.safetensors")
save_file({"byte": np.zeros(2, dtype=np.uint8)}, here / "byte.safetensors")
# NumPy has no type of 16 bits with float32's range.
(here / "bfloat.safetensors").write_bytes(save({"bfloat": torch.tensor([1.5, -3e38, 1e-40], dtype=torch.bfloat16)}))

#!/usr/bin/env python3
"""A safetensors file as Hugging Face's library writes it, beside this script.

    pip install safetensors numpy
    python make_arrays.py
"""
import pathlib

import numpy as np
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent
save_file({
    "matrix": np.arange(6, dtype=np.float32).reshape(2, 3) / 4,
    "double": np.array([1.5, -2.25, 1e-3], dtype=np.float64),
    "long": np.array([[-1], [2**20]], dtype=np.int64),
    "int": np.array([7, -8], dtype=np.int32),
    "scalar": np.array(3.5, dtype=np.float32),
    "empty": np.zeros((0, 4), dtype=np.float32),
}, here / "arrays.safetensors", metadata={"made by": "make_arrays.py"})
save_file({"half": np.zeros(2, dtype=np.float16)}, here / "half.safetensors")

"""Quantiles of small samples by numpy (method 'linear', its default)."""
import numpy as np
from safetensors.numpy import save_file

random = np.random.default_rng(7)
probabilities = np.array([0, 0.05, 0.25, 0.5, 0.75, 0.95, 1], dtype=np.float32).astype(np.float64)
arrays = {"probabilities": probabilities.astype(np.float32)}
for size in (1, 2, 3, 10, 101):
    # Halves are exact in float32, so both sides see the same sample.
    sample = random.integers(-40, 40, size) / 2
    arrays[f"sample{size}"] = sample.astype(np.float32)
    arrays[f"quantiles{size}"] = np.quantile(sample, probabilities).astype(np.float32)
save_file(arrays, "quantiles.safetensors")

#!/usr/bin/env python3
"""Running statistics made anew by torch.optim.swa_utils.update_bn, in float64.

    python make_update_bn.py        # writes update_bn.safetensors beside itself

The network is the default one of make_choices.py. A training step moves its statistics first, which
update_bn has to forget; then come three batches of two, two and one of the ragged clips.
"""
import os

import torch
from safetensors.torch import save_file

from make_choices import BINS, HERE, LENGTHS, Network, fill_network, hashed

model = Network().train()
fill_network(model)
x = hashed("input", len(LENGTHS), 1, LENGTHS[0], BINS, scale=1.7).double()
clips = [x[clip:clip + 1, :, :length] for clip, length in enumerate(LENGTHS)]
model(clips)
torch.optim.swa_utils.update_bn([[clips[0:2]], [clips[2:4]], [clips[4:5]]], model)
save_file({key: value.float().contiguous() for key, value in model.state_dict().items() if "running" in key},
          os.path.join(HERE, "update_bn.safetensors"))

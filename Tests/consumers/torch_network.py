"""The network of a checkpoint in PyTorch, built from the settings in its metadata and its arrays' names."""
import torch
from torch import nn


class Stack(nn.Module):
    """Blocks of convolution, batch normalization, ReLU and max pooling."""

    def __init__(self, cnn, channels, prefix):
        super().__init__()
        self.prefix, self.pool = prefix, cnn["pool"]
        widths = [channels] + cnn["channels"]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, cnn["kernel"], padding="same", bias=False)
            for before, after in zip(widths, widths[1:]))
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths[1:])

    def forward(self, x):                                 # (1, channels, frames, bins) -> (1, steps, width)
        for convolution, norm, pool in zip(self.convolutions, self.norms, self.pool):
            x = torch.max_pool2d(torch.relu(norm(convolution(x))), pool)
        return x.permute(0, 2, 1, 3).flatten(2)


class Network(nn.Module):
    """One clip at a time: `images` by branch, each (channels, frames, bins), to the classes' probabilities."""

    def __init__(self, settings, arrays):
        super().__init__()
        model = settings["model"]
        rnn, hidden = model["rnn"], model["rnn"]["hidden"]
        prefixes = sorted({name.split("convolutions.")[0] for name in arrays if "convolutions." in name})
        self.stacks = nn.ModuleList(
            Stack(model["cnn"], arrays[f"{prefix}convolutions.0.weight"].shape[1], prefix) for prefix in prefixes)
        self.lstm = nn.LSTM(arrays["lstm.weight_ih_l0"].shape[1], hidden, rnn["layers"], batch_first=True,
                            bidirectional=rnn["bidirectional"])
        self.pooling, self.hidden = model["pooling"], hidden
        width = hidden * (2 if rnn["bidirectional"] else 1)
        if self.pooling == "attention":
            self.score, self.query = nn.Linear(width, hidden), nn.Linear(hidden, 1, bias=False)
        widths = [width] + model["head"]["hidden"]
        dense = [nn.Linear(before, after) for before, after in zip(widths, widths[1:])]
        self.dense = dense[0] if len(dense) == 1 else nn.ModuleList(dense)
        self.out = nn.Linear(*reversed(arrays["out.weight"].shape))
        self.load(arrays)

    def load(self, arrays):
        """Takes every array by its own name; one too many or too few is an error."""
        state = {name: torch.from_numpy(array) for name, array in arrays.items()
                 if not name.startswith("normalization.")}
        for index, stack in enumerate(self.stacks):
            for part in ("convolutions.", "norms."):
                for name in [name for name in state if name.startswith(stack.prefix + part)]:
                    state[f"stacks.{index}." + name[len(stack.prefix):]] = state.pop(name)
        fresh = [key for key in self.state_dict() if key.endswith("num_batches_tracked")]
        self.load_state_dict(state | {key: torch.tensor(0) for key in fresh}, strict=True)
        self.eval()

    def pooled(self, h):                                  # (1, steps, width) -> (1, width)
        if self.pooling == "attention":
            return (torch.softmax(self.query(torch.tanh(self.score(h))), 1) * h).sum(1)
        if self.pooling == "last":
            return torch.cat([h[:, -1, :self.hidden], h[:, 0, self.hidden:]], 1)
        return h.mean(1) if self.pooling == "mean" else h.amax(1)

    @torch.inference_mode()
    def forward(self, images):
        columns = [stack(torch.as_tensor(images[stack.prefix], dtype=torch.float32)[None]) for stack in self.stacks]
        x = self.pooled(self.lstm(torch.cat(columns, 2))[0])
        for dense in self.dense if isinstance(self.dense, nn.ModuleList) else [self.dense]:
            x = torch.relu(dense(x))
        return torch.softmax(self.out(x), 1)[0].numpy()

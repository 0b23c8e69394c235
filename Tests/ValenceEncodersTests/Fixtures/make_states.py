"""Hidden states of real clips by Hugging Face's transformers and an encoder with real weights, which are not kept here.

    python make_states.py ENCODER_FOLDER OUT_FOLDER CLIP…    # torch, transformers, soundfile; clips at 16 kHz
    VALENCE_STATES=OUT_FOLDER swift test --filter RealWeightsTests

Writes OUT_FOLDER/encoder.txt, the encoder's folder, and a safetensors file for each clip with `samples`, `state.0` … and
`last`. Clips are encoded alone; Whisper's unpadded, as its code does where its config names as many positions. All is
computed in double precision: in single, transformers is up to 3e-5 of the largest value from that itself, and its
spectrogram by PyTorch, which its default is, 4e-6.
"""
import os, pathlib, sys, warnings
os.environ["HF_HUB_OFFLINE"] = "1"
warnings.filterwarnings("ignore")
import numpy as np
import soundfile
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoFeatureExtractor, AutoModel
from transformers.models.whisper.modeling_whisper import WhisperEncoder


def whisper_encoder(folder):
    network = WhisperEncoder(AutoConfig.from_pretrained(folder)).eval()
    weights = load_file(pathlib.Path(folder) / "model.safetensors")
    prefix = next(p for p in ["model.encoder.", "encoder.", ""] if p + "conv1.weight" in weights)
    network.load_state_dict({k[len(prefix):]: v.float() for k, v in weights.items() if k.startswith(prefix)})
    return network


def whisper_states(network, extractor, samples):
    mel = torch.from_numpy(extractor._np_extract_fbank_features(np.asarray([samples], np.float64), "cpu")).double()
    # Asked for two windows a position, it computes any number of them.
    vars(network.config)["max_source_positions"] = mel.shape[-1] / 2
    table, frames = network.embed_positions, (mel.shape[-1] + 1) // 2
    network.embed_positions = torch.nn.Embedding.from_pretrained(table.weight.data[:frames])
    kept = []
    handle = network.layers[-1].register_forward_hook(lambda _, __, out: kept.append(out[0] if isinstance(out, tuple) else out))
    output = network(mel, output_hidden_states=True)
    handle.remove()
    network.embed_positions = table
    # The state that leaves the last layer is not among the outputs.
    return list(output.hidden_states[:-1]) + [kept[0].reshape(output.last_hidden_state.shape)], output.last_hidden_state


def main(folder, out, *clips):
    extractor = AutoFeatureExtractor.from_pretrained(folder)
    is_whisper = AutoConfig.from_pretrained(folder).model_type == "whisper"
    network = (whisper_encoder(folder) if is_whisper else AutoModel.from_pretrained(folder).eval()).double()
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "encoder.txt").write_text(str(pathlib.Path(folder).resolve()))
    for number, clip in enumerate(clips):
        samples, rate = soundfile.read(clip, dtype="float32")
        assert rate == 16000, f"{clip}: {rate} Hz"
        samples = np.ascontiguousarray(samples if samples.ndim == 1 else samples.mean(1))
        with torch.no_grad():
            if is_whisper:
                states, last = whisper_states(network, extractor, samples)
            else:
                values = extractor(samples, sampling_rate=16000, return_tensors="pt").input_values.double()
                output = network(values, output_hidden_states=True)
                states, last = output.hidden_states, output.last_hidden_state
        arrays = {f"state.{i}": h[0].float().contiguous() for i, h in enumerate(states)}
        save_file(arrays | {"samples": torch.from_numpy(samples), "last": last[0].float().contiguous()}, out / f"{number}.safetensors")


main(*sys.argv[1:])

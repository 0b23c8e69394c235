"""Tiny random encoders of every family, as Hugging Face's transformers saves them, and their hidden states by its code.

    python make_encoders.py        # torch 2.13, transformers 5.24; about 15 s

Each folder has config.json, preprocessor_config.json, model.safetensors and expected.safetensors: `state.0` … `state.2`
and `last` of the clip in clip.safetensors (6000 samples). `state.2` is before the final norm of pre-norm networks, `last`
behind it. Whisper's are of the clip padded to 3 s and cut to its own frames; `alone.*` of the clip unpadded, where
transformers' encoder is told of as many positions; `log_mel` is the unpadded clip's spectrogram.
All biases, norms, gates and lengths are moved off the values that they start with, or a key that is swapped or not read
would change nothing.
"""
import os, pathlib, warnings
os.environ["HF_HUB_OFFLINE"] = "1"
warnings.filterwarnings("ignore")
import numpy as np
import torch
import transformers
from safetensors.torch import save_file
from transformers import (
    Data2VecAudioConfig, Data2VecAudioModel, HubertConfig, HubertModel, Wav2Vec2Config, Wav2Vec2FeatureExtractor,
    Wav2Vec2Model, WavLMConfig, WavLMModel, WhisperConfig, WhisperFeatureExtractor)
from transformers.models.whisper.modeling_whisper import WhisperEncoder

torch.set_num_threads(1)
transformers.logging.set_verbosity_error()
here = pathlib.Path(__file__).parent

shared = dict(
    hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, conv_dim=(16,) * 7,
    num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=4, vocab_size=8, num_codevectors_per_group=8,
    hidden_dropout=0.0, attention_dropout=0.0, feat_proj_dropout=0.0, activation_dropout=0.0, layerdrop=0.0,
    codevector_dim=16, proj_codevector_dim=16)
base = dict(feat_extract_norm="group", do_stable_layer_norm=False, conv_bias=False)
large = dict(feat_extract_norm="layer", do_stable_layer_norm=True, conv_bias=True)
# A clip of 18 frames reaches the wider buckets of distances.
buckets = dict(num_buckets=32, max_bucket_distance=80)
families = {
    "wav2vec2-base": (Wav2Vec2Config, Wav2Vec2Model, base),
    "wav2vec2-large": (Wav2Vec2Config, Wav2Vec2Model, large),
    "hubert-base": (HubertConfig, HubertModel, base),
    "hubert-large": (HubertConfig, HubertModel, large),
    "wavlm-base": (WavLMConfig, WavLMModel, base | buckets),
    "wavlm-large": (WavLMConfig, WavLMModel, large | buckets | dict(conv_bias=False)),
    "data2vec-base": (Data2VecAudioConfig, Data2VecAudioModel, dict(conv_pos_kernel_size=5, num_conv_pos_embeddings=5)),
}


def moved(model):
    generator = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1 or name.endswith(("gru_rel_pos_const", "original0")):
                parameter.add_(0.1 * torch.randn(parameter.shape, generator=generator))
    return model.eval()


def states(output, prefix="", frames=None):
    # `hidden_states` ends before the final norm in transformers 5.24 for wav2vec2 and its kin, behind it for Whisper.
    named = {f"state.{i}": h for i, h in enumerate(output.hidden_states)} | {"last": output.last_hidden_state}
    return {prefix + name: h[0, :frames].detach().clone().contiguous() for name, h in named.items()}


def saved(model, name, extractor, expected):
    folder = here / name
    model.save_pretrained(folder)
    extractor.save_pretrained(folder)
    save_file(expected, folder / "expected.safetensors")


random = np.random.default_rng(0)
clip = (0.1 * random.standard_normal(6000) * np.hanning(6000) + 0.01).astype(np.float32)
save_file({"samples": torch.from_numpy(clip)}, here / "clip.safetensors")

for name, (config, model, options) in families.items():
    torch.manual_seed(7)
    network = moved(model(config(**(shared | options))))
    extractor = Wav2Vec2FeatureExtractor(do_normalize=name != "wavlm-base", return_attention_mask="large" in name)
    with torch.no_grad():
        values = extractor(clip, sampling_rate=16000, return_tensors="pt").input_values
        saved(network, name, extractor, states(network(values, output_hidden_states=True)))

torch.manual_seed(7)
options = dict(
    d_model=32, encoder_layers=2, decoder_layers=1, encoder_attention_heads=4, decoder_attention_heads=4,
    encoder_ffn_dim=64, decoder_ffn_dim=64, vocab_size=64, max_source_positions=150, max_target_positions=16,
    num_mel_bins=80, pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1, dropout=0.0)
network = moved(WhisperEncoder(WhisperConfig(**options)))
extractor = WhisperFeatureExtractor(chunk_length=3)
frames = (len(clip) // 160 + 1) // 2


def whisper(network, mel, prefix):
    # The state that leaves the last layer is not among the outputs.
    kept = []
    handle = network.layers[-1].register_forward_hook(lambda _, __, out: kept.append(out[0] if isinstance(out, tuple) else out))
    output = network(mel, output_hidden_states=True)
    handle.remove()
    named = states(output, prefix, frames)
    named[f"{prefix}state.2"] = kept[0].reshape(1, -1, 32)[0, :frames].detach().clone().contiguous()
    return named


with torch.no_grad():
    expected = whisper(network, extractor(clip, sampling_rate=16000, return_tensors="pt").input_features, "")
    mel = extractor(clip, sampling_rate=16000, return_tensors="pt", padding=False).input_features
    expected["log_mel"] = mel[0].T.clone().contiguous()
    alone = WhisperEncoder(WhisperConfig(**(options | dict(max_source_positions=frames)))).eval()
    weights = network.state_dict()
    weights["embed_positions.weight"] = weights["embed_positions.weight"][:frames]
    alone.load_state_dict(weights)
    # It asks for two windows a position, but computes any number of them.
    vars(alone.config)["max_source_positions"] = mel.shape[-1] / 2
    expected |= whisper(alone, mel, "alone.")
    saved(network, "whisper", extractor, expected)

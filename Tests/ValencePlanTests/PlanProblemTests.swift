import Foundation
import Testing
import ValenceCore

@testable import ValencePlan

/// A plan that is wrong on purpose, and everything that is said of it.
struct WrongPlan: Sendable, CustomTestStringConvertible {
  let text: String
  let complaint: String
  var testDescription: String { complaint }

  /// Lines that follow `head`, so the first of them is line 6.
  init(_ lines: String, _ complaint: String) {
    text = head + lines
    self.complaint = complaint
  }

  /// A whole file.
  init(file text: String, _ complaint: String) {
    self.text = text
    self.complaint = complaint
  }
}

@Suite struct PlanProblemTests {
  @Test("a value of the wrong type or out of range is named with its line", arguments: values)
  func value(wrong: WrongPlan) { #expect(complaints(wrong.text) == wrong.complaint) }

  static let values = [
    WrongPlan(
      "training: {epochs: abc}",
      "exp.yaml:6: training.epochs: expected a whole number, found text 'abc'."),
    WrongPlan("training:\n  epochs: 0", "exp.yaml:7: training.epochs: '0' is outside 1…10000."),
    WrongPlan(
      "training:\n  epochs:", "exp.yaml:7: training.epochs: expected a whole number, found nothing."
    ),
    WrongPlan(
      "training: {epochs: 1.5}",
      "exp.yaml:6: training.epochs: expected a whole number, found the number 1.5."),
    WrongPlan(
      "training: {epochs: \"60\"}",
      "exp.yaml:6: training.epochs: expected a whole number, found text '60'."),
    WrongPlan(
      "training: {epochs: 99999999999999999999}",
      "exp.yaml:6: training.epochs: '99999999999999999999' is outside 1…10000."),
    WrongPlan(
      "training: {epochs: 010}",
      "exp.yaml:6: training.epochs: expected a whole number, found text '010'."),
    WrongPlan(
      "model: {cnn: {channels: abc}}",
      "exp.yaml:6: model.cnn.channels: expected a list of whole numbers, found text 'abc'."),
    WrongPlan(
      "model:\n  cnn:\n    channels:\n      - 16\n      - x\n      - 0",
      """
      exp.yaml:10: model.cnn.channels: expected a whole number, found text 'x'.
      exp.yaml:11: model.cnn.channels: '0' is outside 1…1024.
      """),
    WrongPlan(
      "model: {cnn: {channels: []}}",
      "exp.yaml:6: model.cnn.channels: expected 1…16 entries, found 0."),
    WrongPlan(
      "model: {cnn: {dropout: 1}}", "exp.yaml:6: model.cnn.dropout: '1' is outside 0…0.95."),
    WrongPlan(
      "model: {rnn: {bidirectional: yes}}",
      "exp.yaml:6: model.rnn.bidirectional: expected true or false, found text 'yes'."),
    WrongPlan(
      "model: {rnn: many}", "exp.yaml:6: model.rnn: expected a map of keys, found text 'many'."),
    WrongPlan(
      "model: {rnn: {cell: grue}}",
      "exp.yaml:6: model.rnn.cell: 'grue' is not one of lstm, gru; did you mean gru?"),
    WrongPlan(
      "model: {transformer: {positions: learned}}",
      "exp.yaml:6: model.transformer.positions: 'learned' is not one of rotary, sinusoidal, none."),
    WrongPlan(
      "model: {transformer: {width: 100, heads: 3}}",
      """
      exp.yaml:6: model.transformer.width: 100 is no multiple of model.transformer.heads, which is 3; \
      use for example 102.
      """),
    WrongPlan(
      "model: {transformer: {width: 20}}",
      """
      exp.yaml:6: model.transformer.positions: rotary turns pairs of values, but \
      model.transformer.width 20 and model.transformer.heads 4 leave 5 to a head, an odd number; use \
      a width of 24 or other positions.
      """),
    WrongPlan(
      "model: {projection: {activation: tanh}}",
      "exp.yaml:6: model.projection.activation: 'tanh' is not one of relu, gelu, none."),
    WrongPlan(
      "training: {optimizer: {name: adagrad}}",
      "exp.yaml:6: training.optimizer.name: 'adagrad' is not one of adamw, adam, sgd."),
    WrongPlan(
      "training: {optimizer: {name: sgd, momentum: 1}}",
      "exp.yaml:6: training.optimizer.momentum: '1' is outside 0…0.999."),
    WrongPlan(
      "training: {schedule: {name: step, factor: 1}}",
      "exp.yaml:6: training.schedule.factor: '1' is outside 0.001…0.999."),
    WrongPlan(
      "training: {loss: {name: focal, gamma: -1}}",
      "exp.yaml:6: training.loss.gamma: '-1' is outside 0…10."),
    WrongPlan(
      "training: {loss: {name: hinge}}",
      "exp.yaml:6: training.loss.name: 'hinge' is not one of cross_entropy, focal."),
    WrongPlan(
      "model: {cnn: {norm: group}}",
      "exp.yaml:6: model.cnn.norm: 'group' is not one of batch, layer, none."),
    WrongPlan(
      "model: {cnn: {activation: tanh}}",
      "exp.yaml:6: model.cnn.activation: 'tanh' is not one of relu, gelu."),
    WrongPlan(
      "model: {cnn: {pool: {time: [2, 2, 9]}}}",
      "exp.yaml:6: model.cnn.pool.time: '9' is outside 1…8."),
    WrongPlan(
      "model: {cnn: {pool: {frames: [2, 2, 2]}}}",
      "exp.yaml:6: model.cnn.pool.frames: no such key; valid are time, frequency."),
    WrongPlan(
      "features: {normalization: zscore}",
      "exp.yaml:6: features.normalization: 'zscore' is not one of none, train, corpus, speaker."),
    WrongPlan(
      "features: {fusion: stak}",
      """
      exp.yaml:6: features.fusion: 'stak' is not one of \(fusions); \
      did you mean stack?
      """),
    WrongPlan(
      "features: {fusion: [mel]}",
      """
      exp.yaml:6: features.fusion: expected one of \(fusions), \
      found a list.
      """),
    WrongPlan(
      "features: {hop_ms: .inf}",
      "exp.yaml:6: features.hop_ms: expected a number, found text '.inf'."),
    WrongPlan(
      "features: {hop_ms: {a: 1}}", "exp.yaml:6: features.hop_ms: expected a number, found a map."),
    WrongPlan(
      "training: {optimizer: {learning_rate: 1e999}}",
      "exp.yaml:6: training.optimizer.learning_rate: '1e999' is outside 1.0e-08…10."),
    WrongPlan(
      "features: {prosody: on}",
      """
      exp.yaml:6: features.prosody: expected true, false or a map of keys, found text 'on'.
      """),
    WrongPlan(
      "features: {prosody: {low_hz: 10}}",
      "exp.yaml:6: features.prosody.low_hz: '10' is outside 20…1000."),
    WrongPlan(
      "features: {functionals: on}",
      """
      exp.yaml:6: features.functionals: expected true, false or a map of keys, found text 'on'.
      """),
    WrongPlan(
      "features: {fusion: functionals, functionals: {of: [mel, chroma]}}",
      """
      exp.yaml:6: features.functionals.of: 'chroma' is not one of mfcc, mel, prosody, spectral, timing, \
      egemaps.
      """),
    WrongPlan(
      "features: {fusion: functionals, functionals: {of: []}}",
      "exp.yaml:6: features.functionals.of: expected 1…6 entries, found 0."),
    WrongPlan(
      "features: {fusion: functionals, functionals: {statistics: most}}",
      "exp.yaml:6: features.functionals.statistics: expected a list of words, found text 'most'."),
    WrongPlan(
      "features: {fusion: functionals, functionals: {statistics: [moments, moments]}}",
      "exp.yaml:6: features.functionals.statistics: 'moments' is in this list twice."),
    WrongPlan(
      "features: {fusion: functionals, functionals: {mel_bands: 2}}",
      "exp.yaml:6: features.functionals.mel_bands: '2' is outside 4…128."),
    WrongPlan(
      "seeds: 1", "exp.yaml:6: seeds: expected a list of whole numbers, found the number 1."),
    WrongPlan("seeds: [1, 2, 1]", "exp.yaml:6: seeds: '1' is in this list twice."),
    WrongPlan("seeds: [-1]", "exp.yaml:6: seeds: '-1' is outside 0…9223372036854775807."),
    WrongPlan("title: [a]", "exp.yaml:6: title: expected text, found a list."),
    WrongPlan(
      "train_on: [ravdes]",
      "exp.yaml:6: train_on: 'ravdes' is not one of ravdess, emovo; did you mean ravdess?"),
    WrongPlan(
      "audio: {long_clips: cut}",
      "exp.yaml:6: audio.long_clips: 'cut' is not one of crop, windows."),
    WrongPlan(
      "audio: {trim_db: quiet}",
      "exp.yaml:6: audio.trim_db: expected a number, found text 'quiet'."),
    WrongPlan("audio: {trim_db: 5}", "exp.yaml:6: audio.trim_db: '5' is outside 10…100."),
    WrongPlan("test_on: []", "exp.yaml:6: test_on: expected at least 1 entry, found 0."),
    WrongPlan(
      "report: {formats: [pdf, pdf]}",
      "exp.yaml:6: report.formats: 'pdf' is in this list twice."
    ),
    WrongPlan(
      "report: {headline: wa}",
      "exp.yaml:6: report.headline: 'wa' is not one of uar, accuracy, macro_f1, weighted_f1."),
  ]

  @Test("a key that is not known is refused with the nearest word", arguments: keys)
  func key(wrong: WrongPlan) { #expect(complaints(wrong.text) == wrong.complaint) }

  static let keys = [
    WrongPlan(
      "features:\n  hop_msec: 10",
      "exp.yaml:7: features.hop_msec: no such key; did you mean hop_ms?"),
    WrongPlan(
      "features: {energy: false}",
      """
      exp.yaml:6: features.energy: no such key; valid are window_ms, hop_ms, mel, mfcc, prosody, \
      spectral, functionals, encoder, …
      """),
    WrongPlan(
      "features: {prosody: {low: 60}}",
      "exp.yaml:6: features.prosody.low: no such key; valid are low_hz, high_hz."),
    WrongPlan(
      "audio: {long_clip: crop}",
      "exp.yaml:6: audio.long_clip: no such key; did you mean long_clips?"),
    WrongPlan("trainig: {}", "exp.yaml:6: trainig: no such key; did you mean training?"),
    WrongPlan("extend: base.yaml", "exp.yaml:6: extend: no such key; did you mean extends?"),
    WrongPlan(
      "training: {augmentation: {reverb: 0.2}}",
      """
      exp.yaml:6: training.augmentation.reverb: no such key; valid are specaugment, noise, speed, \
      mixup.
      """),
    WrongPlan(
      "training: {augmentation: {noise: {snr_db: [30, 10]}}}",
      "exp.yaml:6: training.augmentation.noise.snr_db: 30 is above 10; expected [10, 30]."),
    WrongPlan(
      "training: {augmentation: {noise: {snr_db: [10]}}}",
      "exp.yaml:6: training.augmentation.noise.snr_db: expected 2 entries, found 1."),
    WrongPlan(
      "training: {augmentation: {noise: {snr_db: [10, 1e3]}}}",
      "exp.yaml:6: training.augmentation.noise.snr_db: '1e3' is outside -20…100."),
    WrongPlan(
      "training: {augmentation: {noise: {snr_db: 20}}}",
      """
      exp.yaml:6: training.augmentation.noise.snr_db: expected a list of numbers, found the number \
      20.
      """),
    WrongPlan(
      "training: {augmentation: {noise: 20}}",
      "exp.yaml:6: training.augmentation.noise: expected a map of keys, found the number 20."),
    WrongPlan(
      "training: {augmentation: {mixup: 0}}",
      "exp.yaml:6: training.augmentation.mixup: '0' is outside 0.01…100."),
    WrongPlan(
      "training: {augmentation: {mixup: yes}}",
      "exp.yaml:6: training.augmentation.mixup: expected a number, found text 'yes'."),
    WrongPlan(
      "training: {augmentation: {mixup: 0.2}, batch: 1}",
      """
      exp.yaml:6: training.augmentation.mixup: mixes clips of a batch, but training.batch is 1; \
      mixup needs at least 2.
      """),
    WrongPlan(
      "training: {augmentation: {speed: []}}",
      "exp.yaml:6: training.augmentation.speed: expected 1…20 entries, found 0."),
    WrongPlan(
      "training: {augmentation: {speed: 1.1}}",
      """
      exp.yaml:6: training.augmentation.speed: expected a list of numbers, found the number 1.1.
      """),
    WrongPlan(
      "training:\n  augmentation:\n    speed:\n      - 1.1\n      - 2.5\n      - fast",
      """
      exp.yaml:10: training.augmentation.speed: '2.5' is outside 0.5…2.
      exp.yaml:11: training.augmentation.speed: expected a number, found text 'fast'.
      """),
    WrongPlan(
      "training: {augmentation: {speed: [0.9, 1, 9e-1]}}",
      "exp.yaml:6: training.augmentation.speed: '0.9' is in this list twice."),
    WrongPlan(
      "sweep: {grids: {training.batch: [8, 16]}}",
      """
      exp.yaml:6: sweep.grid: expected one of grid, variants, random and one_at_a_time.
      exp.yaml:6: sweep.grids: no such key; did you mean grid?
      """),
    WrongPlan(
      file: "title: nothing else",
      """
      exp.yaml: name: is missing; every experiment needs name, corpora and labels.
      exp.yaml: corpora: is missing; every experiment needs name, corpora and labels.
      exp.yaml: labels: is missing; every experiment needs name, corpora and labels.
      """),
    WrongPlan(
      file: head.replacingOccurrences(of: "name: trial", with: "name: My Trial"),
      "exp.yaml:1: name: 'My Trial' may have only a-z, 0-9 and -: it names folders."),
  ]

  @Test("settings that do not fit together name both keys", arguments: misfits)
  func misfit(wrong: WrongPlan) { #expect(complaints(wrong.text) == wrong.complaint) }

  static let misfits = [
    WrongPlan(
      "model:\n  cnn:\n    channels: [8, 16]\n    pool: [2]",
      """
      exp.yaml:9: model.cnn.pool: has 1 entry, but model.cnn.channels has 2; give one for each \
      block.
      """),
    WrongPlan(
      "model:\n  cnn:\n    channels: [8]",
      """
      exp.yaml:8: model.cnn.pool: has 3 entries, but model.cnn.channels has 1; give one for each \
      block.
      """),
    WrongPlan(
      "training:\n  epochs: 20\n  schedule: {name: step, every_epochs: 17}",
      """
      exp.yaml:8: training.schedule.every_epochs: 17 epochs after a warm-up of 3 the 20 \
      training.epochs are over, so the rate never falls.
      """),
    WrongPlan(
      "model:\n  cnn:\n    channels: [8, 16]\n    pool:\n      time: [1, 2]",
      """
      exp.yaml:8: model.cnn.pool.frequency: has 3 entries, but model.cnn.channels has 2; give one \
      for each block.
      """),
    WrongPlan(
      "features: {fusion: mel, mel: {bands: 12}}\nmodel: {cnn: {pool: {frequency: [2, 2, 4]}}}",
      """
      exp.yaml:7: model.cnn.pool.frequency: block 3 pools 4 bins at a time but its input has only 3 \
      bins; use a smaller pool or fewer blocks.
      """),
    WrongPlan(
      "model: {cnn: {kernel: 4}}",
      "exp.yaml:6: model.cnn.kernel: 4 is even; use an odd kernel such as 5."),
    WrongPlan(
      "features: {fusion: mel, mel: {bands: 12}}\nmodel: {cnn: {pool: [2, 2, 4]}}",
      """
      exp.yaml:7: model.cnn.pool: block 3 pools 4 × 4 but its input has only 3 bins; use a smaller \
      pool or fewer blocks.
      """),
    WrongPlan(
      "audio:\n  rate_hz: 8000",
      """
      exp.yaml:7: features.mel.high_hz: 8000 Hz (the default) is above 4000 Hz, half of \
      audio.rate_hz; set it to 4000 or less.
      """),
    WrongPlan(
      "audio:\n  rate_hz: 8000\nfeatures:\n  mel: {high_hz: 4001}",
      """
      exp.yaml:9: features.mel.high_hz: 4001 Hz is above 4000 Hz, half of audio.rate_hz; set it to \
      4000 or less.
      """),
    WrongPlan(
      "features: {mel: {low_hz: 900, high_hz: 900}}",
      """
      exp.yaml:6: features.mel.low_hz: the lowest edge, 900 Hz, must be below the highest \
      (features.mel.high_hz is 900).
      """),
    WrongPlan(
      "features: {mel: {bands: 32}}",
      """
      exp.yaml:6: features.mfcc.coefficients: 40 coefficients cannot come from 32 mel bands \
      (features.mel.bands); use at most 32.
      """),
    WrongPlan(
      "features:\n  fusion: stack",
      """
      exp.yaml:7: features.fusion: 'stack' lays features over each other, which needs as many \
      coefficients (features.mfcc.coefficients is 40) as bands (features.mel.bands is 64); set both \
      to 64 or fuse by concat or branches.
      """),
    WrongPlan(
      "features:\n  prosody: true\n  fusion: stack\n  mfcc: {coefficients: 64}",
      """
      exp.yaml:8: features.fusion: 'stack' lays features over each other, but prosody has 8 bins a \
      frame and features.mel.bands is 64; fuse by concat or branches, or set features.prosody to \
      false.
      """),
    WrongPlan(
      "features:\n  fusion: mel\n  prosody: true",
      """
      exp.yaml:8: features.prosody: joins a fusion of several features, but features.fusion is mel; \
      fuse by concat, stack, branches, gated or late, use the fusion prosody for it alone, or set it \
      to false.
      """),
    WrongPlan(
      "sweep: {variants: {a: {features.prosody: {low_hz: 60}, features.fusion: mfcc},\n"
        + "  b: {features.prosody: true, features.fusion: mel}, c: {features.fusion: concat}}}",
      """
      exp.yaml:6: features.prosody: joins a fusion of several features, but features.fusion is mel or \
      mfcc; fuse by concat, stack, branches, gated or late, use the fusion prosody for it alone, or \
      set it to false.
      """),
    WrongPlan(
      "features:\n  spectral: true\n  fusion: stack\n  mfcc: {coefficients: 64}",
      """
      exp.yaml:8: features.fusion: 'stack' lays features over each other, but spectral descriptors have \
      23 bins a frame and features.mel.bands is 64; fuse by concat or branches, or set \
      features.spectral to false.
      """),
    WrongPlan(
      "features:\n  fusion: mel\n  spectral: true",
      """
      exp.yaml:8: features.spectral: joins a fusion of several features, but features.fusion is mel; \
      fuse by concat, branches, gated or late, use the fusion spectral for it alone, or set it to false.
      """),
    WrongPlan(
      "features:\n  fusion: mel\n  mel: {bands: 16}\n  window_ms: 5\n  hop_ms: 5\n  functionals: {of: [mfcc]}",
      """
      exp.yaml:11: features.functionals: of the 64 mel bands some are so narrow that they cover no \
      frequency of the FFT of 128 points at 16000 Hz; use a longer window (features.window_ms is 5).
      """),
    WrongPlan(
      "features:\n  fusion: functionals\n  window_ms: 5\n  hop_ms: 5",
      """
      exp.yaml:8: features.functionals: of the 64 mel bands some are so narrow that they cover no \
      frequency of the FFT of 128 points at 16000 Hz; use a longer window (features.window_ms is 5).
      """),
    WrongPlan(
      "features:\n  fusion: functionals\n  window_ms: 10\n  functionals: {mel_bands: 120}",
      """
      exp.yaml:9: features.functionals.mel_bands: of the 120 mel bands some are so narrow that they \
      cover no frequency of the FFT of 256 points at 16000 Hz; use a longer window \
      (features.window_ms is 10).
      """),
    WrongPlan(
      "features:\n  prosody: {low_hz: 300}",
      """
      exp.yaml:7: features.prosody.low_hz: 300 Hz leaves less than an octave up to the highest F0 \
      (features.prosody.high_hz is 500); use at most 250.
      """),
    WrongPlan(
      "audio: {rate_hz: 6000}\nfeatures:\n  fusion: prosody\n  prosody: {high_hz: 1600}\n"
        + "training: {augmentation: none}",
      """
      exp.yaml:9: features.prosody.high_hz: 1600 Hz is above 1500 Hz, a quarter of audio.rate_hz; \
      set it to 1500 or less.
      """),
    WrongPlan(
      "features: {fusion: prosody}",
      """
      exp.yaml:6: training.augmentation.specaugment.freq_bins: 12 bins are more than the 8 that \
      the features have.
      """),
    WrongPlan(
      "features: {fusion: prosody}\ntraining: {augmentation: none}\n"
        + "model: {cnn: {channels: [8, 8], pool: [4, 4]}}",
      """
      exp.yaml:8: model.cnn.pool: block 2 pools 4 × 4 but its input has only 2 bins; use a smaller \
      pool or fewer blocks.
      """),
    WrongPlan(
      "features:\n  hop_ms: 40",
      """
      exp.yaml:7: features.hop_ms: frames 40 ms apart skip samples between windows of 25 ms \
      (features.window_ms); use at most 25.
      """),
    WrongPlan(
      "features:\n  mel: {bands: 200}",
      """
      exp.yaml:7: features.mel.bands: of 200 bands between 50 and 8000 Hz some are so narrow that \
      they cover no frequency of the FFT of 512 points at 16000 Hz; use at most 189 bands or a \
      longer window (features.window_ms is 25).
      """),
    WrongPlan(
      "training:\n  epochs: 3",
      """
      exp.yaml:7: training.schedule.warmup_epochs: 3 is not below training.epochs, which is 3; 0 goes \
      without warm-up.
      """),
    WrongPlan(
      "features: {fusion: mel, mel: {bands: 10}}",
      """
      exp.yaml:6: training.augmentation.specaugment.freq_bins: 12 bins are more than the 10 that \
      the features have.
      """),
    WrongPlan(
      "train_on: [ravdess]\ntest_on: [emovo]\nprotocol:\n  across: none",
      """
      exp.yaml:9: protocol.across: none tests each network on its own corpus only, so train_on and \
      test_on must name the same corpora.
      """),
  ]

  @Test("a protocol of the wrong form is refused", arguments: protocols)
  func protocolForm(wrong: WrongPlan) { #expect(complaints(wrong.text) == wrong.complaint) }

  static let protocols = [
    WrongPlan(
      "protocol: {within: offical}",
      """
      exp.yaml:6: protocol.within: 'offical' is not one of leave_one_speaker_out, official, \
      {speaker_folds: k}, {emobox: path}, {csv: path}; did you mean official?
      """),
    WrongPlan(
      "protocol: {within: '{csv: path}'}",
      "exp.yaml:6: protocol.within: expected a map of keys, found text '{csv: path}'."),
    WrongPlan(
      "protocol: {within: {speaker_folds: 1}}",
      "exp.yaml:6: protocol.within.speaker_folds: '1' is outside 2…1000."),
    WrongPlan(
      "protocol: {within: {speaker_folds: 5, csv: folds/folds.csv}}",
      """
      exp.yaml:6: protocol.within: expected exactly one of speaker_folds, emobox, csv, found 2 keys.
      """),
    WrongPlan(
      "protocol: {within: {emobox: folds/folds.csv}}",
      "exp.yaml:6: protocol.within.emobox: FOLDER/folds/folds.csv is a file; expected a folder."),
    WrongPlan(
      "protocol: {within: {csv: folds}}",
      "exp.yaml:6: protocol.within.csv: FOLDER/folds is a folder; expected a file."),
    WrongPlan(
      "protocol: {validation: {fraction: 1}}",
      "exp.yaml:6: protocol.validation.fraction: '1' is outside 0.01…0.9."),
    WrongPlan(
      "protocol: {validation: some}",
      "exp.yaml:6: protocol.validation: expected a map of keys, found text 'some'."),
  ]

  @Test("all problems of a file come together, in the order of its lines")
  func order() {
    let text =
      head + """
        training: {epochs: 0, batch: x}
        features:
          hop_msec: 10
          fusion: both
        model: {cnn: {kernel: 12}}
        """
    #expect(
      complaints(text) == """
        exp.yaml:6: training.epochs: '0' is outside 1…10000.
        exp.yaml:6: training.batch: expected a whole number, found text 'x'.
        exp.yaml:8: features.hop_msec: no such key; did you mean hop_ms?
        exp.yaml:9: features.fusion: 'both' is not one of \(fusions).
        exp.yaml:10: model.cnn.kernel: '12' is outside 1…11.
        """)
  }
}

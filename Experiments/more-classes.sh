#!/usr/bin/env bash
# Two classes more for a trained network, in one command: says who trains, validates and is tested on RAVDESS,
# trains a network of four emotions, then one of six from few clips, from nothing and from that network.
#   CORPORA=/path/to/corpora Experiments/more-classes.sh [key=value …]
# VALENCE is the command (default: .build/release/valence), FOLDS where the lists of files go (default:
# .build/more-classes).
set -euo pipefail
cd "$(dirname "$0")/.."
valence=${VALENCE:-.build/release/valence}
export FOLDS=${FOLDS:-$PWD/.build/more-classes}
mkdir -p "$FOLDS"

# The last two digits of a name are the speaker: 15 to 18 choose the epoch, 19 to 24 are tested, by both. The
# first network learns from 1 to 14, the second one from as many of these as it is told.
list() {
  echo file,fold,split
  find -L "$CORPORA/ravdess" -name '03-01-*' \( -name '*.wav' -o -name '*.flac' \) -printf '%f\n' | sort |
    awk -F'[-.]' -v last="$1" '{
      side = $7 > 18 ? "test" : $7 > 14 ? "validation" : $7 <= last ? "train" : ""
      if (side != "") print $0 ",1," side
    }'
}
list 14 >"$FOLDS/body.csv"
list 2 >"$FOLDS/few.csv"

"$valence" run Experiments/more-classes-body.yaml
key=$("$valence" runs more-classes-body | awk '$2 == "base" { print $1 }')
export BODY=$PWD/Results/more-classes-body/trials/$key/model.safetensors
"$valence" run Experiments/more-classes.yaml "$@"

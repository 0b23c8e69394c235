#!/usr/bin/env bash
# The main job in one command: installs what is missing, builds, makes two small corpora of
# synthetic speech, trains on them and draws the figures. Doing it again repeats nothing.
#   Experiments/quickstart.sh [experiment file] [key=value …]
# VALENCE_SPEECH names the folder of the synthetic speech (default: .build/speech).
set -euo pipefail
cd "$(dirname "$0")/.."
. Experiments/packages.sh
install_missing
swift build -c release --product valence
valence=$(swift build -c release --show-bin-path)/valence
export VALENCE_SPEECH=${VALENCE_SPEECH:-$PWD/.build/speech}
Experiments/make-synthetic-speech.sh "$VALENCE_SPEECH"
experiment=Experiments/quickstart.yaml
if [ $# -gt 0 ] && [ -f "$1" ]; then
  experiment=$1
  shift
fi
"$valence" run "$experiment" "$@"

#!/usr/bin/env bash
# From a clone to a page that answers: installs what is missing, builds, trains the quickstart's small network on
# synthetic speech unless that is done, and serves it until Ctrl-C. Open the address that it prints.
#   Experiments/live.sh [options of valence serve, such as --port 9000]
# VALENCE_MODEL names another network to serve.
set -euo pipefail
cd "$(dirname "$0")/.."
. Experiments/packages.sh
install_missing ffmpeg
model=${VALENCE_MODEL:-}
if [ -z "$model" ]; then
  Experiments/quickstart.sh >&2
  # A network: trials of baselines have no seed.
  networks() { grep -lE '"seed" *: *[1-9]' Results/quickstart/trials/*/trial.json | xargs -n 1 dirname; }
  newest() { ls -t $(networks | sed 's#$#/model.safetensors#') | head -1; }
  model=$(dirname "$(newest)")
fi
swift build -c release --product valence
swift build -c release --product valence-serve
exec "$(swift build -c release --show-bin-path)/valence" serve "$model" "$@"

#!/usr/bin/env bash
# A small experiment through the built command, as a user would run it: synthetic speech, two corpora,
# training, figures; then the same again with another number of jobs, whose files must be the same.
set -euo pipefail
cd "$(dirname "$0")/.."
. Experiments/packages.sh
install_missing
swift build -c release --product valence
valence=$(swift build -c release --show-bin-path)/valence
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export VALENCE_SPEECH=${VALENCE_SPEECH:-$PWD/.build/speech} VALENCE_CACHE=$work/cache
Experiments/make-synthetic-speech.sh "$VALENCE_SPEECH"

run() { # NAME JOBS
  "$valence" run Experiments/quickstart.yaml --jobs "$2" --results "$work/$1/Results" \
    --plots "$work/$1/Plots" training.epochs=3 training.schedule.warmup_epochs=1 \
    >"$work/$1.txt"
}
run one 1
run two 2
for kind in Results Plots; do
  diff -r --exclude=timing.json "$work/one/$kind" "$work/two/$kind"
done
name=$(ls "$work/one/Results")
for file in experiment.yaml provenance.json results.csv summary.md trials.json; do
  test -s "$work/one/Results/$name/$file" || { echo "missing: $file" >&2; exit 1; }
done
ls "$work/one/Plots/$name"/*.pdf >/dev/null
# A finished run is not done again.
SECONDS=0
"$valence" run Experiments/quickstart.yaml --results "$work/one/Results" --plots "$work/one/Plots" \
  training.epochs=3 training.schedule.warmup_epochs=1 2>&1 >/dev/null \
  | grep -q "0 trials to train" || { echo "finished trials were trained again" >&2; exit 1; }
set +e
"$valence" plan Experiments/quickstart.yaml features.hop_msec=5 2>"$work/wrong.txt"
status=$?
set -e
[ "$status" = 2 ] && grep -q "did you mean hop_ms?" "$work/wrong.txt"
echo "Smoke test passed: $(wc -l <"$work/one/Results/$name/results.csv") result rows, the same with 1 and 2 jobs."

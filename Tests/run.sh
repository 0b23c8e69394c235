#!/usr/bin/env bash
# Installs what is missing, checks the format, builds, and runs every test.
#   Tests/run.sh [arguments for swift test, for example --filter ValenceNNTests]
set -euo pipefail
cd "$(dirname "$0")/.."
. Experiments/packages.sh
install_missing ffmpeg
swift format lint --strict -r Sources Tests Package.swift
swift build --build-tests
swift test --skip-build "$@"

# The Debian packages that Valence builds and runs with; sourced by quickstart.sh and Tests/run.sh.
# Installs only what is missing, through sudo when not root, and with apt-get alone.

valence_packages="pkg-config libopenblas-dev libdnnl-dev libfftw3-dev libsndfile1-dev libmpg123-dev libsoxr-dev \
liblinear-dev libssl-dev gnuplot-nox libgnuplot-iostream-dev fonts-liberation espeak-ng"

install_missing() {
  missing=""
  for package in $valence_packages "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" \
      || missing="$missing $package"
  done
  if [ -n "$missing" ]; then
    echo "Installing:$missing" >&2
    as_root=""
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -q >&2
    $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -qy --no-install-recommends $missing >&2
  fi
  if ! command -v swift >/dev/null; then
    echo "swift: not found; install the Swift 6.3 toolchain from swift.org and put it on PATH." >&2
    exit 1
  fi
}

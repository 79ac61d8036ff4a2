#!/bin/sh
# Makes what run.sh needs: `setup.sh [FOLDER]`, by default target/rivals of this repository.
#
# FOLDER gets a virtual environment (venv/) with scikit-learn, Vowpal Wabbit and LIBLINEAR in the
# versions of requirements.txt, and fastText's command line (bin/fasttext), compiled from the source
# package of fasttext-wheel 0.9.2 with the flags of fastText's own Makefile: it labels a file without
# passing each line through Python, and so is faster than the binding. Nothing is installed elsewhere.
#
# Needed: Python 3.11 or later with venv, a C++ compiler, and hyperfine 1.15 or later (Debian:
# apt-get install hyperfine; else cargo install hyperfine), GNU time and taskset (apt-get install time
# util-linux). Works once with the network; run again, it does only what is missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../../target/rivals}
mkdir -p "$folder/bin"
folder=$(cd "$folder" && pwd)

missing=0
need() {
  command -v "$1" >/dev/null 2>&1 || { echo "setup.sh: $1 is not there: $2" >&2; missing=1; }
}
need python3 "apt-get install python3 python3-venv"
need g++ "apt-get install g++"
need hyperfine "apt-get install hyperfine, or cargo install hyperfine (1.15 or later)"
need taskset "apt-get install util-linux"
need /usr/bin/time "apt-get install time"
[ "$missing" = 0 ] || exit 2

python=$folder/venv/bin/python
[ -x "$python" ] || python3 -m venv "$folder/venv"
"$python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"

if [ ! -x "$folder/bin/fasttext" ]; then
  source=$(mktemp -d)
  trap 'rm -rf "$source"' EXIT
  "$python" -m pip download --quiet --disable-pip-version-check --no-deps \
    --no-binary fasttext-wheel --dest "$source" fasttext-wheel==0.9.2
  tar -xzf "$source"/fasttext*.tar.gz -C "$source"
  g++ -std=c++17 -pthread -O3 -funroll-loops -DNDEBUG -march=native \
    "$source"/fasttext-wheel-0.9.2/src/*.cc -o "$folder/bin/fasttext"
fi
echo "ready: $folder"

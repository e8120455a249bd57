#!/usr/bin/env bash
# Leeway beside its peers and the machine's own limits, in one run. Usage: bench/run.sh BUILD  (or: make bench)
# Peers are installed from PyPI into BUILD/peers, once.
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
cmake --build "$build" --target bench
if [ ! -e "$build/peers/ready" ]; then
  python3 -m venv "$build/peers"
  "$build/peers/bin/pip" install --quiet -r "$here/peers.txt"
  touch "$build/peers/ready"
fi
echo "== kernels against the memory read bound"
"$build/bench/bench_kernels"
echo "== segment search, 200 features, 100k + 100k rows"
"$build/bench/bench_segments"
echo "== scoring and contributions, and XGBoost's Python package on the same model and rows"
mkdir -p "$build/bench/scored"
"$build/bench/bench_models" "$build/bench/scored"
OMP_NUM_THREADS=1 "$build/peers/bin/python" "$here/models.py" "$build/bench/scored"
echo "== against the peers"
"$build/peers/bin/python" "$here/peers.py" "$build/leeway"

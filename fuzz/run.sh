#!/usr/bin/env bash
# Runs each fuzz target for SECONDS_EACH (60) from the kept corpus in fuzz/corpus/<target>; findings stay in BUILD/fuzz.
# Usage: fuzz/run.sh BUILD
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
for target in "$build"/fuzz/*_fuzz; do
  name=$(basename "$target")
  work="$build/fuzz/corpus-$name"
  mkdir -p "$work" "$here/corpus/$name"
  echo "== $name"
  "$target" -max_total_time="${SECONDS_EACH:-60}" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=0 \
    -artifact_prefix="$build/fuzz/" "$work" "$here/corpus/$name"
done

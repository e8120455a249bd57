#!/usr/bin/env bash
# Unpacks the pinned DuckDB library and its C header into third_party/duckdb/dist, once.
# The library is verified by the integrity hash in package-lock.json, the header by the sum below.
set -euo pipefail
cd "$(dirname "$0")/../third_party/duckdb"
header_sum=cbe6a827284375c5a646b8f27dbd3a00808ce8738b5bbb49c190cb1e08540281
header_package=duckdb@1.4.4
stamp="dist/.$(sha256sum package-lock.json | cut -c1-16)-${header_sum:0:16}"
[ -e "$stamp" ] && exit 0

rm -rf dist && mkdir -p dist/lib dist/include
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
cp node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so dist/lib/

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tarball=$(cd "$work" && npm pack "$header_package" --loglevel=error | tail -n 1)
tar -xzf "$work/$tarball" -C "$work" package/src/duckdb/src/include/duckdb.h
echo "$header_sum  $work/package/src/duckdb/src/include/duckdb.h" | sha256sum --check --quiet
cp "$work/package/src/duckdb/src/include/duckdb.h" dist/include/
rm -rf node_modules
touch "$stamp"

#!/usr/bin/env bash
# Installs what building and testing Leeway needs on Debian 12. Asks apt only for what is missing, and never
# lets it remove a package (libboost1.81-dev conflicts with the Boost that Debian's python3-scipy pulls in).
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  g++ cmake ninja-build ccache mold make pkg-config git ca-certificates python3
  libboost1.81-dev libxgboost-dev libyaml-cpp-dev libcli11-dev libfmt-dev libsimdjson-dev zlib1g-dev
  libssl-dev libsodium-dev libspdlog-dev prometheus-cpp-dev libpq-dev libcurl4-openssl-dev
  libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev postgresql-15
)
command -v npm > /dev/null || packages+=(nodejs npm)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2> /dev/null | grep -q 'install ok installed' || missing+=("$package")
done

if [ "${#missing[@]}" -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo > /dev/null || { echo "setup: run as root, or install: ${missing[*]}" >&2; exit 2; }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  if ! DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends --no-remove \
      "${missing[@]}" > /dev/null; then
    echo "setup: apt could not install ${missing[*]}. If it says that packages would be removed, Debian's" \
      "python3-scipy holds an older Boost: remove it, or build in a container." >&2
    exit 2
  fi
fi

tools/fetch_duckdb.sh
tools/fetch_swagger.sh

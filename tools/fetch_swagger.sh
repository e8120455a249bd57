#!/usr/bin/env bash
# Unpacks the pinned Swagger UI into third_party/swagger-ui/dist, compressed as it is served. Nothing of it is run here.
set -euo pipefail
cd "$(dirname "$0")/.."
package=swagger-ui-dist@5.35.0
sum=1b8e891893404ea4c3558b6a87e2a3e494e7eedba41168c2ece5800a391a6ea6
dist=third_party/swagger-ui/dist
stamp="$dist/.${sum:0:16}"
[ -e "$stamp" ] && exit 0

rm -rf "$dist" && mkdir -p "$dist"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tarball=$(cd "$work" && npm pack "$package" --loglevel=error | tail -n 1)
echo "$sum  $work/$tarball" | sha256sum --check --quiet
tar -xzf "$work/$tarball" -C "$work"
for file in swagger-ui.css swagger-ui-bundle.js; do gzip -9nc "$work/package/$file" > "$dist/$file.gz"; done
cp "$work/package/LICENSE" "$work/package/NOTICE" "$dist/"
touch "$stamp"

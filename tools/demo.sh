#!/usr/bin/env bash
# The main job on real input: two spans of generated credit applications, the second drifted by a known plan, compared.
# Ends with the path of the HTML report. A failed gate (exit code 1) is what the check is there to find.
set -euo pipefail
leeway=$1
mkdir -p demo

"$leeway" simulate data credit --rows 40000 --all-labels --output demo/reference.csv --monitor demo/monitor.yaml
"$leeway" simulate data credit --rows 20000 --seed 2 --start 2026-01-01 --days 180 --drift default --output demo/current.csv

status=0
"$leeway" check demo/reference.csv demo/current.csv --config demo/monitor.yaml || status=$?
"$leeway" check demo/reference.csv demo/current.csv --config demo/monitor.yaml --format html --output demo/report.html --quiet || true
[ "$status" -le 1 ] || exit "$status"
echo
echo "What was injected:  demo/current.csv.causes.json"
echo "The report:         $(pwd)/demo/report.html"

"""Leeway's command beside scipy, scikit-learn, DuckDB, Evidently, NannyML and whylogs, on the same data in one run;
ratios, not promises.

Usage: peers.py LEEWAY [ROWS]. Times are the best of three runs, single-threaded where the thing measured can be told so.
The peers run with their usage reports switched off, and get the frames in memory, while Leeway reads the file.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
import warnings

os.environ.update(NML_DISABLE_USAGE_LOGGING="1", WHYLOGS_NO_ANALYTICS="True")

import duckdb
import numpy as np
import pandas as pd
from scipy import stats
from sklearn import metrics

COLUMNS = 50


def best(work, runs=3):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def row(name, seconds, beside="", other=None):
    ratio = f"{other / seconds:8.1f}x faster than {beside} ({other:.3f} s)" if other else ""
    print(f"{name:<58}{seconds:9.3f} s  {ratio}", flush=True)


def evidently_report(reference, current):
    from evidently import Report
    from evidently.presets import DataDriftPreset
    return lambda: Report([DataDriftPreset()]).run(current, reference)


def nannyml_drift(reference, current):
    """Its default statistic for numbers, the current rows as one chunk; fitting counts, as there is nothing prepared."""
    import nannyml
    def run():
        calculator = nannyml.UnivariateDriftCalculator(column_names=list(reference.columns), chunk_size=len(current))
        calculator.fit(reference)
        return calculator.calculate(current)
    return run


def whylogs_drift(reference, current):
    """Against a profile of the reference made before, as Leeway's is."""
    import whylogs
    from whylogs.viz.drift.column_drift_algorithms import calculate_drift_scores
    prepared = whylogs.log(reference).view()
    return lambda: calculate_drift_scores(target_view=whylogs.log(current).view(), reference_view=prepared)


PEERS = {
    "Evidently data drift report": evidently_report,
    "NannyML univariate drift": nannyml_drift,
    "whylogs profile and drift scores": whylogs_drift,
}


def main(folder, leeway, rows=1_000_000):
    random = np.random.default_rng(1)
    for name, shift in (("reference", 0.0), ("current", 0.02)):
        frame = pd.DataFrame({f"x{i}": random.normal(shift if i == 0 else 0, 1, rows) for i in range(COLUMNS)})
        frame.to_parquet(folder / f"{name}.parquet", compression="snappy")
    reference, current, prepared = (str(folder / n) for n in ("reference.parquet", "current.parquet", "reference.lwp"))
    frames = [pd.read_parquet(p) for p in (reference, current)]

    connection = duckdb.connect(config={"threads": 1})
    sums = ", ".join(f"sum(x{i})" for i in range(COLUMNS))
    read = best(lambda: connection.execute(f"SELECT {sums} FROM '{current}'").fetchall())
    row(f"DuckDB sums {rows:,} x {COLUMNS}, one thread", read)

    run = lambda *a: subprocess.run([leeway, *a], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    row("leeway profile: prepares the reference, once", best(lambda: run("profile", reference, "-o", prepared), 1))
    whole = best(lambda: run("check", prepared, current, "--threads", "1", "--format", "json"))
    row("leeway check against it, one thread", whole)
    print(f"    {whole / read:.2f} times the read bound")
    threads = best(lambda: run("check", prepared, current, "--format", "json"))
    row(f"leeway check, {os.cpu_count()} threads", threads)

    ks = best(lambda: stats.ks_2samp(frames[0].x0, frames[1].x0, method="asymp"))
    row("scipy ks_2samp, one column", ks)
    print(f"    leeway's whole check of {COLUMNS} columns takes {whole / ks:.1f} of these")

    y = random.random(rows) < 0.3
    score = np.clip(random.normal(0.4 + 0.2 * y, 0.2), 0, 1).astype(np.float32)
    row("scikit-learn roc_auc_score (see kernels for ours)", best(lambda: metrics.roc_auc_score(y, score)))

    print(json.dumps({"peak_memory_of_leeway_bytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024}))
    for name, prepare in PEERS.items():
        try:
            seconds = best(prepare(*frames), 1)
        except ImportError as missing:
            print(f"{name} was not measured: {missing}")
            continue
        row(f"{name}, frames in memory", seconds)
        print(f"    {seconds / threads:.0f} times leeway's check, which also reads the file", flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name:
        main(pathlib.Path(name), sys.argv[1], *map(int, sys.argv[2:]))

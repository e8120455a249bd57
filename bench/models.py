"""XGBoost's Python package on the model and rows that bench_models wrote. Usage: models.py FOLDER. One thread."""

import pathlib
import sys
import time

import numpy
import xgboost


def fastest(repeats, work):
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def line(what, seconds, rows, unit):
    print(f"{'xgboost ' + xgboost.__version__ + ': ' + what:<44} {seconds / rows * 1e6:>10.2f} µs/row {rows / seconds:>12.0f} {unit}")


def main(folder):
    booster = xgboost.Booster(model_file=str(folder / "model.ubj"))
    booster.set_param({"nthread": 1})
    rows = numpy.fromfile(folder / "rows.f32", dtype=numpy.float32).reshape(-1, booster.num_features())
    line("in place, bulk", fastest(3, lambda: booster.inplace_predict(rows)), len(rows), "rows/s")
    matrix = xgboost.DMatrix(rows[:1000], nthread=1)
    line("contributions", fastest(2, lambda: booster.predict(matrix, pred_contribs=True)), 1000, "rows/s")
    single = [rows[i : i + 1] for i in range(1000)]
    line("one row in place", fastest(3, lambda: [booster.inplace_predict(row) for row in single]), 1000, "calls/s")
    ones = single[:100]
    line("one row with contributions",
         fastest(2, lambda: [booster.predict(xgboost.DMatrix(row, nthread=1), pred_contribs=True) for row in ones]), 100, "calls/s")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))

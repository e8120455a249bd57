"""Every header of src/ compiles alone.

Usage: headers_check.py REPOSITORY. One compiler run per header, syntax only; prints the first error of each that fails.
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys

FLAGS = ["-std=c++23", "-fsyntax-only", "-x", "c++", "-Wall", "-Wextra"]


def include_paths(root: pathlib.Path) -> list[str]:
    libpq = subprocess.run(["pkg-config", "--cflags-only-I", "libpq"], capture_output=True, text=True, check=True)
    return ["-I", str(root / "src"), "-I", str(root / "third_party/duckdb/dist/include"), *libpq.stdout.split()]


def compile_alone(root: pathlib.Path, header: pathlib.Path, include: list[str]) -> str:
    text = f'#include "{header.relative_to(root / "src")}"\n'
    run = subprocess.run([os.environ.get("CXX", "g++"), *FLAGS, *include, "-"], input=text, capture_output=True, text=True)
    if run.returncode == 0:
        return ""
    errors = [line for line in run.stderr.splitlines() if "error" in line] or run.stderr.splitlines()
    return f"{header.relative_to(root)}: {errors[0]}"


def main(root: pathlib.Path) -> int:
    headers = sorted((root / "src").rglob("*.h"))
    include = include_paths(root)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        failures = [f for f in pool.map(lambda h: compile_alone(root, h, include), headers) if f]
    print("\n".join(failures) if failures else f"{len(headers)} headers compile alone")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))

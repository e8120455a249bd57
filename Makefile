# make demo: set up and run the main job. make test: set up and pass all tests. Both work on a fresh Debian 12.

PRESET ?= release
JOBS ?= $(shell nproc)
BUILD = build/$(PRESET)
LEEWAY = $(BUILD)/leeway

.PHONY: setup build demo test reliability bench fuzz clean

setup:
	tools/setup.sh

build: setup
	cmake --preset $(PRESET) --log-level=WARNING
	cmake --build --preset $(PRESET) --parallel $(JOBS)

# A year of generated credit applications and the half-year after it, which has drifted. Exit code 1 of the check is its finding.
demo: setup
	cmake --preset $(PRESET) --log-level=WARNING
	cmake --build --preset $(PRESET) --parallel $(JOBS) --target leeway
	tools/demo.sh $(LEEWAY)

test: build
	ctest --preset $(PRESET) --parallel $(JOBS) --output-on-failure

# What takes longer than a test may: every seed and every n-th failure (docs/reliability.md).
reliability: build
	LEEWAY_SEEDS=100000 $(BUILD)/test_journal
	LEEWAY_THOROUGH=1 $(BUILD)/test_store

bench: build
	bench/run.sh $(BUILD)

fuzz: setup
	cmake --preset fuzz --log-level=WARNING
	cmake --build --preset fuzz --parallel $(JOBS)
	fuzz/run.sh build/fuzz

clean:
	rm -rf build demo

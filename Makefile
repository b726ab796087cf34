# The front door; Meson does the work. SPDX-License-Identifier: BSD-2-Clause
BUILD ?= build

all: $(BUILD)/build.ninja
	@ninja --quiet -C $(BUILD)

$(BUILD)/build.ninja:
	@tools/install-deps.sh build
	meson setup $(BUILD)

demo: all
	@tools/install-deps.sh demo
	@tools/demo.sh $(BUILD)

check: all
	@tools/install-deps.sh check || echo "tests that need these are skipped"
	@tools/check.sh $(BUILD)

lab: all
	@tools/install-deps.sh demo
	@$(BUILD)/enchufe lab all

bench: all
	@tools/install-deps.sh bench
	@bench/run.py --build $(BUILD) --out bench/results/bench.jsonl \
		--svg bench/results/bench.svg
	@bench/wan.py --build $(BUILD) --out bench/results/wan.jsonl

suites: all
	@tools/install-deps.sh suites
	@tests/suites/run.py --build $(BUILD) $(SUITE)

asan tsan: all
	@tools/sanitize.sh $@

clean:
	rm -rf $(BUILD) build-asan build-tsan

.PHONY: all demo check lab bench suites asan tsan clean

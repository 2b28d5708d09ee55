# The two commands of the README are `make run` and `make test`. Each installs what is missing, builds, and does the job.
SHELL := /bin/sh
PRESET ?= release
BUILD := build/$(PRESET)
# A machine with little memory per core must not run one compiler per core.
JOBS ?= $(shell nproc)
DATA ?= $(CURDIR)/build/demo-data

.PHONY: help run ui screenshots web test test-linux test-windows build setup-build setup-test setup-lint lint format sanitize bench clean demo-reset \
        windows windows-packages

help:
	@echo "make run       build ExHyperV and give a simulated VM a GPU, driver included (real VHDX, NTFS and registry)"
	@echo "make ui        open the page of the simulated host in the browser (prints the address where there is none)"
	@echo "make test      build and run every test suite"
	@echo "make build     build only; the program is bin/exhyperv"
	@echo "make windows   the Windows program, bin/exhyperv.exe, cross-built (docs/windows.md)"
	@echo "make windows-packages  its archive, installer and manifests, tried under Wine"
	@echo "make test-windows  only the tests of the Windows program, under Wine"
	@echo "make lint      clang-format, clang-tidy and the project's own checks"
	@echo "make sanitize  the test suites under AddressSanitizer and UBSan"
	@echo "make bench     the benchmarks of tests/bench (takes some GB of disk and a few minutes)"
	@echo "make screenshots  make the pictures of docs/images anew, with a real browser"
	@echo "make clean     remove build/ and bin/"

setup-build:
	@sh tools/setup.sh build
setup-test:
	@sh tools/setup.sh build test browser
setup-lint:
	@sh tools/setup.sh build test lint

# Configuring is quick when nothing changed; its chatter only matters when it fails.
define configure
@cmake --preset $(PRESET) $(1) > build-configure.log 2>&1 || { cat build-configure.log; rm -f build-configure.log; exit 1; }
@rm -f build-configure.log
endef

# The page goes into the program. Without Node.js or the npm registry the build says so and goes on.
web:
	@sh tools/build_web.sh

build: setup-build web
	$(call configure,-DEXHYPERV_TESTS=OFF)
	@cmake --build $(BUILD) --target exhyperv -j $(JOBS) -- --quiet
	@mkdir -p bin && cp -f $(BUILD)/bin/exhyperv bin/exhyperv

# The main job on the embedded simulated host, kept apart from the user's own data.
run: build
	@EXHYPERV_DATA_DIR="$(DATA)" sh tools/demo.sh bin/exhyperv

# The page of the same simulated host.
ui: build
	@EXHYPERV_DATA_DIR="$(DATA)" bin/exhyperv ui

screenshots: build
	@sh tools/setup.sh browser
	@node tools/screenshots.mjs docs/images

demo-reset:
	@rm -rf "$(DATA)"

test: test-linux test-windows

# Where it cannot be done (no cross compiler, no Wine, no sources), it says so loudly.
test-windows: web
	@JOBS=$(JOBS) sh tools/windows/test.sh $(CTEST_ARGS)

windows: web
	@sh tools/setup.sh build windows
	@cmake --preset windows -DEXHYPERV_TESTS=OFF > build-configure.log 2>&1 || { cat build-configure.log; rm -f build-configure.log; exit 1; }
	@rm -f build-configure.log
	@cmake --build build/windows --target exhyperv -j $(JOBS) -- --quiet
	@mkdir -p bin && cp -f build/windows/bin/exhyperv.exe bin/exhyperv.exe

windows-packages: windows
	@sh tools/setup.sh packages wine
	@sh packaging/windows/build_packages.sh bin/exhyperv.exe build/windows/packaging/windows/exhyperv.ico \
	    "$$(sed -nE 's/^CMAKE_PROJECT_VERSION:STATIC=//p' build/windows/CMakeCache.txt)" build/windows-packages
	@sh packaging/windows/try_packages.sh "$$(command -v wine64 || echo /usr/lib/wine/wine64)" build/windows-packages \
	    $(CURDIR)/build/windows-packages-prefix

test-linux: setup-test web
	$(call configure,-DEXHYPERV_TESTS=ON)
	@cmake --build $(BUILD) -j $(JOBS) -- --quiet
	@mkdir -p bin && cp -f $(BUILD)/bin/exhyperv bin/exhyperv
	@ctest --test-dir $(BUILD) -j $(JOBS) --output-on-failure --no-tests=error $(CTEST_ARGS)

lint: setup-lint
	$(call configure,-DEXHYPERV_TESTS=ON)
	@sh tools/lint.sh $(BUILD)

format: setup-lint
	@git ls-files 'src/*.h' 'src/*.cpp' 'src/*.c' 'tests/*.h' 'tests/*.cpp' | xargs clang-format -i

sanitize: setup-test
	@cmake --preset asan-ubsan > /dev/null
	@cmake --build build/asan-ubsan -j $(JOBS) -- --quiet
	@LSAN_OPTIONS=suppressions=$(CURDIR)/tests/leaks.supp:print_suppressions=0 ctest --test-dir build/asan-ubsan -j $(JOBS) --output-on-failure --no-tests=error $(CTEST_ARGS)

bench: setup-test
	@sh tools/setup.sh bench
	$(call configure,-DEXHYPERV_TESTS=ON -DEXHYPERV_BENCH=ON)
	@cmake --build $(BUILD) -j $(JOBS) -- --quiet
	@mkdir -p bin && cp -f $(BUILD)/bin/exhyperv bin/exhyperv
	@sh tests/bench/run.sh $(BUILD)

clean:
	@rm -rf build bin web/dist

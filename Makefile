# What can be done in a checkout of SRRD. Each target installs what it lacks; those that run a lab need root.
.PHONY: help build deb check test test-unit test-lab test-e2e test-services test-machines torture demo bench sim mutations fuzz clean
MAKEFLAGS += --no-print-directory

help:
	@echo 'make build      bin/srrd and bin/srrctl, ready to run, and the pages they serve'
	@echo 'make deb        Debian packages, in build/debian13 and, with a Node.js of their own, build/debian12'
	@echo 'make demo       a web server outlives its node, on this machine; Ctrl-C ends it (ONCE=1: ends by itself; root)'
	@echo 'make bench      failovers measured, next to keepalived and Pacemaker: RUNS=n ONLY=scenario,... OUT=folder (docs/bench.md; root)'
	@echo 'make check      lint, format, structure and types'
	@echo 'make test       what every change has to pass: unit, simulator, lab (real FRR in network namespaces), browser; root'
	@echo 'make test-unit  the unit tests alone'
	@echo 'make test-lab   the lab tests alone, one lab at a time (root)'
	@echo 'make test-e2e   the browser tests on fake nodes alone (root, or Chromium is there)'
	@echo 'make test-services  what is in services/, with the real daemons of Debian (root)'
	@echo 'make test-machines  the Debian packages installed, upgraded and purged in bare systems of Debian 12 and 13 (root)'
	@echo 'make torture    the rules of the mirrored disk under 100,000 schedules of failures: SEED=n RUNS=n (docs/raid.md)'
	@echo 'make sim        simulated clusters under faults: SEED=n tells one, RUNS=n SEED=first tries many, ADVERSARY=1 (docs/simulator.md)'
	@echo 'make mutations  breaks the core on purpose, and shows that the simulator notices'
	@echo 'make fuzz       mutated announcements, messages of ospfd and answers of FRR are read: RUNS=n SEED=n ONLY=target,... (docs/fuzzing.md)'
	@echo 'make clean      remove what was built'

build: node_modules/.package-lock.json
	@scripts/install-packages build
	node_modules/.bin/tsc -b
	@node web/build.mjs

deb: build
	@scripts/install-packages deb
	@scripts/build-packages

node_modules/.package-lock.json: package-lock.json
	@scripts/install-packages build
	npm ci
	@touch $@

check: build
	node_modules/.bin/biome check .
	@scripts/check-structure.mjs
	node_modules/.bin/tsc -p tsconfig.test.json
	node_modules/.bin/tsc -p web

test: build
	@scripts/install-packages lab
	@scripts/install-packages browser
	@scripts/install-packages watched
	@scripts/run-tests.mjs --all unit sim lab e2e

test-unit: build
	@scripts/run-tests.mjs unit

test-e2e: build
	@scripts/install-packages browser
	@scripts/run-tests.mjs e2e

test-lab: build
	@scripts/install-packages lab
	@scripts/install-packages browser
	@scripts/install-packages watched
	@scripts/run-tests.mjs lab

test-services: build
	@scripts/install-packages lab
	@scripts/install-packages watched
	@scripts/install-packages services
	@scripts/run-tests.mjs services

test-machines: deb
	@scripts/install-packages lab
	@scripts/install-packages machines
	@scripts/test-machines
	@scripts/run-tests.mjs machines

torture: build
	@RUNS=$(or $(RUNS),100000) SEED=$(SEED) node_modules/.bin/vitest run --project unit --testTimeout 3600000 src/raid/model.test.ts

demo: build
	@scripts/install-packages lab
	node_modules/.bin/tsc -p test/lab
	@ONCE=$(ONCE) node test/lab/dist/demo.js

bench: build
	@scripts/install-packages bench
	node_modules/.bin/tsc -p test/bench
	@RUNS=$(RUNS) ONLY=$(ONLY) OUT=$(OUT) PUBLISH=$(PUBLISH) node test/bench/dist/test/bench/main.js

sim: node_modules/.package-lock.json
	node_modules/.bin/tsc -b ospfapi-shim
	node_modules/.bin/tsc -p test/sim/tsconfig.json
	@node test/sim/dist/test/sim/main.js

mutations: node_modules/.package-lock.json
	node_modules/.bin/tsc -b ospfapi-shim
	node_modules/.bin/tsc -p test/sim/tsconfig.json
	@node test/sim/dist/test/sim/mutations/main.js

fuzz: build
	node_modules/.bin/tsc -p test/fuzz/tsconfig.json
	@RUNS=$(RUNS) SEED=$(SEED) ONLY=$(ONLY) BYTES=$(BYTES) node test/fuzz/dist/test/fuzz/main.js

clean:
	rm -rf dist web/dist ospfapi-shim/dist test/lab/dist test/bench/dist test/sim/dist test/fuzz/dist .lab/reports build

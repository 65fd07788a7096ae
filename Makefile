# Every command of the project. `make` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help build demo test test-debug check lint tidy fmt fuzz rates bench golden docs clean

MARTLET := .build/release/martlet
SECONDS_EACH ?= 60

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## Build the release binary, .build/release/martlet
	@scripts/install-dependencies --build-only
	@echo "==> building martlet (release; the first time takes some minutes)"
	scripts/build --product martlet

demo: build ## Run three sample services and a Martlet in front of them, until Ctrl-C
	@exec $(MARTLET) demo

test: ## Run every test: units, the built binary end to end, fuzzers for seconds
	@scripts/test

test-debug: ## Run the unit tests without optimisation, with checks of exclusive access
	swift test

check: lint tidy test ## What CI runs, with the format lint and tidy first

lint: ## Check the format of the Swift sources
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

tidy: ## Check sizes, names, imports and companions
	scripts/tidy

fmt: ## Format the Swift sources
	swift format --in-place --recursive --parallel Package.swift Sources Tests

fuzz: ## Run each fuzzer for a minute (SECONDS_EACH=…)
	scripts/fuzz all $(SECONDS_EACH)

rates: ## Print what the injection filter finds and what it reports wrongly
	scripts/unit-tests --filter MartletInspectionTests.CorpusTests

bench: build ## Compare CPU per request with nginx, HAProxy, Envoy and Caddy
	bench/compare all

golden: ## Rewrite the golden files; the diff is the review
	UPDATE_GOLDEN=1 scripts/unit-tests --filter Golden
	git --no-pager diff --stat -- Tests/Golden docs

docs: build ## Write the generated pages: the JSON Schema
	@mkdir -p docs/config
	$(MARTLET) schema > docs/config/martlet.schema.json
	git --no-pager diff --stat -- docs

clean: ## Remove everything that was built or installed here
	rm -rf .build .tools

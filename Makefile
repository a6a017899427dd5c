# Everything a person types. Each target calls the script of the same name; the work is there.

.DEFAULT_GOAL := help
.PHONY: help run test bench bench-all bench-figures bench-growth bench-server bench-ratings dist soak pictures widget doctor sizes sizes-by-crate check clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-22s%s\n", $$1, $$2 }'

run: ## the portal page with real procedures; opens on 127.0.0.1:8080, LISTEN=host:port changes that
	@exec scripts/run

test: ## everything that must hold: format, lints, docs, all tests, journeys in a real browser
	@exec scripts/test

bench: ## bytes over the wire and time to the first usable input, beside a static page
	@exec scripts/bench

bench-all: ## every bench, within half an hour, into target/bench/all.txt
	@exec scripts/bench-all

bench-figures: ## questions for figures of 10,000,000 ratings and 2,000,000 cases beside 1,000 (RATINGS, CASES)
	@exec scripts/bench-figures

bench-growth: ## import, look-up, figures and deadline watch at 1k, 10k, 100k and 1M cases: exponents, a plot
	@exec scripts/bench-growth

bench-ratings: ## ratings kept for good beside a bare loop of commits, look-ups meanwhile
	@exec scripts/bench-ratings

bench-server: ## the server's side: look-ups beside the same bytes from memory (CASES=2000000)
	@exec scripts/bench-server

dist: ## server and element as one archive to put on a machine
	@exec scripts/dist

soak: ## the long form of everything, phase by phase, a list at the end (ONLY="api fuzz", SOAK_MINUTES=240)
	@exec scripts/soak

pictures: ## a picture of every state at 360 and 1280 px, light and dark, looked at by axe, into pictures/ (NAMES="kiosk rated")
	@exec scripts/pictures

widget: ## the element alone, built into dist/
	@exec scripts/widget

doctor: ## what a portal lacks that embeds the element: URL=https://portal.example.vn/page
	@exec scripts/doctor

sizes: ## what citizens download beside what bench/budget.json allows
	@exec scripts/sizes

sizes-by-crate: ## what the WebAssembly is made of, by crate and module, and what each feature weighs
	@exec scripts/sizes --crates

check: ## format, lints and docs only, the quick half of `make test`
	@exec scripts/check

clean: ## removes what was built; the tools in the cache stay
	@exec scripts/clean

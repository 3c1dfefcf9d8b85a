# Two commands matter: `make run` and `make test`. Both first install what the machine lacks.

# Where scripts/setup may have put Rust.
export PATH := $(HOME)/.cargo/bin:$(PATH)

.PHONY: help run test unit interop lint fmt prepare-sql

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 24

# A debug build: the dependencies are optimised in it too (see Cargo.toml), so a visitor sees no
# difference; it links sooner than a release build, and `make test` uses the same dependencies.
run: ## build, find a database, migrate, seed, serve on http://localhost:8080
	@scripts/setup run
	SQLX_OFFLINE=true cargo run --locked -- dev

test: unit interop ## everything that proves it works

unit: ## unit and HTTP tests
	@scripts/setup test
	SQLX_OFFLINE=true cargo test --locked

interop: ## foreign clients and a browser against a release server
	@scripts/setup test
	bash tests/interop/run

lint: ## what CI says about style
	cargo fmt --check
	SQLX_OFFLINE=true cargo clippy --locked --all-targets -- -D warnings

fmt: ## set the style right
	cargo fmt

prepare-sql: ## after changing SQL: refresh .sqlx, so that a build needs no database
	scripts/prepare-sql

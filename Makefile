# Every command of the project; `make` alone explains them. The recipes set up what they need on first use.
#   SITE=path/to/folder   the folder to serve instead of site/           (up, serve)
#   PORT=4566             the port of the local AWS emulator; of serve   (up, serve)
#   ENDPOINT=http://…     an AWS emulator that already runs              (up)
#   VERSION=…             the version of the site to make live           (rollback)
#   PHASE=1               the phase up to which the platform is deployed (deploy-ecommerce)
#   REPO=https://…        the repository, or folder, of a site; REF=branch or tag, FOLDER=dist (deploy-site)
#   STAGE=pr-42           a second copy of the stacks                    (preview, and all others on AWS)
#   BASE=main             the commit that the working tree is compared with (template-diff)
#   LOCAL=1               the site of `make up`, and not the one on AWS  (versions, rollback)
#   ARGS='…'              more arguments: settings for up (`-c name=value`), else passed to the tool
#   PYTHON=python3.13     the interpreter to set up with

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
ARGS ?=

# `make -f /some/where/Makefile` works from any folder, with spaces in its path too
ROOT := $(shell cd "$$(dirname "$(strip $(MAKEFILE_LIST))")" && pwd)
# no recipe sees the caller's PYTHONPATH; -P keeps the caller's folder out of the module path
IN_VENV = PATH="$(ROOT)/.venv/bin:$(ROOT)/node_modules/.bin:$$PATH" PYTHONPATH="$(ROOT)"
RUN = $(IN_VENV) "$(ROOT)/.venv/bin/python" -P -m
INSTALL = "$(PYTHON)" "$(ROOT)/local/install.py"

export SITE ENDPOINT PORT REPO REF FOLDER

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "; printf "usage: make <target>\n"} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  \033[1m%-17s\033[0m %s\n", $$1, $$2}' "$(ROOT)/Makefile"

##@ On this machine, without an AWS account
.PHONY: up serve down status logs cdk clean
up: ## start it all: emulator, Redis, deployed stacks, counter (SITE=folder serves your site)
	@$(INSTALL) local && $(RUN) local up $(ARGS)

serve: ## serve a folder by the rules of the edge, and reload open pages (SITE=folder, PORT=8080)
	@$(INSTALL) local && $(RUN) local serve $(ARGS)

down: ## stop all that `make up` started; the data stays for the next `make up`
	@test ! -x "$(ROOT)/.venv/bin/python" || $(RUN) local down $(ARGS)

status: ## what runs, since when, and where
	@$(INSTALL) local && $(RUN) local status $(ARGS)

logs: ## follow the logs of everything that runs (ARGS=counter for one of them)
	@$(INSTALL) local && $(RUN) local logs $(ARGS)

cdk: ## the CDK CLI on what `make up` deployed: make cdk ARGS='diff'
	@$(INSTALL) local && $(RUN) local cdk -- $(ARGS)

clean: down ## remove all that was made here: data, set-up, caches
	@rm -rf "$(ROOT)/.local" "$(ROOT)/.venv" "$(ROOT)/.cache" "$(ROOT)/node_modules" "$(ROOT)/local/node_modules" \
	  "$(ROOT)/tests/browser/node/node_modules" "$(ROOT)/cdk.out" "$(ROOT)/.mypy_cache" "$(ROOT)/.ruff_cache" \
	  "$(ROOT)/.pytest_cache"
	@find "$(ROOT)" -name __pycache__ -type d -prune -exec rm -rf {} +

##@ Quality
.PHONY: test lint format golden lock template-diff
test: ## lint, types and the tests that this machine can run (CI=true: all of them, and a missing part fails)
	@$(INSTALL) dev && cd "$(ROOT)" && $(RUN) tests.run $(ARGS)

lint: ## ruff, mypy --strict and hadolint
	@$(INSTALL) dev && cd "$(ROOT)" && $(RUN) tests.run --lint-only

format: ## format the Python code
	@$(INSTALL) dev && cd "$(ROOT)" && $(IN_VENV) ruff check --fix --quiet . ; $(IN_VENV) ruff format .

golden: ## refresh tests/golden and the generated pages of docs/ after a change to the stacks
	@$(INSTALL) dev && cd "$(ROOT)" && $(RUN) tests.golden

lock: ## pin what pyproject.toml names, with hashes (ARGS=--upgrade: newer indirect ones too)
	@$(INSTALL) dev && cd "$(ROOT)" && $(IN_VENV) sh local/lock.sh $(ARGS)

template-diff: ## what CloudFormation would change, replace and destroy since a commit: make template-diff BASE=main
	@$(INSTALL) synth && cd "$(ROOT)" && $(RUN) review.template_diff --base="$(BASE)" $(ARGS)

##@ On AWS, with your credentials
.PHONY: synth diff bootstrap deploy preview preview-remove versions rollback smoke drift deploy-site destroy deploy-ecommerce destroy-ecommerce
# the site's versions are those on AWS, or with LOCAL=1 those that `make up` deployed
SITE_MODULE = $(if $(LOCAL),local,deploy)
SITE_PROFILE = $(if $(LOCAL),local,synth)
STAGE_SETTING = $(if $(STAGE),-c "stage=$(STAGE)")
synth: ## write the CloudFormation templates to cdk.out (no account, no network)
	@$(INSTALL) synth && $(RUN) deploy synth $(STAGE_SETTING) $(ARGS)

diff: ## what a deploy would change
	@$(INSTALL) synth && $(RUN) deploy diff $(STAGE_SETTING) $(ARGS)

bootstrap: ## prepare the account and region for the CDK, once
	@$(INSTALL) synth && $(RUN) deploy bootstrap $(ARGS)

deploy: ## deploy StaticSite, or: make deploy ARGS='VisitorCounter -c counter_tasks=3'
	@$(INSTALL) synth && $(RUN) deploy deploy $(STAGE_SETTING) $(ARGS)

preview: ## deploy a second copy of the site to look at, and print its URL: make preview STAGE=pr-42
	@$(INSTALL) synth && $(RUN) deploy preview $(STAGE_SETTING) $(ARGS)

preview-remove: ## delete that copy with all its data: make preview-remove STAGE=pr-42
	@$(INSTALL) synth && $(RUN) deploy preview-remove $(STAGE_SETTING) $(ARGS)

versions: ## the site's versions, and which is live (LOCAL=1: of `make up`)
	@$(INSTALL) $(SITE_PROFILE) && $(RUN) $(SITE_MODULE) versions $(STAGE_SETTING) $(ARGS)

rollback: ## make the version before the live one live, in seconds (VERSION=…, LOCAL=1)
	@$(INSTALL) $(SITE_PROFILE) && $(RUN) $(SITE_MODULE) rollback $(VERSION) $(STAGE_SETTING) $(ARGS)

smoke: ## ask the deployed site and counter as a visitor does, until they answer
	@$(INSTALL) synth && $(RUN) deploy smoke $(STAGE_SETTING) $(ARGS)

drift: ## whether somebody changed what is deployed, past CloudFormation (exit code 3: yes)
	@$(INSTALL) synth && $(RUN) deploy drift $(STAGE_SETTING) $(ARGS)

# by the environment: an address is no text of this shell's
deploy-site: ## deploy the site in a repository or folder: make deploy-site REPO=https://… (REF=v1, FOLDER=dist)
	@$(INSTALL) synth && $(RUN) deploy deploy-site $(STAGE_SETTING) --ref="$$REF" --folder="$$FOLDER" --repository="$$REPO" $(ARGS)

deploy-ecommerce: ## deploy the e-commerce platform up to a phase: make deploy-ecommerce PHASE=1
	@$(INSTALL) synth && $(RUN) deploy deploy-ecommerce $(if $(PHASE),-c "ecommerce_phase=$(PHASE)") $(STAGE_SETTING) $(ARGS)

destroy-ecommerce: ## delete all of its stacks
	@$(INSTALL) synth && $(RUN) deploy destroy-ecommerce $(STAGE_SETTING) $(ARGS)

destroy: ## delete the stacks: make destroy ARGS=StaticSite
	@$(INSTALL) synth && $(RUN) deploy destroy $(STAGE_SETTING) $(ARGS)

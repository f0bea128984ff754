#!/bin/sh
# Resolve every version anew from pyproject.toml, visitor_counter/requirements.in and the package.json files.
# One resolution (requirements-dev.txt) decides; the narrower files are cut from it, so that what is tested is
# what is deployed. Arguments (--upgrade) go to that resolution; without, indirect versions stay as they are.
set -eu
export UV_CACHE_DIR="$PWD/.cache/uv" UV_NATIVE_TLS=1
compile() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate "$@"
}
compile pyproject.toml visitor_counter/requirements.in --group local --group dev --output-file requirements-dev.txt \
  "$@"
compile pyproject.toml visitor_counter/requirements.in --group local --constraints requirements-dev.txt \
  --output-file local/requirements.txt
compile pyproject.toml --constraints requirements-dev.txt --output-file requirements.txt
compile visitor_counter/requirements.in --constraints requirements-dev.txt \
  --output-file visitor_counter/requirements.txt
echo 'uv==0.13.9' | compile - --output-file local/uv.txt
# in an environment of its own: it pins what the others need newer
echo 'checkov==3.3.30' | compile - --output-file tests/checkov/requirements.txt
npm install --package-lock-only
npm install --package-lock-only --prefix local
npm install --package-lock-only --prefix tests/browser/node

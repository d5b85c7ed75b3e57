#!/usr/bin/env bash
# Compiles requirements/*.in to hashed requirement files for every Python we support, without index addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
for name in uv app dev; do
  .venv/bin/uv pip compile "requirements/$name.in" --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header --quiet -o "requirements/$name.txt" "$@"
done

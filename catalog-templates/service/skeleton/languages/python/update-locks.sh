#!/usr/bin/env bash
# Renews the uv.lock of every pyproject.toml of this language, after a change of dependencies.
# usage: update-locks.sh [--upgrade]   ("--upgrade" also moves transitive dependencies to their newest)
set -euo pipefail
shopt -s nullglob
skeleton=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for manifest in "$skeleton"/languages/python/*/pyproject.toml.njk "$skeleton"/databases/*/python-*/pyproject.toml.njk; do
  layer=$(dirname "$manifest")
  rm -f "$work"/*
  sed 's/\${{ values.name }}/name-of-service/' "$manifest" > "$work/pyproject.toml"
  if [ -f "$layer/uv.lock.njk" ]; then
    sed 's/\${{ values.name }}/name-of-service/' "$layer/uv.lock.njk" > "$work/uv.lock"
  fi
  uv lock --project "$work" --no-config --default-index https://pypi.org/simple "$@"
  sed 's/name-of-service/${{ values.name }}/' "$work/uv.lock" > "$layer/uv.lock.njk"
done

#!/usr/bin/env bash
# Renews the package-lock.json of every package.json of this language, after a change of dependencies.
# usage: update-locks.sh [update]   ("update" also moves transitive dependencies to their newest)
set -euo pipefail
shopt -s nullglob
skeleton=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for manifest in "$skeleton"/languages/typescript/*/package.json.njk "$skeleton"/databases/*/typescript-*/package.json.njk; do
  layer=$(dirname "$manifest")
  rm -rf "${work:?}"/*
  cp "$skeleton/languages/typescript/common/.npmrc" "$work/"
  sed 's/\${{ values.name }}/name-of-service/' "$manifest" > "$work/package.json"
  if [ "${1:-}" != update ] && [ -f "$layer/package-lock.json.njk" ]; then
    sed 's/\${{ values.name }}/name-of-service/' "$layer/package-lock.json.njk" > "$work/package-lock.json"
  fi
  (cd "$work" && npm install --package-lock-only --ignore-scripts --no-audit)
  sed 's/name-of-service/${{ values.name }}/' "$work/package-lock.json" > "$layer/package-lock.json.njk"
done

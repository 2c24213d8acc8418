#!/bin/sh
# The argument selects what runs. It replaces this process, so that signals reach it.
set -eu
cd "$(dirname "$0")/.."

case "${1:-}" in
  intake | ingest | catalogue | notifier | request-handler | search | gateway) exec node "dist/apps/$1/main.js" ;;
  migrate) exec node dist/tools/migrations.js up ;;
  almagest) shift && exec node dist/apps/cli/main.js "$@" ;;
  *)
    echo 'usage: intake | ingest | catalogue | notifier | request-handler | search | gateway | migrate | almagest COMMAND...' >&2
    exit 2
    ;;
esac

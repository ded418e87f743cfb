#!/bin/bash
# Starts PostgreSQL: makes the database on the first start, gives up root, and hands over to the server.
# Variables: POSTGRES_PASSWORD, POSTGRES_USER, POSTGRES_DB, POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD and
# PGDATA; the first three also as NAME_FILE, a file with the value.
set -euo pipefail

value_of() {
  local file_variable="$1_FILE"
  if [ -n "${!file_variable:-}" ]; then
    cat "${!file_variable}"
  else
    printf '%s' "${!1:-}"
  fi
}

if [ "${1:0:1}" = '-' ]; then
  set -- postgres "$@"
fi
if [ "$1" != postgres ]; then
  exec "$@"
fi

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres:postgres "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=$(value_of POSTGRES_USER)
  user=${user:-postgres}
  database=$(value_of POSTGRES_DB)
  database=${database:-$user}
  password=$(value_of POSTGRES_PASSWORD)
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ -z "$password" ] && [ "$method" != trust ]; then
    echo "There is no database yet and no POSTGRES_PASSWORD to make one with." >&2
    exit 1
  fi
  mkdir -p "$PGDATA"
  # shellcheck disable=SC2086 # several arguments in one variable
  initdb --pgdata="$PGDATA" --username="$user" --auth-local=trust --auth-host="$method" --encoding=UTF8 \
    --pwfile=<(printf '%s\n' "${password:-unused}") ${POSTGRES_INITDB_ARGS:-}
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"

  # Nobody outside connects before everything is in place.
  pg_ctl --pgdata="$PGDATA" -w -o "-c listen_addresses=''" start
  if [ "$database" != postgres ]; then
    createdb --username="$user" --maintenance-db=postgres "$database"
  fi
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sql) psql -v ON_ERROR_STOP=1 --username="$user" --dbname="$database" --file="$file" ;;
      *.sql.gz) gunzip -c "$file" | psql -v ON_ERROR_STOP=1 --username="$user" --dbname="$database" ;;
      *.sh) bash "$file" ;;
    esac
  done
  pg_ctl --pgdata="$PGDATA" -w -m fast stop
fi

unset POSTGRES_PASSWORD
exec "$@" -c listen_addresses='*'

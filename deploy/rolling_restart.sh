#!/bin/sh
# Restart the processes of the atlas one after another, each only when the one before has tables to show again: visitors
# always find one. Usage: rolling_restart.sh PORT [PORT …]
# RESTART names another way than systemd to restart the process with a port, BASE the path that the atlas lies below.
# Needs curl.
set -eu

RESTART=${RESTART:-systemctl restart atlas@}
BASE=${BASE:-}
PATIENCE_SECONDS=120

for port in "$@"; do
  echo "Port $port: neu starten"
  ${RESTART}"$port"
  waited=0
  until curl --silent --fail --max-time 5 --output /dev/null "http://127.0.0.1:$port$BASE/readyz"; do
    waited=$((waited + 1))
    if [ "$waited" -gt "$PATIENCE_SECONDS" ]; then
      echo "Port $port ist nach $PATIENCE_SECONDS Sekunden nicht bereit; die übrigen Prozesse laufen weiter." >&2
      exit 1
    fi
    sleep 1
  done
done

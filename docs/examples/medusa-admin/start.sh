#!/usr/bin/env bash
# Starts a Medusa 1.20 for its admin, on the database and the Redis of a shop that Nettle serves.
# Needs DATABASE_URL, REDIS_URL, JWT_SECRET and COOKIE_SECRET, with Nettle's values. Creates the user
# ADMIN_EMAIL with ADMIN_PASSWORD, if both are set and the admin has no such user.
set -euo pipefail
cd "$(dirname "$0")"

for name in DATABASE_URL REDIS_URL JWT_SECRET COOKIE_SECRET; do
  if [ -z "${!name:-}" ]; then
    echo "$name is missing: give it the value that Nettle has" >&2
    exit 1
  fi
done
export MEDUSA_DISABLE_TELEMETRY=true

if [ ! -d node_modules ]; then
  echo "Installing Medusa 1.20.11 and its admin; this takes some minutes"
  npm install --legacy-peer-deps --no-audit --no-fund --loglevel=error
fi

# Medusa seeds an empty shop, and creates users, in a process of its own.
if [ -n "${ADMIN_EMAIL:-}" ] && [ -n "${ADMIN_PASSWORD:-}" ]; then
  node node_modules/@medusajs/medusa/cli.js user --email "$ADMIN_EMAIL" \
    --password "$ADMIN_PASSWORD" > user.log 2>&1 ||
    grep -qi "already exists\|duplicate" user.log ||
    { cat user.log >&2; exit 1; }
fi

echo "The admin will be at http://localhost:${ADMIN_PORT:-9001}/app, and behind FALLBACK_URL"
exec node node_modules/@medusajs/medusa/cli.js start --port "${ADMIN_PORT:-9001}"

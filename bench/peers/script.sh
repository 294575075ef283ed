#!/usr/bin/env bash
# The way of Kupe's documentation: the ETag by awk, a PATCH with If-Match, then the phase.
set -euo pipefail
CLUSTER_URL="$KUPE_API_URL/api/v1/tenants/acme/clusters/production"

ETAG=$(curl -sfD - -o /dev/null -H "Authorization: Bearer $KUPE_API_KEY" "$CLUSTER_URL" \
  | awk -F': ' '/^[Ee][Tt][Aa][Gg]:/ {gsub(/\r/,""); print $2}')
curl -sf -o /dev/null -X PATCH \
  -H "Authorization: Bearer $KUPE_API_KEY" \
  -H "Content-Type: application/json" \
  -H "If-Match: $ETAG" \
  "$CLUSTER_URL" -d "$KUPE_PATCH"
until
  sleep "$POLL_SECONDS"
  [[ $(curl -sf -H "Authorization: Bearer $KUPE_API_KEY" "$CLUSTER_URL") == *'"phase":"Running"'* ]]
do :; done

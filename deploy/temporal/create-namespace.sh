#!/bin/sh
# Makes the namespace and its search attributes as temporal.yaml names them. Safe to run again: the retention is set
# anew, attributes that are there are kept. Address and namespace come from TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE,
# the rest from NAMESPACE_RETENTION (such as 30d) and SEARCH_ATTRIBUTES (such as "PublishState=Keyword Other=Int").
set -eu

# attempt COMMAND...: up to 30 times, a second apart; a new namespace needs some seconds until every part of the server
# knows it.
attempt() {
  tries=1
  until output=$("$@" 2>&1); do
    if [ "$tries" -ge 30 ]; then
      printf '%s\nThis failed %s times and was given up: %s\n' "$output" "$tries" "$*" >&2
      exit 1
    fi
    tries=$((tries + 1))
    sleep 1
  done
}

attempt temporal operator cluster health
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  attempt temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$NAMESPACE_RETENTION"
else
  attempt temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$NAMESPACE_RETENTION"
fi
for attribute in $SEARCH_ATTRIBUTES; do
  attempt temporal operator search-attribute create --name "${attribute%%=*}" --type "${attribute#*=}"
done
echo "Namespace $TEMPORAL_NAMESPACE is ready: retention $NAMESPACE_RETENTION, search attributes $SEARCH_ATTRIBUTES."

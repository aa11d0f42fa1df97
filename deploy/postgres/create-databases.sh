#!/bin/sh
# Runs once, while the database volume is still empty: one role and its own databases for Temporal, one of each for
# Oncepost, so that neither can read the other's rows.
set -eu

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
  --username "$POSTGRES_USER" --dbname postgres \
  --set=temporal_password="$TEMPORAL_DB_PASSWORD" --set=oncepost_password="$ONCEPOST_DB_PASSWORD" <<'SQL'
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE ROLE oncepost LOGIN PASSWORD :'oncepost_password';
CREATE DATABASE oncepost OWNER oncepost;
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, oncepost FROM PUBLIC;
SQL
echo 'Databases created: temporal, temporal_visibility, oncepost.'

#!/bin/sh
# Brings Temporal's two databases to the schema of these admin tools. Safe to run again: what is there already is kept,
# and a newer image brings its newer versions. The tool reads SQL_HOST, SQL_PORT, SQL_USER and SQL_PASSWORD itself.
set -eu

# set_up DATABASE SCHEMA
set_up() {
  temporal-sql-tool --plugin postgres12 --database "$1" setup-schema --version 0.0
  temporal-sql-tool --plugin postgres12 --database "$1" update-schema --schema-name "$2"
}

set_up temporal postgresql/v12/temporal
set_up temporal_visibility postgresql/v12/visibility
echo 'Temporal schema is up to date.'

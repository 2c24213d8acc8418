#!/bin/sh
# Creates the secrets that deploy/compose.yaml mounts, in deploy/secrets. Existing secrets are kept.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

# Containers read the files as other users, so the directory, not the files, restricts access.
make() {
  [ -e "secrets/$1" ] && return
  printf '%s\n' "$2" > "secrets/$1"
  chmod 444 "secrets/$1"
  echo "deploy/secrets/$1 created"
}

make database-password "$(random)"
make database-url "postgres://almagest:$(cat secrets/database-password)@postgres:5432/almagest"
make store-secret-key "$(random)"
make mail-users "almagest:$(random)"
make smtp-url "smtp://$(cat secrets/mail-users)@mail:1025"
make service-tokens "operator qa2:submit,archive:read,archive:operate $(random)"
make link-keys "k1 $(random)"

#!/bin/sh
# What a cluster for development needs before its first process: an authority, a certificate of each role and of the
# listener with TLS, and a user with a password. What is there already stays, but for certificates that are near their end.
# Each role gets its own key and nobody else's.

set -eu
umask 077

made=/etc/vmqtt/made
vmqtt certificates init "$made" --renew-days 30 --host localhost --server "mqtt=${MQTT_HOSTS:?}"

# Copies files into the folder of a role, each by renaming: who follows them sees no half of one.
give() {
  folder=/etc/vmqtt/$1
  shift
  for pair in "$@"; do
    cp "$made/${pair%:*}" "$folder/.new"
    mv "$folder/.new" "$folder/${pair#*:}"
  done
}

for role in edge-gateway routing-service session-store; do
  give "$role" "$role.key:cluster.key" "$role.pem:cluster.pem" ca.pem:ca.pem
done
give edge-gateway mqtt.key:mqtt.key mqtt.pem:mqtt.pem

users=/etc/vmqtt/edge-gateway/users
password=/etc/vmqtt/edge-gateway/password
if [ ! -e "$users" ]; then
  head -c 15 /dev/urandom | base64 > "$password"
  vmqtt passwd "$users" developer < "$password"
fi

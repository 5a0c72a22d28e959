# Processes that the scripts beside this file start, and what those use. Sourced by them.
#
# Whoever sources it has: root (the checkout), work (an empty folder, which goes at the end), out (a folder for logs), and
# for start_vmqtt also consul, stores, replicas, routers, gateways, heap, shards, java_opts and certificates.
# shellcheck shell=bash
# shellcheck disable=SC2154 # what those who source it have

readonly start_seconds=120
declare -A pid_of=()
names=()
# The load generator, where it runs beside the script.
load_pid=''

# A descriptor of its own for messages: a trap runs with the redirections of the command it interrupts.
exec {messages}>&2
say() { printf '%s: %s\n' "${0##*/}" "$*" >&"$messages"; }

die() {
  say "$*"
  exit 1
}

# Starts $2... as the process named $1, in a process group of its own.
start() {
  local name=$1
  shift
  setsid "$@" > "$out/$name.log" 2>&1 < /dev/null {messages}>&- &
  pid_of[$name]=$!
  names+=("$name")
  disown # or the shell tells of each that is killed
}

# Ends the process named $1, and what it has started, without a word.
end() { kill -9 -- "-${pid_of[$1]}" 2> /dev/null || true; }

# Ends all that was started.
end_all() {
  local name
  for name in "${names[@]}"; do end "$name"; done
  for name in "${names[@]}"; do
    while kill -0 "${pid_of[$name]}" 2> /dev/null; do sleep 0.05; done
  done
  names=()
  pid_of=()
}

leave() {
  [[ -z $load_pid ]] || kill "$load_pid" 2> /dev/null || true
  end_all
  rm -rf "$work"
}

# Waits until $2... succeeds, while the process that was started last is there; $1 says what that is.
until_true() {
  local deadline=$((SECONDS + start_seconds)) what=$1
  shift
  until "$@" > /dev/null 2>&1; do
    kill -0 "${pid_of[${names[-1]}]}" 2> /dev/null || die "${names[-1]} has ended; see $out"
    ((SECONDS < deadline)) || die "$what: not within $start_seconds s; see $out"
    sleep 0.2
  done
}

get() { curl -fsS "http://127.0.0.1:$1"; }

# Prints the processor seconds that the process $1 has used so far.
used_seconds() { sed 's/.*) //' "/proc/$1/stat" | awk -v hz="$(getconf CLK_TCK)" '{ printf "%.2f", ($12 + $13) / hz }'; }

# Prints the number named $1 of the last JSON line of the file $2.
field() { tail -n 1 "$2" | sed -n 's/.*"'"$1"'":\([-0-9.e+]*\).*/\1/p'; }

# --- a cluster of V-MQTT ---

declare -rA certificate_of=([gateway]=edge-gateway [router]=routing-service [store]=session-store)
readonly consul_port=21500

# Ports from 21000 on: 20 for each role.
http_port() {
  case $1 in
    registry) echo $((21000 + $2)) ;;
    store) echo $((21020 + $2)) ;;
    router) echo $((21040 + $2)) ;;
    gateway) echo $((21060 + $2)) ;;
  esac
}

# Starts a process of the role $1 with the number $2 and further options.
start_node() {
  local role=$1 number=$2 own=()
  shift 2
  if [[ -n $certificates && $role != registry ]]; then
    own=(--cluster-certificate "$work/certificates/${certificate_of[$role]}.pem"
      --cluster-key "$work/certificates/${certificate_of[$role]}.key" --cluster-ca "$work/certificates/ca.pem")
  fi
  VMQTT_JAVA_OPTS="-Xms$heap -Xmx$heap $java_opts" start "$role-$number" "$root/vmqtt" "$role" \
    --consul "127.0.0.1:$consul_port" --advertise-host 127.0.0.1 --http-port "$(http_port "$role" "$number")" "${own[@]}" "$@"
}

# Prints the sum of the metric $2 over the shards of store $1.
metric() { get "$(http_port store "$1")/prometheus" | awk -v name="$2" 'index($1, name) == 1 { sum += $2 } END { printf "%d", sum }'; }

# Starts a cluster with an empty folder for each store, waits until all gateways serve, and sets addresses to theirs.
start_vmqtt() {
  local i
  start consul "$consul" agent -dev -bind 127.0.0.1 -http-port $consul_port -dns-port -1 -grpc-port -1 \
    -serf-lan-port 21501 -serf-wan-port -1 -server-port 21502
  until_true "Consul" get "$consul_port/v1/status/leader"
  [[ -z $certificates ]] || "$root/vmqtt" certificates init "$work/certificates" > "$out/certificates.log"
  start_node registry 1 --initial-stores "$stores" --replication-factor "$replicas" ${shards:+--shards "$shards"}
  for ((i = 1; i <= stores; i++)); do
    start_node store "$i" --data "$work/store-$i" --grpc-port $((21200 + i)) --raft-port $((21300 + i))
  done
  for ((i = 1; i <= routers; i++)); do start_node router "$i" --grpc-port $((21240 + i)); done
  addresses=''
  for ((i = 1; i <= gateways; i++)); do
    start_node gateway "$i" --port $((21400 + i))
    addresses+=${addresses:+,}127.0.0.1:$((21400 + i))
  done
  for ((i = 1; i <= gateways; i++)); do
    until_true "gateway-$i serves" serves "127.0.0.1:$((21400 + i))"
  done
}

# True where messages of QoS 1 pass through the address $1.
serves() { "$mqload" p2p -h "$1" -P 1 -S 1 -q 1 -d 1 -W 0 --quiet; }

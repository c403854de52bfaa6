#!/usr/bin/env bash
# Counts the system calls of a node per batch: one write per partition and request when it produces, sendfile when it fetches.
#   bench/strace.sh [MOLDAU]     needs strace and kcat; MOLDAU: the executable (published to artifacts/moldau when it is not there)
set -eu
cd "$(dirname "$0")/.."
for tool in strace kcat; do command -v $tool >/dev/null || { echo "$tool is not here: apt-get install $tool" >&2; exit 1; }; done
moldau=${1:-artifacts/moldau/moldau}
[ -x "$moldau" ] || dotnet publish src/Moldau -c Release -o artifacts/moldau -v q --nologo >&2
dotnet build bench/Load -c Release -v q --nologo -clp:NoSummary >&2

work=$(mktemp -d)
node= tracer=
finish() {
  if [ -n "$tracer" ]; then kill "$tracer" 2>/dev/null || true; fi
  if [ -n "$node" ]; then kill "$node" 2>/dev/null || true; wait "$node" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT
port=${PORT:-19092}
"$moldau" start --data "$work/data" --listen "127.0.0.1:$port" >"$work/node.log" 2>&1 &
node=$!
for _ in $(seq 100); do kcat -b "127.0.0.1:$port" -L -m 1 >/dev/null 2>&1 && break; sleep 0.1; done

log="$work/data/spec-0"
kcat -b "127.0.0.1:$port" -P -t spec -p 0 <<<"the topic is made before anything is counted"
yes "$(head -c 999 /dev/zero | tr '\0' x)" | head -n 40000 >"$work/lines"

# trace FILE COMMAND...: what the node calls, with the path of each descriptor, while the command runs.
trace() {
  local out=$1; shift
  strace -f -y -qq -e trace=write,pwrite64,writev,pwritev,fdatasync,fsync,pread64,preadv,sendfile,sendto,sendmsg,recvfrom,recvmsg -o "$out" -p "$node" &
  tracer=$!
  sleep 1
  "$@" >/dev/null
  sleep 1
  kill "$tracer"; wait "$tracer" 2>/dev/null || true
  tracer=
}
# calls FILE NAME [PATH]: finished calls of that name (on that path)
calls() { grep -E "^[0-9]+ +($2)\(" "$1" | { if [ -n "${3:-}" ]; then grep -F "$3"; else cat; fi; } | wc -l; }

read -r before _ _ < <(dotnet run -c Release --no-build --project bench/Load -- batches "$log")
trace "$work/produce" kcat -b "127.0.0.1:$port" -P -t spec -p 0 -l -X acks=all -X batch.num.messages=100 -X linger.ms=100 "$work/lines"
read -r after _ _ < <(dotnet run -c Release --no-build --project bench/Load -- batches "$log")
trace "$work/fetch" kcat -b "127.0.0.1:$port" -C -t spec -p 0 -o beginning -e -q
batches=$((after - before))

echo "| phase | call | count | per batch |"
echo "|---|---|---:|---:|"
row() { awk -v phase="$1" -v call="$2" -v count="$3" -v batches="$batches" 'BEGIN { printf "| %s | %s | %d | %.2f |\n", phase, call, count, count / batches }'; }
row "produce, $batches batches" "write to the segment" "$(calls "$work/produce" 'p?writev?(64)?' "$log/")"
row produce "write to an index" "$(calls "$work/produce" 'p?writev?(64)?' index)"
row produce fdatasync "$(calls "$work/produce" 'fdatasync|fsync')"
row produce "read of the segment" "$(calls "$work/produce" 'preadv?(64)?' "$log/")"
row produce "receive" "$(calls "$work/produce" 'recvfrom|recvmsg')"
row produce "send" "$(calls "$work/produce" 'sendto|sendmsg')"
row "fetch, $after batches" sendfile "$(calls "$work/fetch" sendfile)"
row fetch "read of the segment" "$(calls "$work/fetch" 'preadv?(64)?' "$log/")"
row fetch "send" "$(calls "$work/fetch" 'sendto|sendmsg')"

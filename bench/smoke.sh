#!/usr/bin/env bash
# Every benchmark once; the published program, started and measured and put through the command line's tests: do they run. No figure of it means anything.
set -eu
cd "$(dirname "$0")/.."
log=$(mktemp)
published=$(mktemp -d)
trap 'rm -rf "$log" "$published"' EXIT
dotnet build bench/Moldau.Benchmarks -c Release -v q --nologo -clp:NoSummary >&2
dotnet run -c Release --no-build --project bench/Moldau.Benchmarks -- --filter '*' --job dry --inProcess >"$log" 2>&1 || { tail -50 "$log" >&2; exit 1; }
if grep -A20 'Benchmarks with issues' "$log" >&2; then exit 1; fi
ran=$(grep -c '^// Benchmark: ' "$log" || true)
[ "$ran" -gt 0 ] || { echo "no benchmark ran" >&2; exit 1; }
echo "$ran benchmarks ran once"
dotnet build bench/Load -c Release -v q --nologo -clp:NoSummary >&2
dotnet publish src/Moldau -c Release -o "$published" -v q --nologo >&2
dotnet run -c Release --no-build --project bench/Load -- startup --quick --node "$published/moldau"
dotnet run -c Release --no-build --project bench/Load -- compare --quick --busy-ok --driver wire --cells produce-small,consume-big,end-to-end-1k,t1-latency --node "$published/moldau"
dotnet build tests/Moldau.Cli.Tests -c Release -v q --nologo -clp:NoSummary >&2
MOLDAU_EXE="$published/moldau" dotnet run -c Release --no-build --project tests/Moldau.Cli.Tests >"$log" 2>&1 || { tail -80 "$log" >&2; exit 1; }
echo "the published program passes the command line's tests"

# The native program is the same source under other rules: it is built and started, so that it goes on working. The linker comes from the distribution.
if ! command -v clang >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends clang lld zlib1g-dev; } >/dev/null 2>&1 || true
fi
if command -v clang >/dev/null 2>&1; then
  rm -rf "$published"
  dotnet publish src/Moldau -c Release -o "$published" -p:PublishAot=true -v q --nologo >&2
  dotnet run -c Release --no-build --project bench/Load -- startup --quick --node "$published/moldau"
  echo "the native program starts and takes a record"
else
  echo "not on this machine: clang, so the native program was not built"
fi

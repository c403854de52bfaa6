#!/usr/bin/env bash
# Every benchmark once: does it run. No figure of it means anything.
set -eu
cd "$(dirname "$0")/.."
dotnet build bench/Moldau.Benchmarks -c Release -v q --nologo -clp:NoSummary >&2
dotnet run -c Release --no-build --project bench/Moldau.Benchmarks -- --filter '*' --job dry --inProcess --noOverwrite > bench-smoke.log 2>&1 \
  || { tail -50 bench-smoke.log >&2; exit 1; }
if grep -n -e 'Benchmarks with issues' -e ' NA ' bench-smoke.log >&2; then exit 1; fi
grep -c '^// Benchmark: ' bench-smoke.log | sed 's/$/ benchmarks ran/' || { echo "no benchmark ran" >&2; exit 1; }
rm -f bench-smoke.log
if [ -x src/Moldau/bin/Release/net10.0/moldau ]; then
  dotnet run -c Release --project bench/Load -- startup --quick --node src/Moldau/bin/Release/net10.0/moldau
fi

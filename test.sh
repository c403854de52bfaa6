#!/usr/bin/env bash
# Runs every test, after bringing the foreign clients that some of them use. Ends with `N passed, N failed` for the whole run.
#
#   ./test.sh                        all tests; a client that cannot be brought is skipped, with a line that says so
#   MOLDAU_REQUIRE_CLIENTS=1 ./test.sh    a skipped test is a failure, unless it needs ../shared, or what this machine does not allow
#   ./test.sh --no-install           brings nothing, uses what is there
set -u
cd "$(dirname "$0")"

install=1
[ "${1:-}" = "--no-install" ] && install=0

say() { printf '%s\n' "$*" >&2; }

bring_debian() {
  command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || { say "clients: no apt-get as root here; using what is installed"; return; }
  local missing=()
  command -v kcat >/dev/null 2>&1 || missing+=(kcat)
  [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import kafka' >/dev/null 2>&1 || missing+=(python3-kafka)
  command -v java >/dev/null 2>&1 || missing+=(openjdk-17-jre-headless)
  [ ${#missing[@]} -eq 0 ] && return
  say "clients: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 \
    || say "clients: apt-get could not install ${missing[*]}"
}

bring_npm() {
  local folder=tests/Moldau.Compat/clients
  [ -f "$folder/package.json" ] || return
  command -v npm >/dev/null 2>&1 || { say "clients: no npm here; the JavaScript clients are skipped"; return; }
  [ -f "$folder/node_modules/.brought" ] && cmp -s "$folder/package-lock.json" "$folder/node_modules/.brought" && return
  say "clients: installing the JavaScript clients"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error) >&2 \
    && cp "$folder/package-lock.json" "$folder/node_modules/.brought" \
    || say "clients: npm could not install the JavaScript clients"
}

if [ $install = 1 ]; then bring_debian; bring_npm; fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet build Moldau.slnx -c Release -v q --nologo -clp:NoSummary >&2 || { say "the build failed"; echo "0 passed, 1 failed"; exit 1; }
dotnet test --solution Moldau.slnx -c Release --no-build --max-parallel-test-modules 1 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

count() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$log" | tail -1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
passed=${passed:-0} failed=${failed:-0} skipped=${skipped:-0}
# Tests that are run on demand only are none of this run.
on_demand=$(grep -c 'Not run (due to explicit test filtering)' "$log")
skipped=$((skipped - on_demand))

# A crash of a test program fails no test by name: it still fails the run.
[ "$status" != 0 ] && [ "$failed" = 0 ] && failed=1
[ "$passed" = 0 ] && [ "$failed" = 0 ] && failed=1

if [ -n "${MOLDAU_REQUIRE_CLIENTS:-}" ] && [ "$skipped" != 0 ]; then
  # The reason of a skipped test stands on the line below its name.
  unexpected=$(grep -A1 '^skipped ' "$log" | grep -v -e '^skipped ' -e '^--' -e 'Not run (due to explicit' | grep -vc -e 'needs ../shared' -e 'not on this machine')
  if [ "$unexpected" != 0 ]; then
    say "$unexpected tests were skipped that may not be:"
    grep -A1 '^skipped ' "$log" | grep -v '^--' >&2
    failed=$((failed + unexpected))
  fi
fi

if [ "$skipped" = 0 ]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
[ "$failed" = 0 ]

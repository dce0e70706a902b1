# How ./dev speaks: one line a step on standard error, details in a log file that is shown only when a step fails.

# Where everything is built. Set CLEW_BUILD to keep several builds apart.
build_root="${CLEW_BUILD:-build}"
mkdir -p "$build_root"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "./dev: $*"
  exit 1
}

# step "What happens" name command…: runs the command with its output in <build root>/<name>.log.
step() {
  local what="$1" log="$build_root/$2.log" began=$SECONDS
  shift 2
  printf '%s … ' "$what" >&2
  if "$@" >"$log" 2>&1; then
    say "done ($((SECONDS - began)) s)"
  else
    say "failed"
    tail -n 60 "$log" >&2
    fail "'$*' failed; all of its output is in $log"
  fi
}

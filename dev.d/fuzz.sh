help_text() {
  cat <<'TEXT'
usage: ./dev fuzz [entry] [seconds]

Without an entry: lists them. With one: feeds it mutated bytes (libFuzzer, address and undefined-behaviour sanitizers)
for so many seconds (default 60). Inputs that reach new code are kept in tests/fuzz/corpus/<entry>; an input that
crashes is written to build/fuzz/crashes. Mend the bug, then move that file to the corpus: ./dev test replays it.
TEXT
}

main() {
  ensure_packages build fuzz
  configure fuzz
  compile fuzz clew_fuzz
  local program="$build_root/fuzz/clew_fuzz" entry="${1:-}" duration="${2:-60}"
  if [[ -z "$entry" ]]; then
    CLEW_FUZZ_ENTRY="" "$program" | tail -n +2
    exit 0
  fi
  mkdir -p "$build_root/fuzz/crashes" "$build_root/fuzz/found/$entry" "tests/fuzz/corpus/$entry"
  local status=0
  CLEW_FUZZ_ENTRY="$entry" "$program" -max_total_time="$duration" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
    -artifact_prefix="$build_root/fuzz/crashes/$entry-" "$build_root/fuzz/found/$entry" "tests/fuzz/corpus/$entry" ||
    status=$?
  # What was found is merged into the corpus, smallest inputs first, so that the corpus stays small.
  CLEW_FUZZ_ENTRY="$entry" "$program" -merge=1 "tests/fuzz/corpus/$entry" "$build_root/fuzz/found/$entry" 2>/dev/null || true
  exit "$status"
}

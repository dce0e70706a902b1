help_text() {
  cat <<'TEXT'
usage: ./dev fuzz [entry] [seconds]
       ./dev fuzz sanitizers [minutes]

Without an entry: lists them. With one: feeds it mutated bytes (libFuzzer, address and undefined-behaviour sanitizers)
for so many seconds (default 60). Inputs that reach new code are kept in tests/fuzz/corpus/<entry>; an input that
crashes is written to build/fuzz/crashes. Mend the bug, then move that file to the corpus: ./dev test replays it.

"sanitizers" runs the tests of store and query for so many minutes (default 30), by turns under the address and
undefined-behaviour sanitizers and under the thread sanitizer, each time with other random plans and rows and more crash
points. The seed of each run is printed; CLEW_SEED=… with the test program repeats it.
TEXT
}

fuzz_under_sanitizers() {
  local minutes="${1:-30}" end preset room number seed
  [[ "$minutes" =~ ^[0-9]+$ ]] || fail "minutes must be a number, got '$minutes'"
  end=$((SECONDS + minutes * 60))
  for preset in asan tsan; do
    configure "$preset"
    compile "$preset" clew_store_tests clew_query_tests
  done
  for ((number = 0; SECONDS < end; ++number)); do
    seed=$((RANDOM * 32768 + RANDOM))
    for preset in asan tsan; do
      for room in store query; do
        # The thread sanitizer of g++ 12 cannot live with addresses as random as newer kernels make them.
        local runner=()
        if [[ "$preset" == tsan ]] && setarch -R true 2>/dev/null; then runner=(setarch -R); fi
        say "run $number: $room under $preset, CLEW_SEED=$seed"
        CLEW_SEED="$seed" CLEW_ROUNDS=200 CLEW_CRASH_SEEDS=$((1 + number % 4)) \
          "${runner[@]}" "$build_root/$preset/clew_${room}_tests" --gtest_brief=1 2>"$build_root/$preset/fuzz-$room.log" || {
          tail -n 60 "$build_root/$preset/fuzz-$room.log"
          fail "$room failed under $preset with CLEW_SEED=$seed; the log is $build_root/$preset/fuzz-$room.log"
        }
      done
    done
  done
  say "nothing found in $number runs"
}

main() {
  if [[ "${1:-}" == sanitizers ]]; then
    ensure_packages build test
    fuzz_under_sanitizers "${2:-}"
    exit 0
  fi
  ensure_packages build fuzz
  configure fuzz
  compile fuzz clew_fuzz
  local program="$build_root/fuzz/clew_fuzz" entry="${1:-}" duration="${2:-60}"
  # Without an entry the program says which there are, and fails.
  local entries
  entries="$(CLEW_FUZZ_ENTRY="" "$program" | tail -n +2 || true)"
  if [[ -z "$entry" ]]; then
    echo "$entries"
    exit 0
  fi
  grep -qxF -- "$entry" <<<"$entries" || fail "there is no fuzz entry '$entry'; there are:"$'\n'"$entries"
  mkdir -p "$build_root/fuzz/crashes" "$build_root/fuzz/found/$entry" "tests/fuzz/corpus/$entry"
  local status=0
  CLEW_FUZZ_ENTRY="$entry" "$program" -max_total_time="$duration" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
    -artifact_prefix="$build_root/fuzz/crashes/$entry-" "$build_root/fuzz/found/$entry" "tests/fuzz/corpus/$entry" ||
    status=$?
  # What was found is merged into the corpus, smallest inputs first, so that the corpus stays small.
  CLEW_FUZZ_ENTRY="$entry" "$program" -merge=1 "tests/fuzz/corpus/$entry" "$build_root/fuzz/found/$entry" 2>/dev/null || true
  exit "$status"
}

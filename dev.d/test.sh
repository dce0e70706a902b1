help_text() {
  cat <<'TEXT'
usage: ./dev test [filter]

Builds everything and runs every test: the checks of the source tree, the unit tests (under the address and
undefined-behaviour sanitizers; store and query also under the thread sanitizer), the replay of all fuzz corpora, and
the suites that drive the real program: clients, contract, crash, browser. With a filter, only tests whose name
contains it (a regular expression): ./dev test store

The last line is the count of all test cases; the exit code is 0 only when none failed.
TEXT
}

main() {
  ensure_packages build test lint
  build_page
  local suite
  for suite in tests/*/; do ensure_npm "${suite%/}"; done
  configure release
  compile release
  configure asan
  compile asan clew_all_tests
  configure tsan
  compile tsan clew_all_tests

  # One ctest run over the three builds: a directory that does nothing but name them.
  local all="$build_root/test" absolute
  absolute="$(realpath "$build_root")"
  mkdir -p "$all"
  rm -rf "$build_root"/{release,asan,tsan}/results
  mkdir -p "$build_root"/{release,asan,tsan}/results
  printf 'subdirs("%s")\n' "$absolute/release" "$absolute/asan" "$absolute/tsan" >"$all/CTestTestfile.cmake"
  local status=0
  ctest --test-dir "$all" --output-on-failure --no-tests=error --output-junit "$absolute/test/ctest.xml" \
    -j "$jobs" ${1:+-R "$1"} || status=$?
  node checks/summary.mjs "$absolute/test/ctest.xml" "$absolute"/{release,asan,tsan}/results || status=1
  return "$status"
}

help_text() {
  cat <<'TEXT'
usage: ./dev build

Builds the optimised program with its page inside: build/release/clew.
Environment: CLEW_JOBS (parallel compilers, default: the number of cores), CLEW_BUILD (default: build).
TEXT
}

main() {
  build_program
  say "Built $build_root/release/clew"
}

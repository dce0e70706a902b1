help_text() {
  cat <<'TEXT'
usage: ./dev bench [--quick] [--no-clickhouse] [--only main|load|clickhouse]
       ./dev bench micro [filter]

Measures an optimised clew: taking in a million spans, CPU, memory, disk, then eight questions; how speed depends on
connections and batches; and the same spans and questions in ClickHouse (an npm package of 560 MB, fetched once).
Writes bench/results/latest.json and the tables in docs/performance.md. Nothing else should be running meanwhile.

  --quick   a tenth of the spans, to see whether it works; its figures do not count
  --only    one of the three parts; the others keep their last figures
  micro     the small benchmarks beside the code (*_bench.cpp)
TEXT
}

main() {
  build_program
  if [[ "${1:-}" == micro ]]; then
    compile release
    local program
    for program in "$build_root"/release/clew_*_bench; do "$program" ${2:+--benchmark_filter="$2"}; done
    return
  fi
  compile release clew_load clew_clickhouse
  [[ " $* " == *" --no-clickhouse "* ]] || ensure_npm bench
  node bench/run.mjs "$(realpath "$build_root/release")" "$@"
}

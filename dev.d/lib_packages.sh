# Installs what is missing: Debian packages from deploy/debian-packages.txt, npm packages from the lock files.

# Names of the packages of these purposes that are not there yet.
missing_packages() {
  local installed purpose package command
  installed=" $(dpkg-query -W -f '${Package} ${db:Status-Status}\n' | awk '$2 == "installed" { printf "%s ", $1 }')"
  while read -r purpose package command; do
    [[ " $* " == *" $purpose "* ]] || continue
    if [[ -n "$command" ]] && command -v "$command" >/dev/null; then continue; fi
    [[ "$installed" == *" $package "* ]] || echo "$package"
  done < <(grep -v '^#' deploy/debian-packages.txt)
}

# ensure_packages build test …: the purposes wanted.
ensure_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "This is not Debian: nothing is installed for you. Needed are the equivalents of deploy/debian-packages.txt."
    return
  fi
  local missing=() as_root=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  local line="apt-get install -y --no-install-recommends ${missing[*]}"
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      fail "packages are missing, and neither root nor sudo is at hand. As root, run:"$'\n\n  '"apt-get update && $line"
    elif sudo -n true 2>/dev/null; then
      as_root=(sudo -n)
    elif [[ -t 0 ]]; then
      as_root=(sudo)
    else
      fail "packages are missing, and sudo wants a password. Run:"$'\n\n  '"sudo apt-get update && sudo $line"
    fi
  fi
  if ! step "Installing ${#missing[@]} Debian packages" apt install_packages "${missing[@]}"; then exit 1; fi
}

install_packages() {
  echo "missing: $*"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q ||
    echo "apt-get update failed; trying with the lists at hand"
  # shellcheck disable=SC2154
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" || {
    echo "Install by hand, then run ./dev again: apt-get install -y --no-install-recommends $*"
    return 1
  }
}

# ensure_npm <directory>: `npm ci`, only when the lock file is another one than last time.
ensure_npm() {
  local directory="$1" stamp="$1/node_modules/.installed-from"
  [[ -f "$directory/package-lock.json" ]] || return 0
  local major
  major="$(node -p 'process.versions.node.split(".")[0]')"
  ((major >= 18)) || fail "node $major is too old: 18 or newer is needed (Debian 12 has it: apt-get install nodejs npm)"
  local now
  now="$(sha256sum <"$directory/package-lock.json")"
  if [[ -f "$stamp" && "$(cat "$stamp")" == "$now" ]]; then return 0; fi
  step "Installing npm packages of $directory" "npm-${directory//\//-}" \
    env PUPPETEER_SKIP_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm --prefix "$directory" ci --no-audit --no-fund
  printf '%s\n' "$now" >"$stamp"
}

help_text() {
  cat <<'TEXT'
usage: ./dev demo [--live] [--visits 400] [--minutes 30] [--endpoint http://127.0.0.1:4318] [--key KEY]

Sends a small shop to a running clew: five services, logs linked to traces, a slow query and a declined card now and
then. With --live it goes on, two visits a second, until Ctrl-C. Start clew before, in another terminal: ./dev run
TEXT
}

main() {
  command -v node >/dev/null || ensure_packages build
  node examples/shop/send.mjs "$@"
}

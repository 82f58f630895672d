#!/bin/sh
# Find a Chromium for the browser tests: the one on the PATH, else Debian's, else Playwright's own build.
# Usage: install_chromium.sh PATH-OF-PLAYWRIGHT
set -eu
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
"$1" install chromium

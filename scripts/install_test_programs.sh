#!/bin/sh
# Find or install the programs that the tests drive: a Chromium (the one on the PATH, else Debian's, else Playwright's own
# build), and poppler's pdftotext, pdffonts and pdfinfo, which read the figures.
# Usage: install_test_programs.sh PATH-OF-PLAYWRIGHT
set -eu

install() {
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
}

if ! command -v pdftotext >/dev/null; then
  install poppler-utils || echo "Please install poppler-utils: tests of the figures fail without it." >&2
fi
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
install chromium || "$1" install chromium

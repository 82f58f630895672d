#!/bin/sh
# Find or install the programs that the tests drive: a Chromium (Debian's shell without windows where it can be had, which
# is faster by a fifth, else the one on the PATH, else Playwright's own build), poppler's pdftotext, pdffonts and pdfinfo,
# which read the figures, GDAL's ogrinfo, which reads the open data, nginx, behind which several processes run, and
# PostgreSQL with PostGIS, which keeps the tables.
# Usage: install_test_programs.sh PATH-OF-PLAYWRIGHT
set -eu

install() {
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
}

if ! command -v pdftotext >/dev/null; then
  install poppler-utils || echo "Please install poppler-utils: tests of the figures fail without it." >&2
fi
if ! command -v ogrinfo >/dev/null; then
  install gdal-bin || echo "Please install gdal-bin: tests of the open data fail without it." >&2
fi
if ! command -v nginx >/dev/null; then
  install nginx-light || echo "Please install nginx: tests of several processes fail without it." >&2
fi
if ! ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1; then
  install postgresql-postgis || echo "Please install PostgreSQL with PostGIS: tests of the database are skipped without it." >&2
fi
for name in chromium-headless-shell chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
  if [ "$name" = chromium-headless-shell ] && install "$name"; then exit 0; fi
done
"$1" install chromium

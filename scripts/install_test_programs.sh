#!/bin/sh
# Find or install the programs that the tests drive: a Chromium (Debian's shell without windows where it can be had, which
# is faster by a fifth, else the one on the PATH, else Playwright's own build), poppler's pdftotext, pdffonts and pdfinfo,
# which read the figures, GDAL's ogrinfo, which reads the open data, nginx, behind which several processes run,
# PostgreSQL with PostGIS, which keeps the tables, curl, which the rolling restart asks with, wrk, which asks for open
# data as fast as it can (make bench), and libatomic, without which Playwright does not start.
# Usage: install_test_programs.sh PATH-OF-PLAYWRIGHT
set -eu

missing=""
need() { # PACKAGE, and the command that says whether it is there
  package=$1
  shift
  "$@" >/dev/null 2>&1 || missing="$missing $package"
}
has_chromium() {
  command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome
}
has_postgis() {
  ls /usr/share/postgresql/*/extension/postgis.control
}

need poppler-utils command -v pdftotext
need gdal-bin command -v ogrinfo
need nginx-light command -v nginx
need postgresql-postgis has_postgis
need curl command -v curl
need wrk command -v wrk
need libatomic1 "$1" --version
need chromium-headless-shell command -v chromium-headless-shell
if [ -n "$missing" ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -qq || true
  # One that there is not, or that fails, must not keep away the others.
  # shellcheck disable=SC2086 # several packages
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null ||
    for package in $missing; do DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null || true; done
fi

say_missing() {
  echo "Please install $1: $2" >&2
}
command -v pdftotext >/dev/null || say_missing poppler-utils "tests of the figures fail without it."
command -v ogrinfo >/dev/null || say_missing gdal-bin "tests of the open data fail without it."
command -v nginx >/dev/null || say_missing nginx "tests of several processes fail without it."
command -v curl >/dev/null || say_missing curl "tests of several processes fail without it."
"$1" --version >/dev/null 2>&1 || say_missing libatomic "tests in the browser fail without it."
command -v wrk >/dev/null || say_missing wrk "make bench stops without it."
has_postgis >/dev/null 2>&1 || say_missing "PostgreSQL with PostGIS" "tests of the database are skipped without it."
has_chromium >/dev/null || "$1" install chromium

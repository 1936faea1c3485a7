#!/usr/bin/env bash
# Debian packages that some tests use. Nothing of Sigap needs them to run: where one is missing, the tests that
# want it are skipped with that reason. As root this installs what is missing; otherwise it only says what and why.
# It never fails a build: a machine without these packages still tests everything else.
set -u

missing=()
wanted() { # wanted WHAT-FOR PACKAGE…
  local purpose=$1 package absent=()
  shift
  for package in "$@"; do
    if [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      absent+=("$package")
    fi
  done
  if [ "${#absent[@]}" -gt 0 ]; then
    echo "debian-packages: for $purpose: ${absent[*]}"
    missing+=("${absent[@]}")
  fi
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "debian-packages: not a Debian system; tests that need Chromium or gst-rtsp-server will be skipped"
  exit 0
fi

wanted "a second, independent RTSP server in the camera tests" \
  gir1.2-gst-plugins-base-1.0 gir1.2-gst-rtsp-server-1.0 gir1.2-gstreamer-1.0 gstreamer1.0-plugins-bad \
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good python3-gi
wanted "the tests of the broker configuration that a city installs" mosquitto
wanted "tests of the pages in a browser, and screenshots" chromium fonts-dejavu-core

if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "debian-packages: not root, so nothing is installed and the tests named above are skipped. To have them, run:"
  echo "  sudo $0"
  exit 0
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
echo "debian-packages: installing ${#missing[@]} packages (a minute or two, once)"
if apt-get update -qq >"$log" 2>&1 &&
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
  echo "debian-packages: installed"
else
  echo "debian-packages: apt-get did not succeed, so the tests named above are skipped. Its last words:"
  tail -n 5 "$log" | sed 's/^/  /'
fi
exit 0

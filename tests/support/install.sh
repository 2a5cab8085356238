# SPDX-License-Identifier: LGPL-2.1-or-later
# What examples/try and tests/run share: installing on Debian, and building. Sourced by bash.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# The library, its bindings and the examples.
BUILD_PACKAGES=(
  gcc libc6-dev                     # compiler; brings the sanitizers' libraries
  meson ninja-build pkg-config      # build system
  libglib2.0-dev                    # GLib, GObject, GIO
  libgnutls28-dev nettle-dev        # ciphers, hashes, random numbers
  libtasn1-6-dev                    # DER of SPNEGO
)

# A private Samba server (tests/support/samba-server.py).
SERVER_PACKAGES=(
  python3                           # runs it
  samba samba-common-bin            # smbd, smbpasswd, smbcontrol, smbstatus
  samba-vfs-modules                 # snapshots, streams, access rights
  libnss-wrapper libuid-wrapper     # its users, without touching the machine's; smbd without root
)

# What the tests need beside those.
TEST_PACKAGES=(
  gobject-introspection libgirepository1.0-dev  # GIR and typelib
  python3-gi                        # tests in Python
  gjs                               # tests in JavaScript
  valac                             # VAPI and tests in Vala
  gi-docgen                         # the reference, whose warnings are errors
  clang libclang-rt-dev             # fuzz targets
  smbclient python3-samba           # tests of the server itself
  libsmbclient-dev                  # the benchmark's other library
  tshark                            # what is on the wire, in someone else's words
  valgrind                          # counts instructions
)

say ()
{
  printf '%s\n' "$*"
}

fail ()
{
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Runs a command silently; shows the end of what it said if it fails.
quietly ()
{
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  [ "$status" -eq 0 ] || tail -n 60 "$log" >&2
  rm -f "$log"
  return "$status"
}

as_root ()
{
  if [ "$(id -u)" -eq 0 ]; then env "$@"; else sudo env "$@"; fi
}

missing_packages ()
{
  local name
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || printf '%s\n' "$name"
  done
}

check_that_we_may_install ()
{
  [ "$(id -u)" -eq 0 ] && return
  command -v sudo >/dev/null || fail "missing packages need root, and there is no sudo: run this as root, or install ${missing[*]}"
  # Asks for the password now, before the log is hidden.
  sudo -n true 2>/dev/null || { [ -t 0 ] && sudo true; } ||
    fail "missing packages need root, and sudo does not let you: run this as root, or install ${missing[*]}"
}

# Nobody asked for a running file server: Samba's services stay off, now and after the next boot, if they are new.
apt_install ()
{
  local new_services=
  [ -n "$(missing_packages samba)" ] && new_services="smbd nmbd samba-ad-dc"
  as_root DEBIAN_FRONTEND=noninteractive NEW_SERVICES="$new_services" sh -c '
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      trap "rm -f $policy" EXIT
      printf "#!/bin/sh\nexit 101\n" >"$policy" && chmod 755 "$policy"
    fi
    apt-get -q update || true
    apt-get -q -y -o Acquire::Retries=2 -o Dpkg::Use-Pty=0 --no-install-recommends install "$@" || exit
    for service in $NEW_SERVICES; do
      update-rc.d "$service" disable || true
      deb-systemd-helper disable "$service.service" || true
    done
  ' sh "$@"
}

# Succeeds where apt-get has our packages: on Debian since 12, and on what is made of it.
have_debian ()
{
  local id version
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || return
  id=$(. /etc/os-release && printf '%s' "${ID:-}")
  version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-99}")
  [ "$id" != debian ] || [ "${version%%.*}" -ge 12 ]
}

# install_missing PACKAGE...
install_missing ()
{
  local missing=() log
  have_debian || fail "this needs Debian 12 or newer, and apt-get; elsewhere install the likes of: $*"
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -eq 0 ] && return
  check_that_we_may_install
  say "Installing ${missing[*]}"
  log=$(mktemp)
  if ! apt_install "${missing[@]}" >"$log" 2>&1 </dev/null; then
    grep -qE '^Err:|^E: (Failed to fetch|Unable to fetch)' "$log" &&
      fail "apt-get cannot reach its mirrors: is there a network? (what it said: $log)"
    tail -n 20 "$log" >&2
    fail "apt-get could not install the packages above (all it said: $log)"
  fi
  rm -f "$log"
}

# build_dir NAME: sets `build` to a folder that we may write to.
build_dir ()
{
  build=$top/_build/$1
  if ! { mkdir -p "$build" && [ -w "$build" ] && [ -O "$build" ]; } 2>/dev/null; then
    build=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/smb-glib/$1
    mkdir -p "$build" || fail "cannot write to $build"
  fi
}

# configure_and_build NAME MESON_OPTION...: sets `build`.
configure_and_build ()
{
  local name=$1 again=()
  shift
  build_dir "$name"
  [ -e "$build/build.ninja" ] && again=(--reconfigure)
  say "Building in $build"
  quietly meson setup "${again[@]}" "$build" "$top" "$@" || fail "meson setup failed"
  quietly ninja --quiet -C "$build" || fail "the build failed"
}

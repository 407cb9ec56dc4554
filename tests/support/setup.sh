# shellcheck shell=bash disable=SC2034 # its words are for the scripts that source it
# Sourced by tests/run and chapters/start: what this project needs from the system, and the build.
# Every Debian package that the project wants is named here and nowhere else.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jobs=$(nproc 2>/dev/null || echo 2)
say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
export COTORRA_LOCAL_ONLY=${COTORRA_LOCAL_ONLY:-1} # what these scripts start speaks to this machine only
in_ci() { [ "${CI:-}" = true ]; }

debian=$(. /etc/os-release 2>/dev/null && [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:-}") || true

packages_program=(g++ cmake ninja-build pkg-config libasio-dev libcli11-dev libfmt-dev
                  nlohmann-json3-dev libutf8proc-dev zlib1g-dev python3 netcat-openbsd)
case $debian in
  bookworm) packages_program+=(libbotan-2-dev) packages_tests=(catch2) ;;
  *)        packages_program+=(libbotan-3-dev) packages_tests=(libcatch2-dev) ;;
esac
# The other clients and trackers that the interop tests meet, and what reads our captures.
packages_interop=(openssl python3-libtorrent transmission-daemon transmission-cli aria2 rtorrent opentracker
                  mktorrent python3-jsonschema tshark)
# What reads the manual, the completion and the desktop entry that are installed.
packages_package=(man-db zsh fish desktop-file-utils libglib2.0-bin)
packages_debugger=(gdb)
packages_class=(bubblewrap) # of students whose code is not trusted (chapters/learn grade --class)
packages_counter=(valgrind) # of the instructions of the hot loops (tests/bench)
# What the course's notebooks and slides want: big, so a machine at home is only told of them.
packages_notebooks=(jupyter-nbconvert jupyter-client python3-ipykernel python3-matplotlib pybind11-dev
                    python3-dev)
packages_slides=(chromium fonts-dejavu-core poppler-utils)
command -v node >/dev/null || packages_slides+=(nodejs npm)
packages_python=(pybind11-dev python3-dev) # for the module alone
packages_checks=(clang-format-19)
packages_fuzz=(clang-19 libclang-rt-19-dev)
# Packages above that come with a service. We start these programs ourselves, never as a service.
services=(transmission-daemon opentracker)

# missing PACKAGE...: those of them that are not installed, one a line.
missing() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian's packages of daemons start them at once and at each boot. While we install, a policy
# refuses the first; keep_from_booting then undoes the second.
refuse_services() {
  [ -e /usr/sbin/policy-rc.d ] && return
  printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
  as_root chmod 755 /usr/sbin/policy-rc.d
  trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
}

keep_from_booting() {
  if command -v systemctl; then
    as_root systemctl disable "$1.service"
  else
    as_root env DPKG_MAINTSCRIPT_PACKAGE="$1" deb-systemd-helper disable "$1.service"
  fi
  as_root update-rc.d "$1" disable
}

apt_install() {
  local log=$root/build/setup.log service
  mkdir -p "$root/build"
  as_root env DEBIAN_FRONTEND=noninteractive bash -c '
    apt-get -qq -o DPkg::Lock::Timeout=300 update
    apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 --no-install-recommends install "$@"
  ' apt "$@" </dev/null >"$log" 2>&1 || { tail -n 15 "$log" >&2; return 1; }
  for service in "${services[@]}"; do
    case " $* " in *" $service "*) keep_from_booting "$service" >>"$log" 2>&1 || true ;; esac
  done
}

# need PACKAGE...: installs what is missing; false, after one sentence, if that cannot be done.
need() {
  [ -z "${COTORRA_NO_SETUP:-}" ] || return 0
  if [ "$debian" != bookworm ] && [ "$debian" != trixie ]; then
    say "This is not Debian 12 or 13: install a C++20 compiler (GCC 12 or newer), CMake 3.25, Ninja," \
        "pkg-config, standalone Asio, Botan 2.19 or 3, CLI11, fmt, nlohmann-json, zlib, Catch2 and Python 3" \
        "with your system's own means, then run this again with COTORRA_NO_SETUP=1." >&2
    return 1
  fi
  local lacking
  mapfile -t lacking < <(missing "$@")
  [ ${#lacking[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    say "Ask the machine's administrator for: apt-get install --no-install-recommends ${lacking[*]}" >&2
    return 1
  fi
  say "installing ${lacking[*]} (Debian packages; the log is build/setup.log)"
  if ! (refuse_services; apt_install "${lacking[@]}"); then
    say "apt-get could not install ${lacking[*]}: see build/setup.log; is there a network?" >&2
    return 1
  fi
}

# With ccache nothing is compiled twice, unless it cannot write its cache: then each compile would
# fail. (Not with its option to share objects between folders: gdb would look for the source in the
# other one.)
use_ccache() {
  command -v ccache >/dev/null || return 0
  local there works
  there=$(mktemp -d) || return 0
  : >"$there/empty.cpp"
  CCACHE_RECACHE=1 ccache c++ -c "$there/empty.cpp" -o "$there/empty.o" >/dev/null 2>&1 && works=yes
  rm -rf "$there"
  # Without this it does not keep what was compiled with a precompiled header.
  export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}
  if [ -n "${works:-}" ]; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; else export CCACHE_DISABLE=1; fi
}

# configure PRESET [FOLDER]: makes FOLDER, build/PRESET if absent, ready to be built in.
# cmake_options: more words for CMake.
cmake_options=()
configure() {
  local preset=$1 dir=${2:-build/$1}
  local log=$dir.log
  case $root in *[]\[\;\#\"\\]*)
    fail "CMake cannot build in $root: no folder above the project may have one of [ ] ; # \" \\ in its name" ;;
  esac
  mkdir -p "$root/build" || fail "$root/build cannot be made: may you write there?"
  use_ccache
  cmake -S "$root" -C "$root/.cmake/presets/$preset.cmake" -G Ninja -B "$root/$dir" \
    "${cmake_options[@]}" >"$root/$log" 2>&1 </dev/null && return
  tail -n 30 "$root/$log" >&2
  fail "CMake could not configure $dir: the lines above say why, all of them are in $log"
}

# progress LOG: Ninja's words go to LOG, and each half minute one line says how far it is.
progress() {
  local line next=$((SECONDS + 30))
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$1"
    if [[ $SECONDS -ge $next && $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
      say "  building: ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
      next=$((SECONDS + 30))
    fi
  done
}

# build PRESET TARGET...: configures build/PRESET where needed, and builds. Quiet unless it fails or
# takes long.
build() {
  local preset=$1 dir=$root/build/$1 log=$root/build/$1.log; shift
  say "building $* in build/$preset (the first time takes minutes; the log is build/$preset.log)"
  configure "$preset"
  if [ -t 1 ]; then                                # Ninja's own status line
    (cd "$root" && ninja -C "$dir" --quiet -j "$jobs" "$@" </dev/null) && return
    fail "the build failed: the lines above say where"
  fi
  (set -o pipefail; ninja -C "$dir" -j "$jobs" "$@" </dev/null 2>&1 | progress "$log") && return
  grep -A 12 -m 4 -E '^FAILED|error:|ninja: error' "$log" >&2
  fail "the build failed: the lines above say where, all of them are in build/$preset.log"
}

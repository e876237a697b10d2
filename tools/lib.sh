# shellcheck shell=bash
# What tools/run and tools/test share: looking for what is missing, and installing it on Debian.

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

have() { command -v "$1" >/dev/null 2>&1; }

# have_header asio.hpp: can the C++ compiler include it?
have_header() {
  local compiler=${CXX:-g++}
  have "$compiler" && printf '#include <%s>\n' "$1" | "$compiler" -std=c++20 -E -x c++ - >/dev/null 2>&1
}

have_package() { [[ $(dpkg-query -W -f='${Status}' "$1" 2>/dev/null) == "install ok installed" ]]; }

# A need is WHAT=PACKAGE, where WHAT is a command, a header (something with .h in it), or nothing, which asks
# for the package itself.
met() {
  local what=${1%%=*} package=${1#*=}
  case $what in
    '') have_package "$package" ;;
    *.h*) have_header "$what" ;;
    *) have "$what" ;;
  esac
}

# missing NEED...: the packages of the needs that are not met, one a line.
missing() {
  local need
  for need in "$@"; do
    met "$need" || printf '%s\n' "${need#*=}"
  done
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    die "this needs root, and there is no sudo: $*"
  fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@" </dev/null; }

# The package index is asked for once, and only when something is missing.
refresh_index() {
  [[ -n ${index_is_fresh:-} ]] && return
  apt update || say "apt-get update failed; going on with the package lists that are here"
  index_is_fresh=1
}

# require NEED...: installs what is missing, or says what to install and stops.
require() {
  local packages
  mapfile -t packages < <(missing "$@")
  ((${#packages[@]} == 0)) && return
  if ! have apt-get; then
    die "please install: ${packages[*]} (names of Debian; this system has no apt-get)"
  fi
  say "Installing what is missing: ${packages[*]}"
  refresh_index
  apt install --no-install-recommends "${packages[@]}" || die "could not install: ${packages[*]}"
}

# prefer NEED...: installs what is missing and on offer; says what is not to be had, and goes on.
prefer() {
  local package packages offered=()
  mapfile -t packages < <(missing "$@")
  ((${#packages[@]} == 0)) && return
  if ! have apt-get; then
    say "Not installed, some checks will be left out: ${packages[*]}"
    return
  fi
  refresh_index
  for package in "${packages[@]}"; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      offered+=("$package")
    else
      say "$package is not in the package index: what needs it is left out"
    fi
  done
  ((${#offered[@]} == 0)) && return
  say "Installing what is missing: ${offered[*]}"
  apt install --no-install-recommends "${offered[@]}" || say "could not install all of: ${offered[*]}"
}

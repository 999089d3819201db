# Sourced: unpacks packages of several Debian releases into a folder, with a private apt state, so that the machine's own is untouched.
# The mirror is the machine's.
work=$1

mirror=$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/*.sources 2>/dev/null)
[ -n "$mirror" ] || mirror=$(awk '$1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) {print $i; exit}}' /etc/apt/sources.list 2>/dev/null)
[ -n "$mirror" ] || { echo "no Debian mirror in /etc/apt" >&2; exit 1; }

# releases NAME...: reads the package lists of these releases
releases() {
  mkdir -p "$work"/apt/{lists/partial,cache/archives/partial} "$work/debs"
  local release
  for release in "$@"; do echo "deb $mirror $release main"; echo "deb-src $mirror $release main"; done > "$work/apt/sources.list"
  private_apt update
}

private_apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$work/apt/lists" \
    -o Dir::Cache="$work/apt/cache" -o APT::Sandbox::User=root -o Acquire::Retries=3 "$@"
}

# fetch PACKAGE/RELEASE...: downloads, does not install
fetch() { (cd "$work/debs" && private_apt download "$@"); }

# unpack FOLDER PACKAGE...: what was fetched, into a folder
unpack() {
  local folder=$1 package; shift
  mkdir -p "$folder"
  for package in "$@"; do dpkg -x "$work/debs/$package"_*.deb "$folder"; done
}

#!/bin/bash
# Makes a real Kubernetes API server for the tests out of Debian's own source packages; nothing is installed, the toolchains
# are only unpacked. What comes out, under ${ENVTEST_HOME:-$HOME/.cache/envtest}:
#   1.20.2/bin  kube-apiserver, kube-controller-manager, etcd
#   0.36.4/bin  apiextensions-apiserver: serves CRDs with CEL and strict fields, behind the first one's URL
# The second comes from Debian unstable, which moves: when it cannot be built, the first alone does, and tests that need more are skipped.
# A finished part is not built again until its script changes. Usage: [ENVTEST_MINUTES=25] tests/envtest/build.sh
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
export ENVTEST_HOME=${ENVTEST_HOME:-$HOME/.cache/envtest}
log=$ENVTEST_HOME/build.log
mkdir -p "$ENVTEST_HOME"
deadline=$((SECONDS + 60 * ${ENVTEST_MINUTES:-25}))

stamp() { cat "$here/debian.sh" "$here/$1.sh" "${@:2}" | sha256sum | cut -d' ' -f1; }

# part VERSION SCRIPT FILE...: runs SCRIPT.sh unless its stamp says that this very script has already succeeded
part() {
  local version=$1 script=$2; shift 2
  local out=$ENVTEST_HOME/$version want; want=$version-$(stamp "$script" "$@")
  [ "$(cat "$out/stamp" 2>/dev/null)" = "$want" ] && return 0
  echo "envtest: building $version (some minutes; log: $log)"
  local work; work=$(mktemp -d "${TMPDIR:-/tmp}/envtest-build.XXXXXX")
  rm -rf "$out.new"; mkdir -p "$out.new/bin"
  if timeout -k 10 "$((deadline - SECONDS))" bash "$here/$script.sh" "$work" "$out.new/bin" </dev/null >>"$log" 2>&1; then
    echo "$want" > "$out.new/stamp"; rm -rf "$out"; mv "$out.new" "$out"; rm -rf "$work"
    echo "envtest: $version is ready"
  else
    echo "envtest: $version could not be built; the end of $log:"; tail -n 5 "$log"
    rm -rf "$out.new" "$work"; return 1
  fi
}

exec 9>"$ENVTEST_HOME/lock"; flock -w 1800 9 || exit 1
: > "$log"
part 1.20.2 kube-apiserver || exit 1
part 0.36.4 crd-server "$here/crd-server-packages.txt" \
  || echo "envtest: going on without the newer CRD server; tests that need CEL or strict fields are skipped"
exit 0

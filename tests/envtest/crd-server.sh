#!/bin/bash
# crd-server.sh WORK OUT: apiextensions-apiserver 0.36.4, unmodified, from Debian unstable's -dev packages and its Go
set -euo pipefail
. "$(dirname "$0")/debian.sh"
work=$1 out=$2
mapfile -t packages < "$(dirname "$0")/crd-server-packages.txt"

releases sid
fetch golang-1.27-go/sid golang-1.27-src/sid "${packages[@]/%//sid}"
unpack "$work/go" golang-1.27-go golang-1.27-src
unpack "$work/gocode" "${packages[@]}"

export HOME=$work/home GOROOT=$work/go/usr/lib/go-1.27 GOPATH=$work/gocode/usr/share/gocode GOCACHE=$work/gocache
export GO111MODULE=off GOTOOLCHAIN=local GOFLAGS=-buildvcs=false CGO_ENABLED=0
mkdir -p "$HOME"
cd "$GOPATH/src/k8s.io/apiextensions-apiserver"
nice -n 5 "$GOROOT/bin/go" build -trimpath -ldflags "-s -w" -o "$out/apiextensions-apiserver" .

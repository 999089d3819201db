#!/bin/bash
# kube-apiserver.sh WORK OUT: kube-apiserver and kube-controller-manager 1.20.2 from bookworm's source package, etcd from trixie
set -euo pipefail
. "$(dirname "$0")/debian.sh"
work=$1 out=$2
source_version=1.20.5+really1.20.2-1.1+deb12u1

releases bookworm trixie
fetch golang-1.19-go/bookworm golang-1.19-src/bookworm rsync/bookworm libpopt0/bookworm libxxhash0/bookworm \
  golang-github-modern-go-reflect2-dev/bookworm etcd-server/trixie
unpack "$work/go" golang-1.19-go golang-1.19-src
unpack "$work/tools" rsync libpopt0 libxxhash0
unpack "$work/reflect2" golang-github-modern-go-reflect2-dev
unpack "$work/etcd" etcd-server

cd "$work"
private_apt source --download-only "kubernetes=$source_version"
dpkg-source --no-check -x "kubernetes_$source_version.dsc" kubernetes >/dev/null
cd kubernetes

# The vendored reflect2 1.0.1 crashes at run time under Go 1.18 and newer; Debian's 1.0.2 does not.
vendored=vendor/github.com/modern-go/reflect2
rm $vendored/*.go
cp "$work"/reflect2/usr/share/gocode/src/github.com/modern-go/reflect2/*.go $vendored/
rm -f $vendored/*_test.go

export HOME=$work/home GOROOT=$work/go/usr/lib/go-1.19 CGO_ENABLED=0 GOPROXY=off GOFLAGS='' GOCACHE=$work/gocache
export PATH=$GOROOT/bin:$work/tools/usr/bin:$PATH
LD_LIBRARY_PATH=$(dirname "$(find "$work/tools" -name 'libpopt.so.0')"); export LD_LIBRARY_PATH
mkdir -p "$HOME" .go/src/k8s.io
ln -sfn ../../.. .go/src/k8s.io/kubernetes
cat > "$work/version" <<VERSION
KUBE_GIT_COMMIT='debian'
KUBE_GIT_TREE_STATE='archive'
KUBE_GIT_VERSION='v1.20.2'
KUBE_GIT_MAJOR='1'
KUBE_GIT_MINOR='20'
VERSION
GOPATH=$PWD/.go KUBE_GIT_VERSION_FILE=$work/version nice -n 5 make generated_files

export GOPATH=$work/gopath GO111MODULE=off
mkdir -p "$GOPATH/src/k8s.io"
ln -sfn "$work/kubernetes" "$GOPATH/src/k8s.io/kubernetes"
cd "$GOPATH/src/k8s.io/kubernetes"
flags="-s -w"
for package in component-base/version client-go/pkg/version; do
  for setting in gitVersion=v1.20.2 gitMajor=1 gitMinor=20 gitTreeState=archive gitCommit=debian; do
    flags="$flags -X k8s.io/kubernetes/vendor/k8s.io/$package.$setting"
  done
done
for command in kube-apiserver kube-controller-manager; do
  nice -n 5 go build -trimpath -ldflags "$flags" -o "$out/$command" "k8s.io/kubernetes/cmd/$command"
done
install -m755 "$work/etcd/usr/bin/etcd" "$out/etcd"

#!/bin/sh
# One rootless container the way nerdctl makes it: containerd's own shim and runc, nerdctl's labels and annotations, the
# CNI plugins inside RootlessKit's detached network namespace, the published port through RootlessKit's API. nerdctl itself
# is not in Debian; what it would say is said as in its source (containerd/nerdctl v2.0: pkg/labels/labels.go,
# pkg/cmd/container/create.go, pkg/rootlessutil/port_linux.go).
#
# Runs on the lab host as the root of RootlessKit's user and mount namespaces (in-rootless.sh).
#
# usage: container.sh ID NAME IMAGE PUBLISH      PUBLISH:
#   none
#   portmap:HOSTPORT:PORT   nerdctl's way: RootlessKit forwards 127.0.0.1:HOSTPORT to the same port of the detached
#                           netns, where CNI's portmap plugin rewrites it to the container's address and PORT
#   child-ip:HOSTPORT:PORT  RootlessKit forwards straight to the container's address and PORT
set -eu
id=$1 name=$2 image=$3 publish=$4
lab=/usr/local/lib/lab
how=${publish%%:*} port=${publish##*:}
host_port=${publish#*:}
host_port=${host_port%:*}
short=$(printf %.12s "$id")
# nerdctl's data root: the first eight digits of the SHA-256 of "/run/containerd/containerd.sock".
dir=$HOME/.local/share/nerdctl/1935db59/containers/default/$id
mkdir -p "$dir"

# The same words are labels of the container and annotations in its config.json.
set -- \
  nerdctl/namespace=default \
  "nerdctl/name=$name" \
  "nerdctl/hostname=$short" \
  nerdctl/domainname= \
  'nerdctl/extraHosts=[]' \
  "nerdctl/state-dir=$dir" \
  'nerdctl/networks=["bridge"]' \
  "nerdctl/platform=linux/$(dpkg --print-architecture)" \
  nerdctl/auto-remove=false \
  "nerdctl/log-uri=file://$dir/$id-json.log"
if [ "$how" != none ]; then
  set -- "$@" "nerdctl/ports=[{\"HostPort\":$host_port,\"ContainerPort\":$port,\"Protocol\":\"tcp\",\"HostIP\":\"127.0.0.1\"}]"
fi
for pair in "$@"; do
  set -- "$@" --label "$pair" --annotation "$pair"
  shift
done

# Overlay inside a user namespace wants Linux 5.11; the other snapshotter copies, and works anywhere.
snapshotter=overlayfs
[ ! -e "$HOME/.local/share/nerdctl/native" ] || snapshotter=native
# --with-ns cgroup: with an empty path is "a new one"; --cpu-shares 0 because cgroup2 may have no cpu controller here.
ctr run --detach --snapshotter "$snapshotter" --cpu-shares 0 --with-ns cgroup: \
  --cgroup "/user.slice/user-1000.slice/user@1000.service/user.slice/nerdctl-$id.scope" \
  --mount type=cgroup,src=cgroup,dst=/sys/fs/cgroup,options=ro:nosuid:noexec:nodev \
  --hostname "$short" --log-uri "file://$dir/$id-json.log" --pid-file "$dir/pid" "$@" "$image" "$id"

pid=$(cat "$dir/pid")
state=/run/user/1000/containerd-rootless
mapping=
[ "$how" != portmap ] || mapping="{\"hostPort\":$host_port,\"containerPort\":$port,\"protocol\":\"tcp\",\"hostIP\":\"127.0.0.1\"}"
# Without a detached netns in-rootless.sh has already entered the child's own.
into=
[ ! -e "$state/netns" ] || into="nsenter --net=$state/netns"
$into "$lab/cni-add.sh" "default-$id" "$pid" "$mapping" >"$dir/network.json"
# "ips": [ { … "address": "10.4.0.9/24", …
address=$(grep -o '"address": *"[^"/]*' "$dir/network.json" | sed 's/.*"//')

case $how in
none) body= ;;
portmap) body="{\"proto\":\"tcp\",\"parentIP\":\"127.0.0.1\",\"parentPort\":$host_port,\"childPort\":$host_port}" ;;
child-ip) body="{\"proto\":\"tcp\",\"parentIP\":\"127.0.0.1\",\"parentPort\":$host_port,\"childIP\":\"$address\",\"childPort\":$port}" ;;
*) echo "PUBLISH: none, portmap:… or child-ip:…, not $publish" >&2 && exit 2 ;;
esac
if [ -n "$body" ]; then
  curl --silent --show-error --fail --unix-socket "$state/api.sock" \
    -H 'Content-Type: application/json' -d "$body" http://rootlesskit/v1/ports >"$dir/port.json"
fi

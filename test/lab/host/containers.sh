#!/bin/sh
# The article's containers: nginx with one published port, and a second one that publishes nothing.
# Runs on the lab host as the root of RootlessKit's user and mount namespaces (in-rootless.sh).
#
# usage: containers.sh PUBLISH      none, portmap or child-ip: see container.sh
set -eu
lab=/usr/local/lib/lab
state=/run/user/1000/containerd-rootless
publish=none
[ "$1" = none ] || publish=$1:8080:80

# BuildKit's bridge was there before nerdctl's, and nothing is plugged into it.
into=
[ ! -e "$state/netns" ] || into="nsenter --net=$state/netns"
$into ip link add buildkit0 type bridge
$into ip addr add 10.10.0.1/16 brd 10.10.255.255 dev buildkit0
$into ip link set buildkit0 up

# The address given out last, so that nginx gets 10.4.0.9.
mkdir -p /var/lib/cni/networks/bridge
printf 10.4.0.8 >/var/lib/cni/networks/bridge/last_reserved_ip.0

for image in nginx redis; do ctr images import --no-unpack "/usr/local/share/lab/images/$image.tar" >/dev/null; done
"$lab/container.sh" d8e2d622b3d7c1f60b94a27e5538fa0dd1c6be9047a3f2856b1e09cd74f3a85b nginx-d8e2d \
  docker.io/library/nginx:latest "$publish"
"$lab/container.sh" 3f1c9a0b7e44d26583bc10f97ae5d4623c8e7f01b95a6dd2407f18e3c6a9b05d redis-3f1c9 \
  docker.io/library/redis:latest none

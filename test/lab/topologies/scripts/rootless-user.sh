#!/bin/sh
# A rootless user's networks: RootlessKit with a detached network namespace and slirp4netns, nerdctl's bridge in it, and the
# network namespaces of two containers. The same names and indexes whoever runs it. Prints what truth.ts reads.
set -eu
user=$(id -un)
state=/run/user/$(id -u)/containerd-rootless
setsid rootlesskit --state-dir="$state" --net=slirp4netns --mtu=65520 --slirp4netns-sandbox=auto \
  --slirp4netns-seccomp=auto --disable-host-loopback --port-driver=builtin --copy-up=/etc --copy-up=/run \
  --propagation=rslave --detach-netns sleep infinity </dev/null >"$HOME/rootlesskit.log" 2>&1 &

inside() { nsenter --target "$child" --user --preserve-credentials --mount "$@"; }
tries=0
until child=$(cat "$state/child_pid" 2>/dev/null) && inside nsenter --net="$state/netns" ip link show tap0 >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 200 ] || { cat "$HOME/rootlesskit.log" >&2 && exit 1; }
  sleep 0.02
done

detached() { inside nsenter --net="$state/netns" "$@"; }
detached ip link add nerdctl0 index 10 type bridge
detached ip link set nerdctl0 up
echo "netns $user-child $(inside stat -L -c %i "$state/netns")"
for number in 1 2; do
  pid=$(inside unshare --net --ipc --uts sh -c 'sleep infinity </dev/null >/dev/null 2>&1 & echo $!')
  detached ip link add "veth$number" index $((10 + number)) type veth peer name eth0 index 2 netns "/proc/$pid/ns/net"
  detached ip link set "veth$number" master nerdctl0 up
  echo "netns $user-$number $(inside stat -L -c %i "/proc/$pid/ns/net")"
  echo "links $user-$number"
  inside nsenter --net="/proc/$pid/ns/net" ip -o link
done
echo "links $user-child"
detached ip -o link
echo "tap $user-child tap0 $(pgrep -u "$user" -x slirp4netns)"

#!/bin/sh
# A user's own network: a bridge and two network namespaces on it, `client` and `server`, which hold one connection open;
# the same addresses and ports whoever runs it. The client has an /etc, a host name and some sockets of its own.
# Prints `NAME-client INODE PID`, the network namespace and the process, and the same of the server.
set -eu
if [ "${1-}" != inside ]; then
  exec setsid unshare --user --map-root-user --mount --net sh "$0" inside "$1"
fi
name=$2
folder=${0%/*}
# Somebody has to stay for the bridge to stay.
sleep infinity </dev/null >/dev/null 2>&1 &
ip link add br0 type bridge
ip address add 10.4.0.1/24 dev br0
ip link set br0 up

# NAME NUMBER: a process in namespaces of its own, joined to the bridge -> $pid.
node() {
  unshare --net --mount --uts sleep infinity </dev/null >/dev/null 2>&1 &
  pid=$!
  until [ "$(readlink "/proc/$pid/ns/uts")" != "$(readlink /proc/self/ns/uts)" ]; do sleep 0.01; done
  until [ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$(command -v sleep)")" ]; do sleep 0.01; done
  ip link add "veth$2" type veth peer name eth0 netns "/proc/$pid/ns/net"
  ip link set "veth$2" master br0 up
  nsenter -t "$pid" -n sh -c "ip link set lo up; ip address add 10.4.0.$2/24 dev eth0; ip link set eth0 up"
}

# NAME WORDS…: talk.pl there, until it says that it is ready.
talk() {
  fifo=/tmp/$name-$1
  mkfifo "$fifo"
  nsenter -t "$pid" -n -m -u perl "$folder/talk.pl" "$@" "$fifo" </dev/null >/dev/null 2>&1 &
  talker=$!
  read -r _ <"$fifo"
  rm "$fifo"
  echo "$name-$1 $(readlink "/proc/$pid/ns/net" | tr -dc 0-9) $talker"
}

node server 3
talk server
node client 2
nsenter -t "$pid" -m -u sh -eu -c '
  hostname "$1.example"
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/etc /mnt/elsewhere
  printf "nameserver 10.4.0.1\nsearch %s.example\n" "$1" >/mnt/elsewhere/resolv.conf
  ln -s /elsewhere/resolv.conf /mnt/etc/resolv.conf
  echo "10.4.0.3 server-of-$1" >/mnt/etc/hosts
  mkfifo /mnt/etc/hostname
  mount --bind /mnt/elsewhere /elsewhere
  mount --bind /mnt/etc /etc' sh "$name"
talk client

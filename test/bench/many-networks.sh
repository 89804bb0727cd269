#!/bin/bash
# Makes a host of containers, as an engine would leave it: network namespaces with a process, an address and a default
# route each, on one bridge. Run as root inside a bare host.
#
# usage: bash -s COUNT
set -eu
count=$1
ip link set lo up
ip link add br0 type bridge
ip addr add 10.8.0.1/16 dev br0
ip link set br0 up
for ((n = 1; n <= count; n++)); do
  pids[n]=$(unshare --net sh -c 'sleep infinity </dev/null >/dev/null 2>&1 & echo $!')
done
for ((n = 1; n <= count; n++)); do
  echo "link add veth$n type veth peer name eth0 netns ${pids[n]}"
  echo "link set veth$n master br0 up"
done | ip -batch -
for ((n = 1; n <= count; n++)); do
  # 10.8.0.1 is the bridge's.
  address=10.8.$(((n + 1) / 256)).$(((n + 1) % 256))/16
  printf '%s\n' 'link set lo up' 'link set eth0 up' "addr add $address dev eth0" 'route add default via 10.8.0.1' |
    nsenter --target "${pids[n]}" --net ip -batch -
done

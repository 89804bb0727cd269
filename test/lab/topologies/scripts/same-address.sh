#!/bin/bash
# Containers of runc with an address that another has too, and the firewall that hands ports on to it. As root. Prints for
# each network namespace: NAME INODE.
#
#   right   10.4.0.9 on eth0, next to the host           wrong  10.5.0.2 on eth0, next to the host, where it listens;
#   plain   10.7.0.2 on eth0, next to the host, and             10.4.0.9 and 10.7.0.2 on other0, next to `third`
#           is no container
#   twin1, twin2: 10.6.0.2 on eth0, at one bridge of the host; only twin2 listens
#   routed, aside: 10.9.0.2 on eth0, next to the host, whose route to it goes to `routed`; neither is a container
set -eu

# NAME COMMAND...: a container in the network namespace of that name, whose file system is ours.
contain() {
  name=$1 && shift
  mkdir -p "/tmp/$name/rootfs"
  mount --bind / "/tmp/$name/rootfs"
  arguments=$(printf '"%s", ' "$@")
  cat >"/tmp/$name/config.json" <<JSON
{
  "ociVersion": "1.0.2",
  "process": {
    "terminal": false, "user": { "uid": 0, "gid": 0 }, "args": [${arguments%, }], "cwd": "/",
    "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"],
    "capabilities": { "bounding": ["CAP_NET_BIND_SERVICE"], "effective": ["CAP_NET_BIND_SERVICE"], "permitted": ["CAP_NET_BIND_SERVICE"] }
  },
  "root": { "path": "rootfs" },
  "mounts": [
    { "destination": "/proc", "type": "proc", "source": "proc" },
    { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"] }
  ],
  "linux": { "namespaces": [{ "type": "pid" }, { "type": "mount" }, { "type": "network", "path": "/run/netns/$name" }] }
}
JSON
  runc run --detach --bundle "/tmp/$name" "$name" </dev/null >"/tmp/$name/log" 2>&1 || { cat "/tmp/$name/log" >&2 && exit 1; }
}

# NETNS DEVICE ADDRESS OTHER_DEVICE OTHER_ADDRESS [OTHER_NETNS]: a veth pair; the other end is on the host unless told.
pair() {
  ip -n "$1" link add "$2" type veth peer name "$4" netns "${6:-host}"
  ip -n "$1" addr add "$3" dev "$2" && ip -n "$1" link set "$2" up
  ip -n "${6:-host}" addr add "$5" dev "$4" && ip -n "${6:-host}" link set "$4" up
}

mkdir -p /run/netns
touch /run/netns/host && mount --bind /proc/self/ns/net /run/netns/host
for name in right wrong third plain twin1 twin2 routed aside; do
  ip netns add "$name"
  ip -n "$name" link set lo up
  echo "$name $(stat -L -c %i "/run/netns/$name")"
done
echo "host $(stat -L -c %i /proc/self/ns/net)"
pair right eth0 10.4.0.9/24 right 10.4.0.1/24
pair wrong eth0 10.5.0.2/24 wrong 10.5.0.1/24
pair wrong other0 10.4.0.9/24 toward 10.4.0.1/24 third
ip -n wrong addr add 10.7.0.2/24 dev other0
pair plain eth0 10.7.0.2/24 plain 10.7.0.1/24
ip link add twins type bridge
ip addr add 10.6.0.1/24 dev twins && ip link set twins up
for name in twin1 twin2; do
  ip -n "$name" link add eth0 type veth peer name "$name" netns host
  ip -n "$name" addr add 10.6.0.2/24 dev eth0 && ip -n "$name" link set eth0 up
  ip link set "$name" master twins up
done
pair routed eth0 10.9.0.2/24 routed 10.9.0.1/24
pair aside eth0 10.9.0.2/24 aside 10.9.1.1/24

# No quotation marks in it: it is a string of JSON.
listen='use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 1) or die; sleep'
contain right sleep infinity
contain wrong perl -e "$listen"
contain twin1 sleep infinity
contain twin2 perl -e "$listen"
for name in wrong twin2; do
  for try in $(seq 200); do ip netns exec "$name" ss -ltn | grep -q ':80 ' && break; sleep 0.02; done
  ip netns exec "$name" ss -ltn | grep -q ':80 '
done

nft add table ip ports
nft add chain ip ports pre '{ type nat hook prerouting priority dstnat; }'
nft add rule ip ports pre tcp dport 8004 dnat to 10.4.0.9:80
nft add rule ip ports pre tcp dport 8006 dnat to 10.6.0.2:80
nft add rule ip ports pre tcp dport 8007 dnat to 10.7.0.2:80
nft add rule ip ports pre tcp dport 8009 dnat to 10.9.0.2:80

#!/bin/bash
# Open vSwitch as it is, with its userspace datapath, which needs no module of the kernel's: two bridges joined by patches, two
# ports with a VLAN, a bond, a tunnel with a secret, a device that is not there, one that was moved away.
#
# Prints `netns NAME INODE`.
set -eu
mkdir -p /run/openvswitch /etc/openvswitch /var/log/openvswitch
ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
ovsdb-server --remote=punix:/run/openvswitch/db.sock --detach --pidfile --log-file=/dev/null /etc/openvswitch/conf.db
ovs-vsctl --no-wait init
ovs-vswitchd --detach --pidfile --log-file=/dev/null

echo "netns host $(stat -L -c %i /proc/self/ns/net)"
for n in 1 2 3 4; do
  ip netns add "c$n"
  echo "netns c$n $(stat -L -c %i "/run/netns/c$n")"
  ip link add "port$n" type veth peer name eth0 netns "c$n"
  ip link set "port$n" up
  ip -n "c$n" link set eth0 up
done

change() { ovs-vsctl --timeout=20 "$@"; }
change add-br br0 -- set bridge br0 datapath_type=netdev fail_mode=secure
change add-br br-tun -- set bridge br-tun datapath_type=netdev
change add-port br0 port1 tag=10 -- add-port br0 port2 trunks=10,20
change add-bond br0 bond0 port3 port4 bond_mode=active-backup
change add-port br0 patch-tun -- set interface patch-tun type=patch options:peer=patch-int \
  -- add-port br-tun patch-int -- set interface patch-int type=patch options:peer=patch-tun
change add-port br-tun vx0 -- set interface vx0 type=vxlan options:remote_ip=192.0.2.7 options:key=42 \
  'options:psk="not \"for\" everybody"'
change add-port br0 int0 -- set interface int0 type=internal
change add-port br0 away -- set interface away type=internal
ip link set away netns c1
# It complains, and keeps it.
change add-port br0 absent || :

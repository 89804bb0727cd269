#!/bin/bash
# System containers as LXC and systemd-nspawn make them: `web` on a bridge, whose cgroup's name is taken, and `db` with a
# network of its own. Each runs BusyBox.
#
# Prints `machine ENGINE NAME PID NETNS`.
set -eu
root_of() {
  mkdir -p "$1"/bin "$1"/dev "$1"/etc "$1"/proc "$1"/sys "$1"/tmp "$1"/sbin "$1"/usr/lib "$1"/var "$1"/run
  cp /bin/busybox "$1/bin/"
  for name in sh sleep; do ln -s busybox "$1/bin/$name"; done
  printf '#!/bin/sh\nexec sleep 10000\n' >"$1/sbin/init"
  chmod 755 "$1/sbin/init"
  echo ID=busybox >"$1/usr/lib/os-release"
}

ip link set lo up
ip link add lxcbr0 type bridge
ip addr add 10.0.3.1/24 dev lxcbr0
ip link set lxcbr0 up
root_of /var/lib/lxc/web/rootfs
cat >/var/lib/lxc/web/config <<'CONFIG'
lxc.rootfs.path = dir:/var/lib/lxc/web/rootfs
lxc.uts.name = web
lxc.net.0.type = veth
lxc.net.0.link = lxcbr0
lxc.net.0.flags = up
lxc.net.0.ipv4.address = 10.0.3.7/24
lxc.mount.auto = proc:mixed
lxc.apparmor.profile = unconfined
CONFIG
# Left over from a run before.
mkdir /sys/fs/cgroup/lxc.monitor.web /sys/fs/cgroup/lxc.payload.web
lxc-start -n web -d -l ERROR -o /tmp/lxc.log || { cat /tmp/lxc.log >&2 && exit 1; }

root_of /var/lib/machines/db
tr -dc 0-9a-f </dev/urandom | head -c 32 >/etc/machine-id
systemd-nspawn -D /var/lib/machines/db -M db --register=no --keep-unit --private-network --as-pid2 /bin/sleep 10000 \
  </dev/null >/tmp/nspawn.log 2>&1 &

# PID of the child of a process whose command line has these words.
child_of() {
  for _ in $(seq 200); do
    parent=$(pgrep -f "$1" | head -n 1)
    child=$([ -z "$parent" ] || pgrep -P "$parent" | head -n 1)
    if [ -n "$child" ]; then echo "$child" && return; fi
    sleep 0.05
  done
  cat /tmp/nspawn.log >&2
  return 1
}
pid=$(child_of '^.lxc monitor. /var/lib/lxc web')
echo "machine lxc web $pid $(stat -L -c %i "/proc/$pid/ns/net")"
# The first child of nspawn only makes the one that stays, whose child is what was asked for.
for _ in $(seq 200); do
  pid=$(child_of '^systemd-nspawn -D /var/lib/machines/db')
  [ -z "$(pgrep -P "$pid" -f '^/bin/sleep 10000')" ] || break
  sleep 0.05
done
echo "machine systemd-nspawn db $pid $(stat -L -c %i "/proc/$pid/ns/net")"

#!/bin/bash
# Containers of runtimes that nobody calls but a person: `outer` by runc, in it `web` by runc, and beside it another `web` by
# crun. As root. Prints for each, under the name the product should tell it by: NAME NETNS.
set -eu
all='"CAP_SYS_ADMIN","CAP_NET_ADMIN","CAP_MKNOD","CAP_SYS_CHROOT","CAP_SETUID","CAP_SETGID","CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_KILL"'

# DIRECTORY LABEL: a bundle whose file system is ours, with /run and /tmp of its own.
bundle() {
  mkdir -p "$1/rootfs"
  cat >"$1/config.json" <<JSON
{
  "ociVersion": "1.0.2",
  "process": {
    "terminal": false, "user": { "uid": 0, "gid": 0 }, "args": ["sleep", "infinity"], "cwd": "/",
    "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"],
    "capabilities": { "bounding": [$all], "effective": [$all], "permitted": [$all] }
  },
  "root": { "path": "rootfs" },
  "hostname": "$2",
  "annotations": { "lab": "$2" },
  "mounts": [
    { "destination": "/proc", "type": "proc", "source": "proc" },
    { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"] },
    { "destination": "/run", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"] },
    { "destination": "/tmp", "type": "tmpfs", "source": "tmpfs" },
    { "destination": "/sys", "type": "sysfs", "source": "sysfs" },
    { "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["rw"] }
  ],
  "linux": {
    "namespaces": [{ "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }],
    "resources": { "devices": [{ "allow": true, "access": "rwm" }] }
  }
}
JSON
}

# PROC NAME PID
tell() { echo "$2 $(readlink "$1/$3/ns/net" | tr -dc 0-9)"; }

bundle /tmp/outer outer
mount --bind / /tmp/outer/rootfs
runc run --detach --bundle /tmp/outer --pid-file /tmp/outer/pid outer </dev/null >/tmp/outer/log 2>&1
outer=$(cat /tmp/outer/pid)
tell /proc outer "$outer"

bundle "/proc/$outer/root/tmp/inner" inner
runc exec outer sh -c 'mount --bind / /tmp/inner/rootfs &&
  runc run --detach --bundle /tmp/inner --pid-file /tmp/inner/pid web </dev/null >/tmp/inner/log 2>&1' </dev/null
tell "/proc/$outer/root/proc" outer/web "$(cat "/proc/$outer/root/tmp/inner/pid")"

# Names that would lead from the container into our own file system.
mkdir "/proc/$outer/root/run/runc/evil"
ln -s /etc/passwd "/proc/$outer/root/run/runc/evil/state.json"
mkdir -p /srv/records/evil && echo '{"pid":1}' >/srv/records/evil/status
ln -s /srv/records "/proc/$outer/root/run/crun"

bundle /tmp/crun crun
mount --bind / /tmp/crun/rootfs
crun run --detach --bundle /tmp/crun --pid-file /tmp/crun/pid web </dev/null >/tmp/crun/log 2>&1
tell /proc web "$(cat /tmp/crun/pid)"

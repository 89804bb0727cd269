#!/bin/sh
# Starts a lab host: a process tree in its own mount, PID, network, UTS, IPC and cgroup namespaces. Everything it mounts,
# it mounts in there, so that the end of the host is the end of its mounts, its network and its processes.
# Ends when the host ends; killing the process whose PID is in RUN/init-pid ends the host.
#
# usage: start.sh      settings in the environment:
#   LAB_RUN       folder of this host on the machine (exists; gets init-pid)
#   LAB_ROOT_FS   the cached root file system, only read
#   LAB_NAME      the host's name on the machine, for its cgroup
#   LAB_HOSTNAME  what the host calls itself
set -eu
here=$(cd "$(dirname "$0")" && pwd)

# A cgroup of its own: seen through its own cgroup namespace it is the root, as on a machine of its own. Where the
# machine keeps cgroup2 to itself (a container in CI), the host sees the machine's paths; nothing else changes.
cgroup2=$(findmnt -n -o TARGET -t cgroup2 | head -n 1)
if [ -n "$cgroup2" ] && mkdir "$cgroup2/nsatlas-lab-$LAB_NAME" 2>/dev/null; then
  echo $$ >"$cgroup2/nsatlas-lab-$LAB_NAME/cgroup.procs" || true
fi
exec unshare --mount --pid --fork --kill-child --net --uts --ipc --cgroup sh "$here/init.sh" "$here"

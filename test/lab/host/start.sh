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
own=$cgroup2/nsatlas-lab-$LAB_NAME
if [ -n "$cgroup2" ] && mkdir "$own" 2>/dev/null; then
  echo $$ >"$own/cgroup.procs" || true
fi
status=0
unshare --mount --pid --fork --kill-child --net --uts --ipc --cgroup sh "$here/init.sh" "$here" || status=$?

# With the last of its processes goes the cgroup, and what was made below it; who started the host may be gone by now.
if [ -n "$cgroup2" ] && [ -d "$own" ]; then
  echo $$ >"$cgroup2/cgroup.procs" || true
  tries=0
  while [ -d "$own" ] && [ "$tries" -lt 50 ]; do
    find "$own" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    [ ! -d "$own" ] || sleep 0.02
    tries=$((tries + 1))
  done
fi
exit "$status"

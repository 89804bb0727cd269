#!/bin/sh
# User namespaces in user namespaces, each with a network namespace and a process, each connected to the next by a veth
# whose ends have the same names and indexes at every level. Run by the user who is to own them.
# Prints what truth.ts reads, and `user LEVEL INODE` for each.
#
# usage: nested-users.sh LEVELS
set -eu
pid='' level=0
while [ "$level" -lt "$1" ]; do
  level=$((level + 1))
  enter=
  [ -z "$pid" ] || enter="nsenter --target $pid --user --preserve-credentials --net"
  # shellcheck disable=SC2086 # an empty $enter is no argument
  next=$($enter unshare --user --map-root-user --net sh -c 'sleep infinity </dev/null >/dev/null 2>&1 & echo $!')
  [ -z "$pid" ] || $enter ip link add inner index 5 type veth peer name outer index 4 netns "/proc/$next/ns/net"
  pid=$next pids="${pids-} $next"
done
level=0
for pid in $pids; do
  level=$((level + 1))
  echo "user $level $(readlink "/proc/$pid/ns/user" | tr -dc 0-9)"
  echo "netns level$level $(readlink "/proc/$pid/ns/net" | tr -dc 0-9)"
  echo "links level$level"
  nsenter --target "$pid" --user --preserve-credentials --net ip -o link
done

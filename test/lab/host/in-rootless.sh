#!/bin/sh
# Runs a command as the root of RootlessKit's user namespace and in its mount namespace, as nerdctl does; where there is no
# detached network namespace, in the child's own network namespace too.
#
# usage: in-rootless.sh COMMAND...      as ec2-user
set -eu
state=/run/user/$(id -u)/containerd-rootless
child=$(cat "$state/child_pid")
net=--net
[ ! -e "$state/netns" ] || net=
# shellcheck disable=SC2086 # an empty $net is no argument
exec nsenter --user --preserve-credentials --mount $net --target "$child" \
  env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin "$@"

#!/bin/bash
# RootlessKit with and without --detach-netns, with slirp4netns and with pasta, a pasta of its own, and bubblewrap. As root.
# Prints for each: NAME NETNS, and the PID of the process that serves its tap.
set -eu
ip link set lo up
ip link add ens5 type veth peer name wire
ip address add 172.31.40.91/20 dev ens5
ip link set wire up
ip link set ens5 up
ip route add default via 172.31.32.1
for uid in 1000 1001; do install -d -m 700 -o $uid -g $uid /run/user/$uid; done

# USER COMMAND…
as() {
  user=$1
  shift
  exec setpriv --reuid "$user" --regid "$user" --init-groups env "HOME=/home/$user" "$@"
}

# WHAT COMMAND…: waits until it succeeds.
until_true() {
  what=$1 tries=0
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 500 ] || { echo "no $what" >&2 && cat /tmp/*.log >&2 && exit 1; }
    sleep 0.02
  done
}

# NAME NET PORT-DRIVER [OPTION…]
rootlesskit_of() {
  name=$1 net=$2 ports=$3
  shift 3
  in_state_directory "/run/user/1000/$name" --state-dir="/run/user/1000/$name" "$@"
}

# STATE-DIRECTORY [OPTION…]: may be a pattern, of $name with $net and $ports.
in_state_directory() {
  state=$1
  shift
  (as ec2-user setsid rootlesskit --net="$net" --port-driver="$ports" --mtu=65520 "$@" \
    --copy-up=/etc --copy-up=/run sleep infinity </dev/null >"/tmp/$name.log" 2>&1) &
  until_true "$name" sh -c "test -S $state/api.sock"
  state=$(echo $state)
  child=$(cat "$state/child_pid") into=/proc/$child/ns/net
  [ ! -e "$state/netns" ] || into=/proc/$child/root$state/netns
  until_true "tap of $name" nsenter --net="$into" ip link show tap0
  echo "$name $(stat -L -c %i "$into") $(pgrep -P "$(awk '/^PPid:/ { print $2 }' "/proc/$child/status")" -f "^$net")"
}

rootlesskit_of plain slirp4netns builtin
rootlesskit_of pasta pasta implicit
rootlesskit_of pasta-detached pasta implicit --detach-netns

# It makes a state directory of its own, and tells only its child.
name=unnamed net=slirp4netns ports=builtin
in_state_directory '/tmp/rootlesskit*' --detach-netns

(as bob setsid pasta --config-net sleep infinity </dev/null >/tmp/command.log 2>&1) &
until_true 'pasta with a command' pgrep -u bob -x sleep
command=$(pgrep -u bob -x sleep) server=$(pgrep -u bob -f '^pasta')
until_true 'tap of pasta with a command' nsenter --net="/proc/$command/ns/net" ip link show ens5
echo "command $(readlink "/proc/$command/ns/net" | tr -dc 0-9) $server"

(as bob setsid bwrap --unshare-all --dev-bind / / sh -c 'exec tail -f /dev/null' </dev/null >/tmp/bubblewrap.log 2>&1) &
until_true bubblewrap pgrep -u bob -x tail
echo "bubblewrap $(readlink "/proc/$(pgrep -u bob -x tail)/ns/net" | tr -dc 0-9)"

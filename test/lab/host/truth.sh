#!/bin/sh
# What is true of this lab host, asked in the plainest way, to hold the product's answers against. Runs inside it, as root.
# Prints JSON: see lab-truth.ts. PIDs are the host's own; namespaces are inode numbers.
set -eu
state=/run/user/1000/containerd-rootless

# namespaces PID: the eight, as a JSON object of inodes.
namespaces() {
  comma=
  printf '{'
  for kind in cgroup ipc mnt net pid time user uts; do
    link=$(readlink "/proc/$1/ns/$kind") # net:[4026532182]
    link=${link#*[}
    printf '%s"%s":%s' "$comma" "$kind" "${link%]}"
    comma=,
  done
  printf '}'
}
# link NSENTER-OPTION NAME: "IFINDEX PEER" of an interface in another netns; `ip -o link` says "4: veth0@if2: <…".
link() {
  nsenter "$1" ip -o link show "$2" | sed 's/^\([0-9]*\): [^@]*@if\([0-9]*\):.*/\1 \2/'
}

child=$(cat "$state/child_pid")
parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$child/status")
detached=/proc/$child/root$state/netns
[ -e "$state/netns" ] || detached=/proc/$child/ns/net
containerd=$(pgrep -x containerd)
slirp4netns=$(pgrep -x slirp4netns)

printf '{"hostname":"%s","kernel":"%s","namespaces":%s,' "$(hostname)" "$(uname -r)" "$(namespaces 1)"
printf '"sshdPid":%s,' "$(cat /run/sshd.pid)"
printf '"rootlesskit":{"stateDir":"%s","parentPid":%s,"childPid":%s,"slirp4netnsPid":%s,"containerdPid":%s,' \
  "$state" "$parent" "$child" "$slirp4netns" "$containerd"
printf '"detached":%s,"netns":%s,"namespaces":{"parent":%s,"child":%s,"slirp4netns":%s,"containerd":%s}},' \
  "$([ -e "$state/netns" ] && echo true || echo false)" "$(stat -L -c %i "$detached")" \
  "$(namespaces "$parent")" "$(namespaces "$child")" "$(namespaces "$slirp4netns")" "$(namespaces "$containerd")"
ports=$(curl -s --unix-socket "$state/api.sock" http://rootlesskit/v1/ports)
# What RootlessKit answers when there is none.
[ "$ports" != null ] || ports='[]'
printf '"ports":%s,' "$ports"

printf '"containers":['
comma=
# In the order they were started.
for file in $(ls -tr /home/ec2-user/.local/share/nerdctl/1935db59/containers/default/*/pid); do
  dir=${file%/pid}
  id=${dir##*/}
  pid=$(cat "$file")
  config=/proc/$child/root/run/containerd/io.containerd.runtime.v2.task/default/$id/config.json
  name=$(grep -o '"nerdctl/name":"[^"]*' "$config")
  address=$(nsenter --net="/proc/$pid/ns/net" ip -o -4 addr show eth0 | sed 's/.* inet \([^/]*\).*/\1/')
  read -r index peer <<L
$(link "--net=/proc/$pid/ns/net" eth0)
L
  veth=$(nsenter --net="$detached" ip -o link show master nerdctl0 | sed -n "s/^$peer: \([^@]*\)@.*/\1/p")
  printf '%s{"id":"%s","name":"%s","pid":%s,"shimPid":%s,"ip":"%s","namespaces":%s,' "$comma" "$id" "${name##*\"}" \
    "$pid" "$(pgrep -f "^/usr/bin/containerd-shim-runc-v2 .*-id $id")" "$address" "$(namespaces "$pid")"
  printf '"eth0":{"ifindex":%s},"veth":{"name":"%s","ifindex":%s}}' "$index" "$veth" "$peer"
  comma=,
done
echo ']}'

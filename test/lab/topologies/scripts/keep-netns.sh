#!/bin/bash
# Makes network namespaces and keeps each alive as it is told to. Runs as root of the user namespace that is to own them
# and in a mount namespace of its own; stays as the process that holds descriptors and mounts.
#
# usage: keep-netns.sh NAME:WAYS...     WAYS: process, fd, elsewhere (a mount here); several with + between
# Prints a line for each: NAME INODE PATH, where PATH opens it from outside. Then closes standard output.
set -eu
mount -t tmpfs tmpfs /mnt
names=() links=() paths=() doomed=()
for wanted; do
  name=${wanted%%:*} ways=+${wanted#*:}+
  # A child of a shell that is in it for sure; the shell ends.
  pid=$(unshare --net sh -c 'sleep infinity </dev/null >/dev/null 2>&1 & echo $!')
  if [[ $ways == *+elsewhere+* ]]; then
    : >"/mnt/$name"
    mount --bind "/proc/$pid/ns/net" "/mnt/$name"
    path=/proc/$$/root/mnt/$name
  fi
  if [[ $ways == *+fd+* ]]; then
    exec {fd}<"/proc/$pid/ns/net"
    path=/proc/$$/fd/$fd
  fi
  if [[ $ways == *+process+* ]]; then path=/proc/$pid/ns/net; else doomed+=("$pid"); fi
  names+=("$name") links+=("/proc/$pid/ns/net") paths+=("$path")
done
inodes=($(readlink "${links[@]}" | tr -dc '0-9\n'))
[ ${#doomed[@]} -eq 0 ] || kill "${doomed[@]}"
for number in "${!names[@]}"; do echo "${names[number]} ${inodes[number]} ${paths[number]}"; done
exec sleep infinity </dev/null >/dev/null 2>&1

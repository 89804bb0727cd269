#!/bin/sh
# The root file system every lab host starts from: a small Debian with the programs of the article's host.
# RootlessKit must be 2.x (--detach-netns), which is why the suite is trixie and not the machine's own.
#
# usage: build-root-file-system.sh DIR SUITE PACKAGE...
#   DIR appears when it is complete; there is nothing to do when it is there. One at a time, in a mount namespace of its own
#   (debootstrap mounts /proc, and an interrupted one leaves it).
set -eu
final=$1 suite=$2
shift 2
[ ! -e "$final" ] || exit 0
dir=$final.building
rm -rf --one-file-system "$dir"
here=$(dirname "$0")

packages=$(echo "$*" | tr ' ' ',')
# nginx and redis are here only to be put into the container images; the host itself does not keep them.
debootstrap --variant=minbase --include="$packages,nginx,redis-server" "$suite" "$dir"

for script in build-image.sh build-images.sh; do cp "$here/$script" "$dir/tmp/$script"; done
chroot "$dir" sh /tmp/build-images.sh /usr/local/share/lab/images
rm -f "$dir"/tmp/build-image*.sh
chroot "$dir" dpkg --purge nginx nginx-common redis-server redis-tools >/dev/null 2>&1

# An account made by useradd is locked, and sshd refuses the locked even with a key: '*' is "no password", unlocked.
for user in ec2-user:1000 bob:1001; do
  chroot "$dir" useradd --create-home --shell /bin/bash --uid "${user#*:}" "${user%:*}"
  chroot "$dir" usermod -p '*' "${user%:*}"
done
printf 'ec2-user:100000:65536\nbob:165536:65536\n' | tee "$dir/etc/subuid" >"$dir/etc/subgid"

rm -rf "$dir"/var/cache/apt/archives/*.deb "$dir"/var/lib/apt/lists/* "$dir"/usr/share/doc/* "$dir"/usr/share/man/*
# Keys are made when a host starts: two hosts never share an identity.
rm -f "$dir"/etc/ssh/ssh_host_* "$dir/etc/machine-id"
mv "$dir" "$final"

#!/bin/sh
# Programs that few lab hosts need, as a layer over the root file system: what installing them changes there.
#
# usage: build-layer.sh DIR ROOT PACKAGE...
#   DIR appears when it is complete. One at a time, in a mount namespace of its own.
set -eu
final=$1 root=$2
shift 2
[ ! -e "$final" ] || exit 0
dir=$final.building
rm -rf --one-file-system "$dir"
mkdir -p "$dir/upper" "$dir/work" "$dir/merged"
# Relative, since a colon in a path would end it.
ln -s "$root" "$dir/lower"
(cd "$dir" && mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay merged)
mount -t proc proc "$dir/merged/proc"
mount -t tmpfs tmpfs "$dir/merged/tmp"
# No service is started by being installed.
printf '#!/bin/sh\nexit 101\n' >"$dir/merged/usr/sbin/policy-rc.d"
chmod 755 "$dir/merged/usr/sbin/policy-rc.d"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
chroot "$dir/merged" apt-get update -q
chroot "$dir/merged" apt-get install -y -q --no-install-recommends "$@"
rm -rf "$dir"/merged/var/cache/apt/* "$dir"/merged/var/lib/apt/lists/* "$dir"/merged/usr/share/doc/* "$dir"/merged/usr/share/man/*
umount "$dir/merged/tmp" "$dir/merged/proc" "$dir/merged"
mv "$dir/upper" "$final"
rm -rf --one-file-system "$dir"

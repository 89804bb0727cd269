#!/bin/sh
# PID 1 of a lab host: makes the file systems, pivots into them, and stays as the one who reaps orphans.
# A chroot would not do: the kernel forbids new user namespaces in one, and rootless containers begin with one.
#
# usage: init.sh SCRIPTS      run by start.sh, same environment; LAB_TIED=yes ends the host when standard input ends
set -eu
scripts=$1
# /proc is still the machine's, so this is the PID by which the machine knows us.
read -r pid _ </proc/self/stat
tied=${LAB_TIED:-no}
exec 3>"$LAB_RUN/init-pid"

mount --make-rprivate /
# One tmpfs for all that is written: an overlay on it, and /home beside it, because the containers' own overlay cannot
# have its upper folder on an overlay.
work=$LAB_RUN/root
mkdir -p "$work"
mount -t tmpfs -o mode=755 lab "$work"
mkdir "$work/upper" "$work/work" "$work/merged"
# Relative, so that the host's own mount table does not tell where the machine keeps things.
ln -s "$LAB_ROOT_FS" "$work/lower"
lower=lower
# Programs that few hosts need lie over it.
if [ -n "${LAB_LAYER:-}" ]; then
  ln -s "$LAB_LAYER" "$work/layer"
  lower=layer:lower
fi
(cd "$work" && mount -t overlay -o "lowerdir=$lower,upperdir=upper,workdir=work" overlay merged)
root=$work/merged
cp -a "$LAB_ROOT_FS/home" "$work/home"
mount --bind "$work/home" "$root/home"

mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t sysfs -o nosuid,nodev,noexec sysfs "$root/sys"
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$root/sys/fs/cgroup" || true
mount -t tmpfs -o nosuid,nodev,mode=755 tmpfs "$root/run"
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o nosuid,mode=755 devtmpfs "$root/dev"
for node in null:1:3:666 zero:1:5:666 full:1:7:666 random:1:8:666 urandom:1:9:666 tty:5:0:666; do
  IFS=: read -r name major minor mode <<N
$node
N
  mknod -m "$mode" "$root/dev/$name" c "$major" "$minor"
done
mkdir "$root/dev/net" "$root/dev/pts" "$root/dev/shm"
# slirp4netns, run by nobody special, opens it.
mknod -m 666 "$root/dev/net/tun" c 10 200
mount -t devpts -o nosuid,noexec,gid=5,mode=620,ptmxmode=666,newinstance devpts "$root/dev/pts"
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

mkdir -p "$root/usr/local/lib/lab"
cp "$scripts"/*.sh "$root/usr/local/lib/lab/"
# Under the name and path the article shows in RootlessKit's command line.
mv "$root/usr/local/lib/lab/containerd-rootless.sh" "$root/usr/local/bin/"
chmod 755 "$root"/usr/local/lib/lab/*.sh "$root/usr/local/bin/containerd-rootless.sh"
mkdir "$root/run/sshd"
hostname "$LAB_HOSTNAME"

cd "$root"
mkdir -p mnt/machine
pivot_root . mnt/machine
umount -l /mnt/machine
rmdir /mnt/machine
# As systemd does; RootlessKit's --propagation=rslave wants something to be the slave of.
mount --make-rshared /

echo "$pid" >&3
# Nothing of the machine is left open or in the environment; standard input stays only if our life hangs on it.
[ "$tied" = yes ] || exec </dev/null
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin sh /usr/local/lib/lab/pid-1.sh "$tied" \
  >/dev/null 2>&1 3>&-

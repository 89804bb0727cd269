#!/bin/bash
# Real engines, each with containers that publish ports: Docker, podman as root, podman as ec2-user in its three ways
# (pasta, a network of its own, slirp4netns). Everything is on loopback. Prints a line for each container:
#   container ENGINE USER NAME ID PID NETNS HOSTPORT
set -eu
ip link set lo up
# There are no cgroup controllers here to give out.
cat >/etc/containers/containers.conf <<C
[containers]
cgroups="disabled"
default_ulimits=["nofile=1024:1024","nproc=4096:4096"]
[engine]
cgroup_manager="cgroupfs"
runtime="crun"
events_logger="file"
C
install -d -m 700 -o 1000 -g 1000 /run/user/1000
usermod -aG docker ec2-user
# An overlay's upper folder cannot be on an overlay.
for folder in containers docker; do
  mkdir -p "/var/lib/$folder"
  mount -t tmpfs tmpfs "/var/lib/$folder"
done
mkdir -p /tmp/image/bin /tmp/image/www
cp /usr/bin/busybox /tmp/image/bin/busybox
for name in httpd sleep; do ln -s busybox "/tmp/image/bin/$name"; done
echo hello >/tmp/image/www/index.html
tar -C /tmp/image -c . >/tmp/image.tar
chmod 644 /tmp/image.tar
serve='/bin/httpd -f -p 80 -h /www'
secret='PASSWORD=swordfish-7f3a'

setsid dockerd --storage-driver overlay2 </dev/null >/tmp/dockerd.log 2>&1 &
docker_pid=$!

podman import -q /tmp/image.tar localhost/hello >/dev/null
podman run -d --name web -e "$secret" -p 127.0.0.1:18080:80 --label shelf=top localhost/hello $serve >/dev/null
mkdir -p /run/podman
setsid podman system service --time=0 unix:///run/podman/podman.sock </dev/null >/tmp/podman.log 2>&1 &
echo "service $!"

owner() { setpriv --reuid 1000 --regid 1000 --init-groups env HOME=/home/ec2-user XDG_RUNTIME_DIR=/run/user/1000 "$@"; }
cd /home/ec2-user
owner podman import -q /tmp/image.tar localhost/hello >/dev/null
owner podman network create --subnet 10.89.7.0/24 mine >/dev/null
owner podman run -d --name with-pasta -e "$secret" -p 127.0.0.1:18081:80 localhost/hello $serve >/dev/null
owner podman run -d --name with-bridge --network mine -p 127.0.0.1:18082:80 localhost/hello $serve >/dev/null
owner podman run -d --name with-slirp --network slirp4netns -p 127.0.0.1:18083:80 localhost/hello $serve >/dev/null
owner setsid podman system service --time=0 </dev/null >/tmp/podman-rootless.log 2>&1 &

tries=0
until docker version >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 300 ] && kill -0 $docker_pid || { cat /tmp/dockerd.log >&2 && exit 1; }
  sleep 0.1
done
docker import /tmp/image.tar hello >/dev/null
docker network create --subnet 10.77.0.0/24 shop_default >/dev/null
docker run -d --name shop-web --network shop_default -e "$secret" -p 127.0.0.1:19080:80 \
  --label com.docker.compose.project=shop --label com.docker.compose.service=web hello $serve >/dev/null
for socket in /run/podman/podman.sock /run/user/1000/podman/podman.sock; do
  tries=0
  until curl -s -o /dev/null --unix-socket $socket http://localhost/_ping; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || exit 1
    sleep 0.1
  done
done

say() { # ENGINE USER NAME HOSTPORT, then the command that inspects
  engine=$1 user=$2 name=$3 port=$4
  shift 4
  set -- $("$@" inspect --format '{{.Id}} {{.State.Pid}}' "$name")
  [ "$(curl -s -m 5 "http://127.0.0.1:$port/")" = hello ] || { echo "$name does not answer" >&2 && exit 1; }
  echo "container $engine $user $name $1 $2 $(readlink "/proc/$2/ns/net" | tr -dc 0-9) $port"
}
say podman root web 18080 podman
say podman ec2-user with-pasta 18081 owner podman
say podman ec2-user with-bridge 18082 owner podman
say podman ec2-user with-slirp 18083 owner podman
say docker root shop-web 19080 docker

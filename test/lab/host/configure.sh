#!/bin/sh
# Makes a started lab host the article's EC2 machine: its network card, its users, its sshd. Runs inside it, as root.
#
# usage: configure.sh      settings in the environment:
#   LAB_ADDRESS LAB_GATEWAY LAB_BROADCAST LAB_MAC   of ens5, in a /20 as in a default VPC
#   LAB_SUDO        what ec2-user may do: none, password (it is "ec2-user"), nopasswd
#   LAB_PUBLIC_KEY  the client key that logs in as ec2-user, bob and root
#   LAB_PASSWORD_LOGIN  yes: ec2-user may log in with the password "ec2-user" too
set -eu

ip link set lo up
ip link property add dev ens5 altname enp0s5
ip link property add dev ens5 altname eni-0f67ca2c1917ee11c
ip link set ens5 address "$LAB_MAC" mtu 9001 up
ip addr add "$LAB_ADDRESS/20" brd "$LAB_BROADCAST" metric 512 dev ens5
ip route add default via "$LAB_GATEWAY" dev ens5 proto dhcp src "$LAB_ADDRESS" metric 512

hostname >/etc/hostname
printf '127.0.0.1 localhost\n%s %s\n' "$LAB_ADDRESS" "$(hostname)" >/etc/hosts
echo "nameserver $LAB_GATEWAY" >/etc/resolv.conf
# Different on every start, as on every machine.
tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id

for user in ec2-user bob root; do
  home=$(getent passwd "$user" | cut -d: -f6)
  install -d -m 700 -o "$user" -g "$user" "$home/.ssh"
  echo "$LAB_PUBLIC_KEY" >"$home/.ssh/authorized_keys"
  chown "$user:$user" "$home/.ssh/authorized_keys"
  chmod 600 "$home/.ssh/authorized_keys"
done
[ "$LAB_PASSWORD_LOGIN" = no ] && [ "$LAB_SUDO" != password ] || echo 'ec2-user:ec2-user' | chpasswd
case $LAB_SUDO in
none) ;;
password) echo 'ec2-user ALL=(ALL) ALL' >/etc/sudoers.d/ec2-user ;;
nopasswd) echo 'ec2-user ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/ec2-user ;;
*) echo "LAB_SUDO: none, password or nopasswd, not $LAB_SUDO" >&2 && exit 2 ;;
esac
for uid in 1000 1001; do
  mkdir -p "/run/user/$uid"
  mount -t tmpfs -o "nosuid,nodev,mode=700,uid=$uid,gid=$uid" tmpfs "/run/user/$uid"
done

# The cgroups systemd would have made. What is below user@1000.service is delegated to that user.
cgroup=/sys/fs/cgroup
user_service=$cgroup/user.slice/user-1000.slice/user@1000.service
if mkdir -p "$cgroup/init.scope" "$cgroup/system.slice/sshd.service" \
  "$user_service/app.slice/containerd.service" "$user_service/user.slice" 2>/dev/null; then
  chown -R ec2-user:ec2-user "$user_service"
  echo 1 >"$cgroup/init.scope/cgroup.procs"
  echo $$ >"$cgroup/system.slice/sshd.service/cgroup.procs"
fi

# PAM would want logind; what it would set, sshd sets.
ssh-keygen -q -A
cat >/etc/ssh/sshd_config.d/lab.conf <<CONF
UsePAM no
UseDNS no
PasswordAuthentication $LAB_PASSWORD_LOGIN
PermitRootLogin prohibit-password
AcceptEnv LANG LC_*
# Tests log in often, at once, and wrongly on purpose; a host that shuts its door on them tests nothing.
MaxStartups 100
PerSourcePenalties no
Match User ec2-user
  SetEnv XDG_RUNTIME_DIR=/run/user/1000
Match User bob
  SetEnv XDG_RUNTIME_DIR=/run/user/1001
CONF
/usr/sbin/sshd

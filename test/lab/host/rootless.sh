#!/bin/sh
# Starts RootlessKit with containerd inside, by the command line of the article. Runs on the lab host as ec2-user and
# returns when containerd answers.
#
# usage: rootless.sh yes|no      yes: --detach-netns, as RootlessKit 2 and nerdctl do; no: the child has a netns of its own
set -eu
detach=--detach-netns
[ "$1" = yes ] || detach=
export HOME=/home/ec2-user USER=ec2-user XDG_RUNTIME_DIR=/run/user/1000 PATH=/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin
cd "$HOME"
state=$XDG_RUNTIME_DIR/containerd-rootless

mkdir -p "$HOME/.config/containerd"
# Kubernetes' plugin wants a network configuration that nobody here has.
echo 'version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri"]' >"$HOME/.config/containerd/config.toml"

# shellcheck disable=SC2086 # an empty $detach is no argument
setsid rootlesskit --state-dir="$state" --net=slirp4netns --mtu=65520 \
  --slirp4netns-sandbox=auto --slirp4netns-seccomp=auto --disable-host-loopback --port-driver=builtin \
  --copy-up=/etc --copy-up=/run --copy-up=/var/lib --propagation=rslave $detach \
  /usr/local/bin/containerd-rootless.sh </dev/null >"$HOME/containerd-rootless.log" 2>&1 &
rootlesskit=$!

tries=0
until [ -s "$state/child_pid" ] && /usr/local/lib/lab/in-rootless.sh ctr version >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ $tries -gt 300 ] || ! kill -0 "$rootlesskit" 2>/dev/null; then
    cat "$HOME/containerd-rootless.log" >&2
    exit 1
  fi
  sleep 0.1
done

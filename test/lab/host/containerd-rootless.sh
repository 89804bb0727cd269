#!/bin/sh
# What RootlessKit runs as the root of its user namespace, with the name and the part of nerdctl's own start script:
# give containerd the folders it insists on, out of the user's, and become containerd.
set -eu
# Only the symbolic links that --copy-up made, in our own mount namespace; the host keeps its files.
rm -f /run/containerd /run/xtables.lock /var/lib/containerd /var/lib/cni /etc/containerd
mkdir -p "$XDG_RUNTIME_DIR/containerd" "$HOME/.local/share/containerd" "$HOME/.local/share/cni" "$HOME/.config/containerd"
bind() {
  mkdir -p "$2"
  mount --bind "$1" "$2"
}
bind "$XDG_RUNTIME_DIR/containerd" /run/containerd
bind "$HOME/.local/share/containerd" /var/lib/containerd
bind "$HOME/.local/share/cni" /var/lib/cni
bind "$HOME/.config/containerd" /etc/containerd
exec containerd

# What nerdctl keeps in files: of its containers, and of its networks, which are network plugins' configurations (CNI).

# UID: where that user's home is.
home_of() { awk -F: -v uid="$1" '$3 == uid { print $6; exit }' /etc/passwd; }

# UID: nerdctl's folder of that user.
find_nerdctl_files() {
  folder=/var/lib/nerdctl
  [ "$1" = 0 ] || folder=$(home_of "$1")/.local/share/nerdctl
  is_plain "$folder" || return 0
  keep_refusals "$folder"
  keep_files "$1" "$folder"/*/containers/*/*/ports.json "$folder"/*/containers/*/*/network-config.json \
    "$folder"/*/etchosts/*/*/meta.json
}

nerdctl_networks() {
  ask_nerdctl_networks 0 - /etc/cni/net.d
  # In the file system of RootlessKit's child, where nerdctl itself looks.
  for kit in $kits; do
    home=$(home_of "${kit%:*}")
    [ -z "$home" ] || ask_nerdctl_networks "${kit%:*}" "${kit#*:}" "$home/.config/cni/net.d"
  done
}

# UID CHILD FOLDER: its own files only, whose names begin so; those of others may hold a password.
ask_nerdctl_networks() {
  is_plain "$3" || return 0
  folder=$3 kept=
  if [ "$2" != - ]; then
    inside=/proc/$2/root$3
    [ -d "$inside" ] || return 0
    if ! [ "$inside" -ef "$3" ]; then
      is_straight "/proc/$2/root" "$inside" || return 0
      folder=$inside
    fi
  fi
  keep_refusals "$folder"
  keep_files "$1" "$folder"/nerdctl-*.conflist "$folder"/*/nerdctl-*.conflist
  key="$1 $2 $3"
  set -- $(files_to_read 65536)
  [ $# -eq 0 ] || ask_much nerdctl-networks "$key" grep -aH ^ "$@"
}

# What container runtimes and systemd-machined wrote down about their containers.

# Here, in the file system of a RootlessKit child, and in those of containers that may have an engine of their own.
runtime_states() {
  for directory in /run/runc /run/crun /run/youki /run/containerd/runc /run/docker/runtime-runc; do
    if [ -d "$directory" ] && ! { [ -r "$directory" ] && [ -x "$directory" ]; }; then
      ask runtime-state "$directory" ls "$directory"
    fi
  done
  set -- $(
    for root in '' $children_roots; do state_files "$root"; done
    containers_state_files
  )
  [ $# -gt 0 ] || return 0
  # The same file by two names is read once.
  paths=$(read_for_them "$@" | awk '!seen[$1]++ { print $2 }')
  set --
  for path in $paths; do
    ask runtime-state "$path" head -c 1048576 "$path"
    case $path in
      */crun/*/status)
        path=${path%status}config.json
        if [ -f "$path" ] && [ ! -L "$path" ]; then set -- "$@" "$path"; fi
        ;;
    esac
  done
  [ $# -eq 0 ] || set -- $(read_for_them "$@" | sed 's/^[^ ]* //')
  # crun's own record has no annotations; the copy of config.json beside it has, and much that is nobody's business.
  [ $# -eq 0 ] || ask_much runtime-annotations '' grep -azHoE "$annotations" "$@"
}

# A JSON object with strings for values, found in a file of one line or many.
annotations='"annotations"[[:space:]]*:[[:space:]]*\{([[:space:]]*"([^"\\]|\\.)*"[[:space:]]*:[[:space:]]*"([^"\\]|\\.)*"[[:space:]]*,?)*[[:space:]]*\}'

# ROOT: prints the records in that file system, one a line.
state_files() {
  for path in "$1"/run/runc/*/state.json "$1"/run/crun/*/status "$1"/run/youki/*/state.json \
    "$1"/run/user/*/runc/*/state.json "$1"/run/user/*/crun/*/status "$1"/run/user/*/youki/*/state.json \
    "$1"/run/containerd/runc/*/*/state.json "$1"/run/docker/runtime-runc/*/*/state.json \
    "$1"/run/user/*/docker/runtime-runc/*/*/state.json; do
    if is_plain "$path" && [ -f "$path" ] && is_straight "$1" "$path"; then printf '%s\n' "$path"; fi
  done
}

# The same in every other mount namespace, if its /run is another than ours.
containers_state_files() {
  count=0
  for pid in $in_mount; do
    root=/proc/$pid/root
    case " $children_roots " in *" $root "*) continue ;; esac
    if [ ! -d "$root/run" ] || [ -L "$root/run" ] || [ "$root/run" -ef /run ]; then continue; fi
    # A process only for those where a runtime may have been.
    for directory in runc crun youki containerd docker user ''; do
      [ -n "$directory" ] || continue 2
      [ ! -d "$root/run/$directory" ] || break
    done
    count=$((count + 1))
    [ "$count" -le 256 ] || break
    state_files "$root"
  done
}

# systemd-nspawn's containers, libvirt's, and virtual machines.
machines() {
  set -- /run/systemd/machines/*
  [ ! -f "$1" ] || ask_line machine '' 'grep -aH ^ /run/systemd/machines/*'
}

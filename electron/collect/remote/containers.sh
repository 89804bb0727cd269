# What container runtimes wrote down about their containers; in the file system of a RootlessKit child too.
runtime_states() {
  for directory in /run/runc /run/crun /run/containerd/runc /run/docker/runtime-runc; do
    if [ -d "$directory" ] && ! { [ -r "$directory" ] && [ -x "$directory" ]; }; then
      ask runtime-state "$directory" ls "$directory"
    fi
  done
  set --
  for root in '' $children_roots; do
    for path in "$root"/run/runc/*/state.json "$root"/run/crun/*/status \
      "$root"/run/user/*/runc/*/state.json "$root"/run/user/*/crun/*/status \
      "$root"/run/containerd/runc/*/*/state.json "$root"/run/docker/runtime-runc/*/*/state.json; do
      if is_plain "$path" && [ -f "$path" ]; then set -- "$@" "$path"; fi
    done
  done
  [ $# -gt 0 ] || return 0
  # The same file by two names is read once.
  for path in $(stat -L -c '%d:%i %n' "$@" 2>/dev/null | awk '!seen[$1]++ { print $2 }'); do
    ask runtime-state "$path" head -c 1048576 "$path"
  done
}

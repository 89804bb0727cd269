# RootlessKit: its state directory, as its parent and its child see it, and what its API says.

# Both are called so by the programs that start them; the child runs /proc/self/exe.
rootlesskits() {
  set -- $(grep -lE '^(rootlesskit|docker-rootless)$' /proc/[0-9]*/comm 2>/dev/null)
  if [ $# -gt 0 ]; then
    shown='command -v curl'
    ask tool curl place_of curl
  fi
  for comm; do
    parent=${comm#/proc/}
    rootlesskit "${parent%/comm}"
  done
}

# `curl --version` looks the host's own name up (libldap does): seconds where no name server answers.
place_of() { command -v "$1" || return 127; }

# PARENT
rootlesskit() {
  child=$(child_of "$1")
  directory=$(state_directory "$1" "$child")
  is_plain "$directory" || return 0
  if [ -z "$child" ]; then read -r child 2>/dev/null <"$directory/child_pid"; fi
  case $child in
    '' | *[!0-9]*) child=- ;;
    *) children_roots="$children_roots /proc/$child/root" ;;
  esac
  key="$1 $child $directory" socket=$directory/api.sock
  [ -S "$socket" ] || socket=/proc/$child/root$socket
  shown="ls -lan $directory; ls -lan /proc/$child/root$directory"
  ask rootlesskit "$key" list_both "$directory" "/proc/$child/root$directory"
  if command -v curl >/dev/null; then
    ask_api rootlesskit-info info
    ask_api rootlesskit-ports ports
  else
    ask rootlesskit-info "$key" rootlessctl --socket "$socket" info --json
    ask rootlesskit-ports "$key" rootlessctl --socket "$socket" list-ports --json
  fi
}

ask_api() {
  ask_much "$1" "$key" curl -q -s -S --max-time 5 --noproxy '*' --unix-socket "$socket" "http://rootlesskit/v1/$2"
}

list_both() {
  for path; do
    echo "# $path"
    ls -lan "$path"
  done
}

# PARENT
child_of() {
  for list in "/proc/$1/task/"*/children; do
    children=
    read -r children 2>/dev/null <"$list"
    for candidate in $children; do
      arguments=
      read -r arguments 2>/dev/null <"/proc/$candidate/cmdline"
      case $arguments in /proc/self/exe*) echo "$candidate" && return ;; esac
    done
  done
}

# PARENT CHILD: from the command line, else from what RootlessKit itself told its child.
state_directory() {
  said=$(tr '\0' '\n' 2>/dev/null <"/proc/$1/cmdline" |
    sed -n -e '/^--\{0,1\}state-dir=/{s///;p;q;}' -e '/^--\{0,1\}state-dir$/{n;p;q;}')
  if [ -z "$said" ] && [ -n "$2" ]; then
    said=$(tr '\0' '\n' 2>/dev/null <"/proc/$2/environ" | sed -n '/^ROOTLESSKIT_STATE_DIR=/{s///;p;q;}')
  fi
  printf '%s\n' "$said"
}

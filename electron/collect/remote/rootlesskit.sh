# RootlessKit: its state directory, as its parent and its child see it, and what its API says.

few_rootlesskits=64
# A list of some ten thousand published ports.
rootlesskit_bytes=1048576

# Both are called so by the programs that start them; the child runs /proc/self/exe.
rootlesskits() {
  set -- $(grep -lE '^(rootlesskit|docker-rootless)$' /proc/[0-9]*/comm 2>/dev/null)
  if [ $# -gt 0 ]; then
    shown='command -v curl'
    ask tool curl place_of curl
  fi
  answers=$answer_bytes
  [ "$answer_bytes" -le "$rootlesskit_bytes" ] || answer_bytes=$rootlesskit_bytes
  for comm; do
    parent=${comm#/proc/}
    rootlesskit "${parent%/comm}"
  done
  answer_bytes=$answers
}

# `curl --version` looks the host's own name up (libldap does): seconds where no name server answers.
place_of() { command -v "$1" || return 127; }

# PARENT
rootlesskit() {
  user=$(user_of "$1") || return 0
  child=$(child_of "$1")
  directory=$(state_directory "$1" "$child")
  is_plain "$directory" && [ "$few_rootlesskits" -gt 0 ] || return 0
  few_rootlesskits=$((few_rootlesskits - 1))
  inside=/proc/${child:--}/root$directory
  key="$1 ${child:--} $directory"
  shown="ls -lan $directory; ls -lan $inside"
  ask rootlesskit "$key" list_both "$directory" "$inside"
  where=
  for place in "$inside" "$directory"; do
    if (enter_state_directory "$place" && [ -S api.sock ]) >/dev/null 2>&1; then where=$place; fi
  done
  case $where$errors in
    *"$not_its_own"*) [ -n "$where" ] || return 0 ;;
  esac
  if [ -n "$child" ]; then children_roots="$children_roots /proc/$child/root" kits="$kits $user:$child"; fi
  : "${where:=$directory}"
  socket=$where/api.sock
  if command -v curl >/dev/null; then
    ask_api rootlesskit-info info
    # One that lets us wait for the one answer is not asked for the other.
    [ "$status" -eq 28 ] || ask_api rootlesskit-ports ports
  else
    shown="rootlessctl --socket $socket info --json"
    ask_much rootlesskit-info "$key" ask_socket rootlessctl --socket api.sock info --json
    shown="rootlessctl --socket $socket list-ports --json"
    ask_much rootlesskit-ports "$key" ask_socket rootlessctl --socket api.sock list-ports --json
  fi
}

ask_api() {
  shown="curl -q -s -S --max-time 5 --noproxy * --unix-socket $socket http://rootlesskit/v1/$2"
  ask_much "$1" "$key" ask_socket curl -q -s -S --max-time 5 --noproxy '*' --unix-socket api.sock \
    "http://rootlesskit/v1/$2"
}

list_both() {
  for path; do
    echo "# $path"
    (enter_state_directory "$path" && ls -lan)
  done
}

# COMMAND…: runs it in the directory $where, if the api.sock in there is a socket of that user's.
ask_socket() (
  enter_state_directory "$where" || exit
  if [ -L api.sock ] || ! is_of "$user" api.sock; then
    echo "$socket: $not_its_own" >&2
    exit 1
  fi
  "$@"
)

not_its_own='not its own: not read'

# PATH: goes there, if it is the state directory of this user's RootlessKit that has this child. It is looked at from inside,
# where nobody can put another in its place any more.
enter_state_directory() {
  cd -P "$1" 2>/dev/null || {
    # For what it says about it.
    ls -lan "$1" >/dev/null && return 1
    return 2
  }
  is_of "$user" . && is_of_child && return
  echo "$1: $not_its_own" >&2
  return 1
}

# RootlessKit writes there which its child is, as it counts processes itself: one of the numbers of that process.
is_of_child() {
  [ -n "$child" ] && [ -f child_pid ] && [ ! -L child_pid ] && [ -r child_pid ] || return 0
  said=''
  read -r said _ <child_pid
  [ -n "$said" ] || return 0
  numbers=$child
  while read -r name line; do
    [ "$name" != NSpid: ] || numbers=$line
  done 2>/dev/null <"/proc/$child/status"
  for number in $numbers; do [ "$number" != "$said" ] || return 0; done
  return 1
}

# PARENT: the process it started that runs its own program again.
child_of() {
  for candidate in $(children_of "$1"); do
    arguments=
    read -r arguments 2>/dev/null <"/proc/$candidate/cmdline"
    case $arguments in /proc/self/exe*) echo "$candidate" && return ;; esac
  done
}

# PARENT: prints its children. Not every kernel has the file that tells them.
children_of() {
  if [ -r "/proc/$1/task/$1/children" ]; then
    cat "/proc/$1/task/"*/children 2>/dev/null
  else
    grep -al "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status 2>/dev/null | sed 's|^/proc/||; s|/status$||'
  fi
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

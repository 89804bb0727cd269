# Every process: its namespaces, names, state and the open files that keep namespaces and networks alive.

# BusyBox's find cannot print what a link points to.
find_can_print() { find /proc/self/ns -maxdepth 0 -printf '' >/dev/null 2>&1; }

# `socket:[…]`, `net:[…]` and the like are the kernel's own names: a file's begins with a slash.
# (find reads the link anew for each -lname: most are files, and are done with two.)
kept_files='-type l ( -lname [!/]*:\[* ( -lname socket:* -o -lname net:* -o -lname mnt:* -o -lname pid:* -o -lname user:* -o
 -lname uts:* -o -lname ipc:* -o -lname cgroup:* -o -lname time:* ) -o -lname /dev/net/tun ) -printf %p\040%l\n'
kept_files=$(printf %s "$kept_files" | tr -d '\n')

# Answers that later questions depend on are kept: $namespaces (also of threads), $roots, $files, $mounts.

namespaces_of_processes() {
  if find_can_print; then
    namespaces=$(ask_line ns '' "find /proc/[0-9]*/ns -type l -printf '%p %l\n'")
  else
    namespaces=$(ask_line ns '' 'ls -l /proc/[0-9]*/ns/')
  fi
  printf '%s\n' "$namespaces"
  more=
  threads=$(ask_threads /proc/[0-9]*/task)
  [ -z "$threads" ] || printf '%s\n' "$threads"
  from_inside "$namespaces" ask_namespaces ns
  namespaces=$namespaces$newline$threads$newline$added
  ended=$(ended_leaders)
  # Of those that do not see the whole tree of their mount namespace (chroot).
  if find_can_print; then
    roots=$(ask_line root '' "2>/dev/null find /proc/[0-9]*/root -maxdepth 0 -type l ! -lname / -printf '%p %l\n'")
  else
    roots=$(ask_line root '' "ls -ld /proc/[0-9]*/root 2>/dev/null | grep -v ' -> /$'")
  fi
  printf '%s\n' "$roots"
}

# Names, state, rights and control groups.
about_processes() {
  # Two thirds of it are memory, signals and masks of processors.
  ask_line status '' "grep -aHvE '^(Vm|Rss|Hugetlb|THP_|Sig[A-Z]|Shd|Speculation|Cpus_allowed:|Mems_|(non)?voluntary)' /proc/[0-9]*/status"
  ask_line stat '' "grep -aH ^ /proc/[0-9]*/stat"
  # A grep that ends a line at NUL would lose the arguments: then one process for each, with newlines made spaces.
  if printf 'a\0b' | grep -aq b; then
    ask_line cmdline '' "grep -aH ^ /proc/[0-9]*/cmdline"
  else
    ask_line cmdline '' 'for f in /proc/[0-9]*/cmdline; do printf "%s:" "$f"; tr "\n" " " <"$f"; echo; done'
  fi
  cgroups=$(ask_line cgroup '' "grep -aH ^ /proc/[0-9]*/cgroup")
  printf '%s\n' "$cgroups"
  frozen_cgroups
  # Without a security module that labels processes the file cannot be read.
  if read -r _ </proc/self/attr/current; then
    ask_line label '' "grep -aHs ^ /proc/[0-9]*/attr/current"
  fi 2>/dev/null
}

# Beside about_processes, which writes meanwhile.
open_files() {
  if find_can_print; then
    files=$(
      shown="find /proc/[0-9]*/fd $kept_files"
      ask_open_files /proc/[0-9]*/fd
    )
  else
    files=$(ask_line fd '' 'ls -l /proc/[0-9]*/fd/ | grep -aE "^/proc/| -> (socket|net|mnt|pid|user|uts|ipc|cgroup|time):\[| -> /dev/net/tun$"')
  fi
  wait
  printf '%s\n' "$files"
  if [ -n "$ended" ]; then
    more=$(ask_open_files $(each "$ended" fd))
    printf '%s\n' "$more"
    files=$files$newline$more
  fi
  ask_tun_devices "$files"
  from_inside "$files" ask_open_files fd
  files=$files$newline$added
  ask_tun_namespaces
}

# ANSWER FUNCTION FILE: asks again, from inside the user namespaces we own, for each /proc/PID/FILE that ANSWER says was
# denied: the processes of a container may run under subordinate ids. What was answered -> $added.
from_inside() {
  added=
  again=$2 file=$3 lines=$(denied_inside "$1" "$3")
  IFS=$newline
  set -- $lines
  IFS=$spaces
  for processes; do
    pid=${processes%% *}
    privilege=userns:$pid
    way="$nsenter -t $pid -U --preserve-credentials"
    asked=${processes#* }
    [ "$file" != fd ] || asked="$asked $(ended_among "$asked")"
    more=$($again $(each "$asked" "$file"))
    printf '%s\n' "$more"
    if [ "$file" = fd ]; then
      inside="$inside $pid"
      ask_tun_devices "$more"
    else
      threads=$(ask_threads $(each "${processes#* }" task))
      [ -z "$threads" ] || printf '%s\n' "$threads"
      more=$more$newline$threads
    fi
    added=$added$newline$more
  done
  privilege=$login way=
}

# ANSWER FILE: prints a line for each user namespace but our own in which something was denied: a process that may be
# entered by, then the ones to ask for. The directory ns of a process may be closed while the links in it are not.
denied_inside() {
  refused=$(printf '%s\n' "$1" | awk -v file="$2" '
    $0 ~ " err .*/proc/[0-9]+/" file ".*Permission denied" {
      sub(/^.*\/proc\//, ""); sub(/\/.*$/, "")
      if (!seen[$0]++) print
    }')
  [ -n "$refused" ] || return 0
  if find_can_print; then
    find $(each "$refused" ns/user) -printf '%p %l\n' 2>/dev/null
  else
    ls -l $(each "$refused" ns/user) 2>/dev/null | sed -n 's|^.* \(/proc/[0-9]*/ns/user\) -> |\1 |p'
  fi | {
    read -r first || exit
    { printf '%s\nasked\n' "$namespaces" && printf '%s\n' "$first" && cat; } | awk -v self=$$ '
      $0 == "asked" { asked = 1; next }
      /^\/proc\/[0-9]+\/ns\/?:$/ { split($0, part, "/"); listed = part[3]; next }
      /^\/proc\/[0-9]+\/ns\/user user:\[[0-9]+\]$/ { split($1, part, "/"); note(part[3], $2); next }
      / user -> user:\[[0-9]+\]$/ { note(listed, $NF) }
      function note(pid, target) {
        if (!asked) {
          if (pid == self) own = target
          if (!(target in lowest) || pid + 0 < lowest[target] + 0) lowest[target] = pid
        } else if (target != own && target in lowest) {
          if (!(target in list)) found[++count] = target
          list[target] = list[target] " " pid
        }
      }
      END { for (i = 1; i <= count && i <= 64; i++) print lowest[found[i]] list[found[i]] }'
  }
}

ask_namespaces() {
  if find_can_print; then
    ask_much ns '' $way find "$@" -type l -printf '%p %l\n'
  else
    ask_much ns '' $way ls -l "$@"
  fi
}

# DIRECTORY…: the open files in them that are sockets, namespaces or the tun device. $way goes before the command.
ask_open_files() {
  if find_can_print; then
    set -f
    set -- $way find "$@" $kept_files
    set +f
  else
    # Of one folder alone ls does not say the name.
    set -- $way ls -l /dev/null "$@"
  fi
  ask_much fd '' "$@"
}

# ANSWER: prints the open /dev/net/tun in it, `PID FD` or `PID/task/TID FD` in each line.
tun_descriptors() {
  printf '%s\n' "$1" | awk '
    function owner(path) { sub(/^\/proc\//, "", path); sub(/\/fd\/.*$/, "", path); return path }
    /^\/proc\/[0-9]+\/(task\/[0-9]+\/)?fd\/?:$/ { sub(/:$/, ""); sub(/\/?$/, "/"); listed = owner($0); next }
    /^\/proc\/.* \/dev\/net\/tun$/ { count = split($1, part, "/"); print owner($1), part[count]; next }
    / -> \/dev\/net\/tun$/ { print listed, $(NF - 2) }'
}

# ANSWER: which device each open /dev/net/tun in it is attached to.
ask_tun_devices() {
  devices=$(tun_descriptors "$1" | awk '{ print "/proc/" $1 "/fdinfo/" $2 }')
  [ -z "$devices" ] || ask fdinfo '' $way grep -aH '^iff:' $devices
}

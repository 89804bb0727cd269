#!/bin/sh
# Asks a Linux host for its namespaces, who is in them, and the networks inside them.
#
# It reads. It writes no file, changes no setting, loads no kernel module, makes no name under /run/netns, opens no
# port, and leaves no process behind. The last line starts it: a script that arrived in part does nothing at all.
#
# Meant for `sh -s` with this file as standard input; dash, bash and BusyBox ash run it. Every answer goes to standard
# output in a frame (shared/collect/README.md): what was asked and with which right, the command, what it said, its
# errors, its exit status, how long it took. Whoever starts it may set these before, by lines in front of this file:
#   token=<32 hex digits>   begins the lines of the frames, so that nothing on the host can forge one
#   run_seconds, question_seconds, answer_bytes   limits
#
# A question is `ask SECTION KEY COMMAND…`. All words of a command are passed on as they are; nothing that was read on
# the host is ever interpreted as shell. `ask_line` takes one constant line of this file instead.

set -u
LC_ALL=C
export LC_ALL
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${PATH-}
newline='
'
spaces=" 	$newline"

# ---------------------------------------------------------------------------------------------------- limits, token

: "${run_seconds:=180}" "${question_seconds:=20}" "${answer_bytes:=33554432}"
# Up to this many network namespaces each is asked in full; beyond, only what every picture needs (one `ip` in each).
few_networks=64
# Of a host with more, so many are asked before what they said is passed on, at most so many bytes at once.
bundle_networks=16
bundle_bytes=2097152

choose_token() {
  case ${token-} in
    *[!0-9a-f]*) token= ;;
  esac
  given=${token-}
  # Not in the environment either, where other processes of this user could read it.
  unset token
  token=$given
  [ ${#token} -eq 32 ] || token=$(tr -dc 0-9a-f </dev/urandom | head -c 32)
}

# --------------------------------------------------------------------------------------------------------- a frame

# Milliseconds since boot -> $ms, in steps of ten.
now() {
  read -r ms _ </proc/uptime
  ms=$((${ms%.*} * 1000 + 1${ms#*.}0 - 1000))
}

# SECTION KEY COMMAND…: the two lines before an answer. Fails when the time of the whole run is over.
begin() {
  now
  [ "$ms" -lt "$deadline" ] || return 1
  kill -0 $$ || exit 1
  started=$ms
  printf '%s begin %s %s %s\n' "$token" "$privilege" "$1" "$2" || exit 1
  shift 2
  printf '%s run %s\n' "$token" "${shown:-$*}" || exit 1
  shown=
}

# The lines after an answer, from $errors, $status and $cut.
end() {
  now
  if [ "$status" -gt 128 ] && [ $((ms - started)) -ge $((question_seconds * 1000)) ]; then cut=timed-out; fi
  if [ -n "$errors" ]; then
    set -f
    IFS=$newline
    printf '\n' && printf "$token err %s\n" $errors || exit 1
    IFS=$spaces
    set +f
    printf '%s end %s %s %s\n' "$token" "$status" $((ms - started)) "$cut" || exit 1
  else
    printf '\n%s end %s %s %s\n' "$token" "$status" $((ms - started)) "$cut" || exit 1
  fi
}

# SECTION KEY COMMAND…: the answer streams to standard output, errors are kept until it is whole.
ask() {
  errors='' status=0 cut=-
  begin "$@" || return 0
  shift 2
  { errors=$("$@" 2>&1 >&4) || status=$?; } 4>&1
  end
}

# The same for what may be long: passes on at most $answer_bytes.
# (BusyBox's head reads up to 4 KiB further than it was told; an answer that ends right there is cut without a word.)
ask_much() {
  errors='' status=0 cut=-
  begin "$@" || return 0
  shift 2
  {
    errors=$({
      {
        said=0
        "$@" 2>&3 3>&- 4>&- || said=$?
        printf '\n%s status %s' "$token" "$said" >&3
      } | {
        head -c "$answer_bytes" >&4
        [ "$(head -c 1 | wc -c)" -eq 0 ] || printf '\n%s cut' "$token" >&3
      }
    } 3>&1)
  } 4>&1
  status=${errors##*"$token status "}
  status=${status%%"$newline"*}
  case $errors in *"$newline$token cut"*) cut=too-large ;; esac
  errors=${errors%%"$newline$token "*}
  end
}

# SECTION KEY LINE: a constant line of this file, shown as it stands here, with its patterns.
ask_line() {
  shown=$3
  ask_much "$1" "$2" eval "$3"
}

# Words from the host that become part of a path are passed on only if they are made of these characters.
is_plain() {
  case $1 in
    '' | *[!A-Za-z0-9/._:@%+=,~-]*) return 1 ;;
  esac
}

# ------------------------------------------------------------------------------------------------------- watchdog
# Three processes: one that waits and can be told to stop, the worker that asks, and a watchdog that ends a command that
# takes longer than a question may, any command when the time of the run is over, and the worker when the first is gone.

# PID: all its living descendants -> $family.
find_family() {
  family=''
  set -- "$1"
  while [ $# -gt 0 ]; do
    parent=$1
    shift
    for list in "/proc/$parent/task/"*/children; do
      children=
      read -r children 2>/dev/null <"$list"
      family="$family $children"
      set -- "$@" $children
    done
  done
}

# PID: its name -> $name, its parent -> $parent, and when it started, in milliseconds since boot -> $born. The name may
# hold spaces, brackets and newlines; clock ticks are hundredths of a second on every Linux.
look_at() {
  stat=
  read -r stat 2>/dev/null <"/proc/$1/stat"
  name=${stat#*\(}
  name=${name%\)*}
  set -- ${stat##*\) }
  [ $# -ge 20 ] && parent=$2 born=$((${20} * 10))
}

# WORKER
watch_over() {
  trap 'kill $! 2>/dev/null; wait; exit 0' TERM
  look_at "$$"
  own_name=$name
  while
    sleep 1 &
    wait $!
    kill -0 $$ 2>/dev/null
  do
    now
    # Long after the last question should have been over: somebody waits for what will never come.
    [ "$ms" -le $((deadline + 5000)) ] || break
    find_family "$1"
    condemned=
    for pid in $family; do
      look_at "$pid" || continue
      age=$((ms - born))
      case " $condemned " in
        # Its parent is killed: as an orphan it would not be found again, and may keep our pipes open.
        *" $parent "*) age=$((question_seconds * 1000 + 3000)) ;;
        # A process with our own name is a part of this script, which waits for a command or for whoever reads us.
        *) [ "$name" != "$own_name" ] || continue ;;
      esac
      if [ "$age" -gt $((question_seconds * 1000 + 2000)) ]; then
        condemned="$condemned $pid"
        kill -KILL "$pid" 2>/dev/null
      elif [ "$ms" -gt "$deadline" ] || [ "$age" -gt $((question_seconds * 1000)) ]; then
        kill "$pid" 2>/dev/null
      fi
    done
  done
  find_family "$1"
  kill "$1" $family 2>/dev/null
}

# ------------------------------------------------------------------------------------------------ host and processes

host_facts() {
  ask host date date -u +%Y-%m-%dT%H:%M:%SZ
  ask host uname uname -s -n -r -m
  ask host os-release cat /etc/os-release
  ask host boot-id cat /proc/sys/kernel/random/boot_id
  ask host uptime cat /proc/uptime
  ask host id id
  ask host self echo $$
  ask host accounts cut -d: -f1,3 /etc/passwd
  ask host subuid cat /etc/subuid
  ask host subgid cat /etc/subgid
  shown="grep ' /proc ' /proc/self/mountinfo"
  ask host proc-mount grep ' /proc ' /proc/self/mountinfo
  ask host netns-dir ls -la /run/netns
  ask tool ip ip -V
  ask tool lsns lsns --version
  ask tool nsenter nsenter --version
  ask tool ss ss -V
  ask tool find find --version
  ask tool grep grep --version
}

# BusyBox's find cannot print what a link points to.
find_can_print() { find /proc/self/ns -maxdepth 0 -printf '' >/dev/null 2>&1; }

# `socket:[…]`, `net:[…]` and the like are the kernel's own names: a file's begins with a slash.
open_files='-type l ( -lname socket:* -o -lname net:\[* -o -lname mnt:\[* -o -lname pid:\[* -o -lname user:\[*
 -o -lname uts:\[* -o -lname ipc:\[* -o -lname cgroup:\[* -o -lname time:\[* -o -lname /dev/net/tun )
 -printf %p\040%l\n'
open_files=$(printf %s "$open_files" | tr -d '\n')

# Answers that later questions depend on are kept: $namespaces, $files, $mounts.
processes() {
  if find_can_print; then
    namespaces=$(ask_line ns '' "find /proc/[0-9]*/ns -type l -printf '%p %l\n'")
  else
    namespaces=$(ask_line ns '' 'ls -l /proc/[0-9]*/ns/')
  fi
  printf '%s\n' "$namespaces"
  from_inside "$namespaces" ask_namespaces ns
  namespaces=$namespaces$newline$added
  # Two thirds of it are memory, signals and processor masks.
  ask_line status '' "grep -aHvE '^(Vm|Rss|Hugetlb|THP_|Sig[A-Z]|Shd|Speculation|Cpus_|Mems_|(non)?voluntary)' /proc/[0-9]*/status"
  ask_line stat '' "grep -aH ^ /proc/[0-9]*/stat"
  # A grep that ends a line at NUL would lose the arguments: then one process for each, with newlines made spaces.
  if printf 'a\0b' | grep -aq b; then
    ask_line cmdline '' "grep -aH ^ /proc/[0-9]*/cmdline"
  else
    ask_line cmdline '' 'for f in /proc/[0-9]*/cmdline; do printf "%s:" "$f"; tr "\n" " " <"$f"; echo; done'
  fi
  ask_line cgroup '' "grep -aH ^ /proc/[0-9]*/cgroup"
  if find_can_print; then
    files=$(
      shown="find /proc/[0-9]*/fd $open_files"
      ask_open_files /proc/[0-9]*/fd
    )
  else
    files=$(ask_line fd '' 'ls -l /proc/[0-9]*/fd/ | grep -aE "^/proc/| -> (socket|net|mnt|pid|user|uts|ipc|cgroup|time):\[| -> /dev/net/tun$"')
  fi
  printf '%s\n' "$files"
  ask_tun_devices "$files"
  from_inside "$files" ask_open_files fd
  files=$files$newline$added
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
    way="nsenter -t $pid -U --preserve-credentials"
    more=$($again $(each "${processes#* }" "$file"))
    printf '%s\n' "$more"
    [ "$file" != fd ] || ask_tun_devices "$more"
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
    set -- $way find "$@" $open_files
    set +f
  else
    set -- $way ls -l "$@"
  fi
  ask_much fd '' "$@"
}

# ANSWER: which device each open /dev/net/tun in it is attached to.
ask_tun_devices() {
  devices=$(printf '%s\n' "$1" | awk '
    /^\/proc\/[0-9]+\/fd\/?:$/ { split($0, part, "/"); listed = part[3]; next }
    /^\/proc\/.* \/dev\/net\/tun$/ { split($1, part, "/"); print "/proc/" part[3] "/fdinfo/" part[5]; next }
    / -> \/dev\/net\/tun$/ { print "/proc/" listed "/fdinfo/" $(NF - 2) }')
  [ -z "$devices" ] || ask fdinfo '' $way grep -aH '^iff:' $devices
}

# Reads the answer to `ns`. Prints one line for each kind that is read once per namespace: `mnt 1 812 …`, the lowest
# PID of each; and `denied …`, the processes whose namespaces we may not see.
representatives() {
  printf '%s\n' "$namespaces" | awk '
    function note(pid, kind, target) {
      if (target !~ /^(mnt|net|user):\[[0-9]+\]$/ || index(target, kind ":") != 1) return
      if (!(target in lowest)) { order[++count] = target; lowest[target] = pid }
      else if (pid + 0 < lowest[target] + 0) lowest[target] = pid
    }
    /^\/proc\/[0-9]+\/ns\/?:$/ { split($0, part, "/"); listed = part[3]; next }
    /^\/proc\/[0-9]+\/ns\// { split($1, part, "/"); note(part[3], part[5], $2); next }
    / err .*\/proc\/[0-9]+\/ns.*Permission denied/ {
      sub(/^.*\/proc\//, ""); sub(/\/.*$/, "")
      if (!($0 in denied)) { denied[$0]; refused = refused " " $0 }
      next
    }
    / -> / { note(listed, $(NF - 2), $NF) }
    END {
      for (i = 1; i <= count; i++) {
        kind = order[i]; sub(/:.*/, "", kind)
        list[kind] = list[kind] " " lowest[order[i]]
      }
      print "mnt" list["mnt"]; print "net" list["net"]; print "user" list["user"]; print "denied" refused
    }'
}

# PIDS FILE: prints /proc/PID/FILE for each.
each() {
  for pid in $1; do printf '/proc/%s/%s ' "$pid" "$2"; done
}

# What is the same for all processes of one namespace is read from one of them.
once_per_namespace() {
  lines=$(representatives)
  IFS=$newline
  set -- $lines
  IFS=$spaces
  in_mount=${1#mnt} in_net=${2#net} in_user=${3#user} denied=${4#denied}
  ask_much id-map '' grep -aH ^ $(each "$in_user" uid_map) $(each "$in_user" gid_map)
  mounts=$(ask_much mountinfo '' grep -aH ^ $(each "$in_mount $(unseen_mounts)" mountinfo))
  printf '%s\n' "$mounts"
  # The kernel goes through its whole table of connections for each of these files, in every network namespace:
  # milliseconds, even where there is nothing. So the counters are asked first.
  counts=$(ask_much sockstat '' grep -aH inuse $(each "$in_net" net/sockstat) $(each "$in_net" net/sockstat6))
  printf '%s\n' "$counts"
  set -- $(printf '%s\n' "$counts" | awk '
    /^\/proc\/[0-9]+\/net\/sockstat6?:(TCP|UDP)6?: inuse [1-9]/ { split($1, part, "/"); if (!seen[part[3]]++) print part[3] }')
  [ $# -eq 0 ] || ask_much socket '' grep -aH ^ $(each "$*" net/tcp) $(each "$*" net/tcp6) $(each "$*" net/udp) $(each "$*" net/udp6)
}

# mountinfo is open to everybody, also of processes whose namespaces are not. The number of the first mount tells mount
# namespaces apart. Prints one PID for each that none of $in_mount is in.
unseen_mounts() {
  [ -z "$denied" ] || grep -aHm1 ^ $(each "$in_mount $denied" mountinfo) 2>/dev/null | awk -v known="$in_mount" '
    BEGIN { count = split(known, pid, " "); for (i = 1; i <= count; i++) seen_process[pid[i]] }
    { split($1, part, "/"); split($1, mount, ":"); if (!seen[mount[2]]++ && !(part[3] in seen_process)) print part[3] }'
}

# ------------------------------------------------------------------------------------------- RootlessKit, containers

# Both are called so by the programs that start them; the child runs /proc/self/exe.
rootlesskits() {
  set -- $(grep -lE '^(rootlesskit|docker-rootless)$' /proc/[0-9]*/comm 2>/dev/null)
  for comm; do
    parent=${comm#/proc/}
    rootlesskit "${parent%/comm}"
  done
}

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
  ask_much "$1" "$key" curl -s -S --max-time 5 --noproxy '*' --unix-socket "$socket" "http://rootlesskit/v1/$2"
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

# ------------------------------------------------------------------------------------------------------- networks

# From what was seen so far: every network namespace and how it may be entered, best way first. Prints lines
# `INODE held|apart|- REFERENCE…`; held: a process is in it; apart: and none that shows from where it is entered, in the
# user namespace of another; -: none. References:
#   own          we are in it
#   :PATH        by nsenter --net=PATH
#   PID:PATH     the same, from inside the user namespace of that process
#   PID::PATH    the same, and the path can only be opened from inside
# Without root, entering needs a user namespace we own; what must fail is tried once, so that the refusal is a fact.
network_references() {
  printf '%s\n' "$namespaces" "$mounts" "$files" | awk -v self=$$ -v root="$([ "$uid" != 0 ] || echo yes)" '
    function see(inode) { if (!(inode in seen)) { seen[inode]; order[++count] = inode } }
    function number(target) { gsub(/[^0-9]/, "", target); return target }
    function stranger(pid) { return !root && user[pid] != "" && user[pid] != user[self] }
    function add(inode, reference, hopeful) {
      if (hopeful) { if (ways[inode]++ < 3) list[inode] = list[inode] " " reference }
      else if (!(inode in hopeless)) hopeless[inode] = reference
    }
    function note(pid, kind, target) {
      if (kind == "user") user[pid] = target
      else if (kind == "mnt") mnt[pid] = target
      else if (kind == "net" && target ~ /^net:\[[0-9]+\]$/) { net[pid] = number(target); process[++processes] = pid }
    }
    function keep(pid, fd, target) { holder[++holders] = pid; descriptor[holders] = fd; held[holders] = number(target) }
    /^\/proc\/[0-9]+\/(ns|fd)\/?:$/ { split($0, part, "/"); listed = part[3]; next }
    /^\/proc\/[0-9]+\/ns\// { split($1, part, "/"); note(part[3], part[5], $2); next }
    /^\/proc\/[0-9]+\/fd\/[0-9]+ net:\[[0-9]+\]$/ { split($1, part, "/"); keep(part[3], part[5], $2); next }
    /^\/proc\/[0-9]+\/mountinfo:.* net:\[[0-9]+\] .* - nsfs / {
      if ($4 !~ /^net:\[/ || $5 !~ /^[A-Za-z0-9\/._@%+=,~-]+$/) next
      split($1, part, "/")
      binder[++binds] = part[3]; bound[binds] = number($4); place[binds] = $5
      next
    }
    / (net|mnt|user) -> / { note(listed, $(NF - 2), $NF); next }
    / [0-9]+ -> net:\[[0-9]+\]$/ { keep(listed, $(NF - 2), $NF) }
    END {
      see(net[self])
      for (i = 1; i <= processes; i++) {
        pid = process[i]; inode = net[pid]; see(inode); populated[inode]
        group = inode " " (root ? "" : user[pid])
        if (!(group in lowest)) { groups[++grouped] = group; lowest[group] = pid }
        else if (pid + 0 < lowest[group] + 0) lowest[group] = pid
      }
      for (i = 1; i <= grouped; i++) {
        pid = lowest[groups[i]]
        add(net[pid], (stranger(pid) ? pid : "") ":/proc/" pid "/ns/net", root || stranger(pid))
        if (root || stranger(pid)) shows[net[pid]]
      }
      for (i = 1; i <= binds; i++) {
        pid = binder[i]; see(bound[i])
        if (mnt[pid] != "" && mnt[pid] == mnt[self]) add(bound[i], ":" place[i], root)
        else add(bound[i], (stranger(pid) ? pid : "") ":/proc/" pid "/root" place[i], root || stranger(pid))
      }
      for (i = 1; i <= holders; i++) {
        pid = holder[i]; see(held[i])
        add(held[i], (stranger(pid) ? pid ":" : "") ":/proc/" pid "/fd/" descriptor[i], root || stranger(pid))
      }
      for (i = 1; i <= count; i++) {
        inode = order[i]
        state = !(inode in populated) ? "-" : (inode in shows) || !(inode in list) ? "held" : "apart"
        if (inode == net[self]) { list[inode] = " own"; state = "held" }
        if (inode != "") print inode, state (inode in list ? list[inode] : " " hopeless[inode])
      }
    }'
}

# REFERENCE -> $way: the words before a command, and $privilege.
enter() {
  privilege=$login
  case $1 in
    own) way= ;;
    :*) way="nsenter --net=${1#:}" ;;
    *)
      privilege=userns:${1%%:*}
      way="nsenter -t ${1%%:*} -U --preserve-credentials"
      case $1 in
        *::*) way="$way nsenter --net=${1#*::}" ;;
        *) way="$way --net=${1#*:}" ;;
      esac
      ;;
  esac
}

# What one `ip -batch -` is to answer. A line of a batch cannot choose its family; `root` does it for routes. The lines
# wait in the pipe that is the worker's standard input, so that no process has to be started to say them.
put_ip_questions() {
  # Who could not get in has left them there.
  while read -r _; do :; done
  printf '%s\n' 'addr show' 'route show table all root 0.0.0.0/0' 'route show table all root ::/0' 'rule show' 'neigh show' \
    >/proc/self/fd/0
}

# INODE STATE REFERENCE…: the way of a host with many; nothing is held back, the caller sees to the size.
ask_network() {
  key="net:[$1]"
  shift 2
  for reference; do
    enter "$reference"
    put_ip_questions
    ask net "$key" $way ip -d -j -s -force -batch -
    case $errors in nsenter:*) ;; *) return ;; esac
  done
}

# Fails when it should be asked again: lsns gives up without a word when a process ends under its eyes.
ask_netns_ids() {
  ask_much nsid "$key" $way lsns -t net -n -r -o NS,NETNSID
  [ "$status" != 1 ] || [ -n "$errors" ]
}

# INODE STATE REFERENCE…: the same with a limit, and on a host with few everything else.
ask_network_in_full() {
  key="net:[$1]" populated=$2
  shift 2
  for reference; do
    enter "$reference"
    put_ip_questions
    answer=$(ask_much net "$key" $way ip -d -j -s -force -batch -)
    printf '%s\n' "$answer"
    case $answer in *"$newline$token err nsenter:"*) continue ;; esac
    [ "$bundle_size" -eq 1 ] || return 0
    ask rule6 "$key" $way ip -6 -d -j rule show
    # Only after the links were shown: showing them makes the kernel give out the numbers.
    case $answer in *'"link_netnsid"'*) ask_netns_ids || ask_netns_ids || ask_netns_ids ;; esac
    if [ "$populated" = - ]; then
      ask_much socket-in "$key" $way grep -aH ^ /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6
    fi
    return
  done
}

# LINES of network_references: puts a process into each network namespace that has none, where it waits for the end of
# the pipe behind file descriptor 8. lsns tells the ids only of network namespaces that a process is in, one it may see.
occupy() {
  waiting=0
  IFS=$newline
  set -- $1
  IFS=$spaces
  for network; do
    set -- $network
    [ "$2" != held ] || continue
    enter "$3"
    # One line each: from inside, or when it could not get there. Not when it is killed afterwards.
    { $way sh -c 'echo >&9; exec cat 9>&-' || [ $? -gt 128 ] || echo >&9; } </proc/self/fd/8 >/dev/null 2>&1 8>&- &
    waiting=$((waiting + 1))
  done
  privilege=$login way=
  # Each says when it is there, or that it cannot be.
  while [ "$waiting" -gt 0 ]; do
    read -r _ <&9
    waiting=$((waiting - 1))
  done
}

# COMMAND LINES: for each line of network_references.
for_each_network() {
  command=$1
  IFS=$newline
  set -- $2
  IFS=$spaces
  for network; do $command $network; done
}

networks() {
  references=$(network_references)
  IFS=$newline
  set -- $references
  IFS=$spaces
  workers=$(grep -c '^cpu[0-9]' /proc/stat)
  [ "$workers" -le 4 ] || workers=4
  [ "$workers" -le $# ] || workers=$#
  bundle_size=1
  [ $# -le "$few_networks" ] || bundle_size=$bundle_networks
  # Several work at the same time, and only who has the line that goes round in this pipe may write.
  : | {
    exec 9<>/proc/self/fd/0 || exit
    # Nobody ever writes to this one: it ends when the last worker does.
    : | {
      exec 8<>/proc/self/fd/0 || exit
      [ "$bundle_size" -ne 1 ] || occupy "$references"
      echo >&9
      worker=0
      while [ "$worker" -lt "$workers" ]; do
        : | network_worker "$worker" "$@" &
        worker=$((worker + 1))
      done
      exec 8>&-
      wait
    }
  }
}

# NUMBER REFERENCES…: asks every $workers-th bundle of network namespaces. Its standard input is a pipe of its own, that
# nobody holds open for writing.
network_worker() {
  # A reader that is gone must not end us while the others wait for the line.
  trap '' PIPE
  number=$1 turn=0
  shift
  while [ $# -gt 0 ]; do
    bundle='' size=0
    while [ $# -gt 0 ] && [ "$size" -lt "$bundle_size" ]; do
      bundle=$bundle$1$newline
      size=$((size + 1))
      shift
    done
    if [ $((turn % workers)) -eq "$number" ]; then ask_bundle "$bundle"; fi
    turn=$((turn + 1))
  done
}

# LINES of network_references
ask_bundle() {
  if [ "$bundle_size" -eq 1 ]; then
    frames=$(for_each_network ask_network_in_full "$1")
  else
    # It complains when head has had enough.
    frames=$(for_each_network ask_network "$1" 2>/dev/null | head -c $((bundle_bytes + 1)))
  fi
  read -r _ <&9
  if [ "$bundle_size" -eq 1 ] || [ ${#frames} -le "$bundle_bytes" ]; then
    printf '%s\n' "$frames" && written=yes || written=no
  else
    # Somebody in there has a great deal to say: one after the other, each with its own limit.
    (for_each_network ask_network_in_full "$1") && written=yes || written=no
  fi
  echo >&9
  [ "$written" = yes ] || exit 1
}

# ------------------------------------------------------------------------------------------------------------- run

work() {
  printf 'nsatlas-transcript 1 %s\n' "$token" || exit 1
  host_facts
  processes
  once_per_namespace
  rootlesskits
  runtime_states
  networks
  now
  [ "$ms" -lt "$deadline" ] || exit 1
  printf '%s done %s\n' "$token" $((ms - begun))
}

end_everything() {
  find_family $$
  kill $family 2>/dev/null
  wait
  exit 1
}

main() {
  cd / || exit 1
  choose_token
  shown='' way='' namespaces='' files='' mounts='' children_roots=''
  uid=$(id -u)
  login=user
  [ "$uid" != 0 ] || [ -z "${SUDO_UID-}" ] || login=root
  privilege=$login
  now
  begun=$ms
  deadline=$((ms + run_seconds * 1000))
  trap end_everything HUP INT TERM
  work &
  worker=$!
  watch_over "$worker" >/dev/null 2>&1 &
  watchdog=$!
  wait "$worker"
  status=$?
  kill "$watchdog" 2>/dev/null
  wait "$watchdog"
  exit "$status"
}

main </dev/null

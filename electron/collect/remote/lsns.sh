# What no file tells and lsns asks the kernel for: the owner of a namespace and its parent, also one without a process
# (2.38 and newer), network namespaces that nothing but a socket or a tap keeps alive, and where a tap was opened (2.41).

kernel_relations() {
  command -v lsns >/dev/null || return 0
  ask_lsns
  ask_hidden_networks
  # From inside the user namespaces where open files were asked for, as far as those are few.
  set -- $inside
  for pid; do
    [ $# -le 8 ] || break
    privilege=userns:$pid
    way="$nsenter -t $pid -U --preserve-credentials"
    ask_lsns
  done
  privilege=$login way=
}

# -> $listed
ask_lsns() {
  columns=NS,TYPE,PNS,ONS,NPROCS,UID tries=0
  while
    listed=$(ask_much lsns '' $way lsns -n -r --tree=owner -o "$columns")
    tries=$((tries + 1))
    # It gives up without a word when a process ends under its eyes.
    case $tries$listed in
      3* | *"$newline$token err "*) false ;;
      *"$newline$token end 1 "*) ;;
      *) false ;;
    esac
  do :; done
  printf '%s\n' "$listed"
  case $listed in
    *"$newline$token err "*--tree*)
      listed=$(ask_much lsns '' $way lsns -n -r -o "$columns")
      printf '%s\n' "$listed"
      ;;
  esac
}

# What keeps each network namespace that lsns lists and nothing else that was seen leads to.
ask_hidden_networks() {
  find_wanted
  [ -n "$wanted" ] || return 0
  ask_detached_files
  find_wanted
  [ -z "$wanted" ] || ask_socket_namespaces
}

# -> $wanted: the inodes.
find_wanted() {
  wanted=$({
    printf '%s\n' "$namespaces" "$mounts" "$files" "$sockets" asked "$listed"
  } | awk '
    $0 == "asked" { asked = 1; next }
    !asked { while (match($0, /net:\[[0-9]+\]/)) { seen[substr($0, RSTART + 5, RLENGTH - 6)]; $0 = substr($0, RSTART + RLENGTH) } next }
    $2 == "net" && $5 == "0" { gsub(/\\x[0-9a-f][0-9a-f]|[|`-]/, "", $1); if (!($1 in seen)) print $1 }')
}

# Open files that were opened by the name of a mount: their links show that name, or nothing where it is no more.
ask_detached_files() {
  find_can_print || return 0
  set --
  for inode in $wanted; do [ $# -ge 128 ] || set -- "$@" -o -inum "$inode"; done
  shift
  found=$(
    shown="find -L /proc/[0-9]*/fd -maxdepth 1 -fstype nsfs ( $* ) -printf '%p net:[%i]\\n'"
    ask_much fd '' detached_files "$@"
  )
  printf '%s\n' "$found"
  files=$files$newline$found
}

# CONDITION…: but for files of our own: lsns, which is asked in network namespaces meanwhile, opens what is behind a socket.
detached_files() {
  find -L /proc/[0-9]*/fd -maxdepth 1 -fstype nsfs '(' "$@" ')' -printf '%p net:[%i]\n' | while read -r path target; do
    pid=${path#/proc/}
    is_ours "${pid%%/*}" || printf '%s %s\n' "$path" "$target"
  done
}

# PID: whether it is a part of this run, or gone.
is_ours() {
  ancestor=$1
  while [ "$ancestor" != $$ ]; do
    look_at "$ancestor" || return 0
    [ "$parent" -gt 1 ] || return 1
    ancestor=$parent
  done
}

# nsenter 2.41 can go where a socket is. Tried are sockets that are in none of the tables of the network namespaces we
# know, at most 64.
ask_socket_namespaces() {
  goes_to_sockets || return 0
  set -- $(unlisted_sockets)
  [ $# -gt 0 ] || return 0
  found=$(
    shown="nsenter -t PID -N FD readlink /proc/self/ns/net, for $# sockets"
    ask_much socket-netns '' follow_sockets "$@"
  )
  printf '%s\n' "$found"
  sockets=$sockets$newline$found
}

goes_to_sockets() { $nsenter --help 2>/dev/null | grep -q -e --net-socket; }

# Where the open /dev/net/tun were opened, at most 64, each process's first one first: the kernel answers for them as for
# sockets, to who may do everything in there. It is asked as root: from inside a user namespace one is refused the
# descriptors of a process outside, which is where slirp4netns and pasta are.
ask_tun_namespaces() {
  sockets=
  [ "$uid" = 0 ] && goes_to_sockets || return 0
  set -- $(tun_descriptors "$files" | awk '
    # nsenter goes by PID: what a thread has for itself is out of its reach.
    $1 !~ /\// && !(($1 " " $2) in known) { known[$1 " " $2]; if (!seen[$1]++) print $1 "/" $2; else more[++count] = $1 "/" $2 }
    END { for (i = 1; i <= count; i++) print more[i] }' | head -n 64)
  [ $# -gt 0 ] || return 0
  sockets=$(
    shown="nsenter -t PID -N FD readlink /proc/self/ns/net, for $# descriptors"
    ask_much tun-netns '' netns_behind_each "$@"
  )
  printf '%s\n' "$sockets"
}

# PID/FD…: prints `PID FD net:[INODE]` for each.
netns_behind_each() {
  for socket; do
    reached=$(netns_behind "$socket") || continue
    printf '%s %s %s\n' "${socket%/*}" "${socket#*/}" "$reached"
  done
}

netns_behind() { $nsenter -t "${1%/*}" -N "${1#*/}" readlink /proc/self/ns/net; }

# Prints PID/FD of open sockets that no table of a known network namespace has.
unlisted_sockets() {
  {
    for table in unix netlink packet tcp tcp6 udp udp6 raw raw6; do
      grep -aHs ^ $(each "$in_net" net/$table)
    done
    printf '%s\n' asked "$files"
  } | awk '
    $0 == "asked" { asked = 1; next }
    !asked && /^[^:]*\/unix:/ { seen[$7]; next }
    !asked && /^[^:]*\/(netlink|packet):/ { seen[$NF]; next }
    !asked { seen[$11]; next }
    /^\/proc\/[0-9]+\/fd\/?:$/ { split($0, part, "/"); listed = part[3]; next }
    /^\/proc\/[0-9]+\/fd\/[0-9]+ socket:\[[0-9]+\]$/ { split($1, part, "/"); try(part[3], part[5], $2); next }
    / [0-9]+ -> socket:\[[0-9]+\]$/ { try(listed, $(NF - 2), $NF) }
    function try(pid, fd, target) {
      gsub(/[^0-9]/, "", target)
      if (!(target in seen) && count < 64) { seen[target]; count++; print pid "/" fd }
    }'
}

# PID/FD…: prints `PID FD net:[INODE]`, until all that are wanted were met.
follow_sockets() {
  for socket; do
    reached=$(netns_behind "$socket") || continue
    printf '%s %s %s\n' "${socket%/*}" "${socket#*/}" "$reached"
    reached=${reached#net:\[}
    reached=${reached%\]}
    rest=
    for one in $wanted; do [ "$one" = "$reached" ] || rest="$rest $one"; done
    wanted=$rest
    [ -n "$wanted" ] || return 0
  done
}

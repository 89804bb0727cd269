# What is the same for all processes of one namespace is read from one of them.

# Reads the answers to `root` and `ns`. Prints one line for each kind that is read once per namespace: `mnt 1 812 …`, the
# lowest PID of each (PID/task/TID where there is but a thread), where it can be one that sees the whole tree of mounts;
# and `denied …`, the processes whose namespaces we may not see.
representatives() {
  printf '%s\n' "$roots" "$namespaces" | awk '
    function note(pid, kind, target) {
      if (target !~ /^(mnt|net|user):\[[0-9]+\]$/ || index(target, kind ":") != 1) return
      if (!(target in lowest)) { order[++count] = target; lowest[target] = pid }
      else if (depth[pid] < depth[lowest[target]]) lowest[target] = pid
      else if (depth[pid] == depth[lowest[target]] && pid + 0 < lowest[target] + 0) lowest[target] = pid
    }
    /^\/proc\/[0-9]+\/root \// { split($1, part, "/"); depth[part[3]] = length($0) - length($1); next }
    / \/proc\/[0-9]+\/root -> \// { match($0, /\/proc\/[0-9]+\/root/); split(substr($0, RSTART), part, "/"); depth[part[3]] = length($0) - RSTART; next }
    /^\/proc\/[0-9]+\/ns\/?:$/ { split($0, part, "/"); listed = part[3]; next }
    /^\/proc\/[0-9]+\/ns\// {
      split($1, part, "/"); note(part[3], part[5], $2)
      if (NF > 1) told[part[3], part[5]]
      next
    }
    /^\/proc\/[0-9]+\/task\/[0-9]+\/ns\/(mnt|net|user) / {
      split($1, part, "/")
      # Where the main thread has ended, the first of the others speaks for its process.
      speaks = !((part[3], part[7]) in told)
      told[part[3], part[7]]
      if ($2 in lowest) next
      if (part[7] == "mnt" || part[7] == "net" && speaks) note(part[3] "/task/" part[5], part[7], $2)
      else if (part[7] == "user" && speaks) note(part[3], "user", $2)
      next
    }
    / err .*\/proc\/[0-9]+\/ns.*Permission denied/ {
      sub(/^.*\/proc\//, ""); sub(/\/.*$/, "")
      if (!($0 in denied)) { denied[$0]; refused = refused " " $0 }
      next
    }
    / -> / { note(listed, $(NF - 2), $NF); told[listed, $(NF - 2)] }
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

mounts_and_ids() {
  lines=$(representatives)
  IFS=$newline
  set -- $lines
  IFS=$spaces
  in_mount=${1#mnt} in_net=${2#net} in_user=${3#user} denied=${4#denied}
  ask_much id-map '' grep -aH ^ $(each "$in_user" uid_map) $(each "$in_user" gid_map)
  mounts=$(ask_much mountinfo '' grep -aH ^ $(each "$in_mount $(unseen_mounts)" mountinfo))
  printf '%s\n' "$mounts"
}

sockets_and_devices() {
  ask_sockets
  # IPVS has a table in every network namespace, if the kernel has IPVS.
  [ ! -e /proc/net/ip_vs ] || ask_much ipvs '' grep -aH ^ $(each "$in_net" net/ip_vs)
  [ "$files_tell" = - ] || ask_much net-files '' grep -aH ^ $(
    for file in $device_files; do [ ! -e "/proc/$file" ] || each "$in_net" "$file"; done
  )
}

# Those of the processes that spoke for others that have gone to another namespace: what they said may be of either.
who_moved() {
  shown="find /proc/PID/ns/{net,mnt,user,uts} -printf '%p %l\n', of $in_mount$in_net$in_user$in_uts # what differs from before"
  ask_much moved '' links_that_changed
}

links_that_changed() {
  {
    printf '%s\n' "$namespaces" asked
    for path in $(each "$in_mount" ns/mnt) $(each "$in_net" ns/net) $(each "$in_user" ns/user) $(each "$in_uts" ns/uts); do
      printf '%s\n' "$path"
    done | read_links
  } | awk '
    $0 == "asked" { asked = 1; next }
    asked { gsub("\047", ""); if ($NF ~ /^[a-z]+:\[[0-9]+\]$/ && before[$1] != $NF) print $1, $NF; next }
    /^\/proc\/[0-9]+\/ns\/?:$/ { listed = $0; sub(/\/?:$/, "", listed); next }
    /^\/proc\/[0-9]+\/(task\/[0-9]+\/)?ns\/[a-z]+ / { before[$1] = $2; next }
    / -> / { before[listed "/" $(NF - 2)] = $NF }'
}

# What says something about devices without any tool, below /proc/PID.
device_files='net/dev net/if_inet6 net/igmp net/igmp6 net/dev_mcast'

# Sockets without a name say nothing: the kernel tells in no file to whom a unix socket is connected.
unnamed_unix='^[^ ]*: [0-9A-F]* [0-9A-F]* [0-9A-F]* [0-9A-F]* [0-9A-F]* *[0-9]*$'

# Of each file so many lines at most, as long as nobody has counted the files: those of TCP sockets that listen come before
# all others.
socket_lines=2000

# The kernel goes through its whole table of connections for each of tcp and udp, in every network namespace:
# milliseconds, even where there is nothing. So the counters are asked first; those that are not counted are short.
ask_sockets() {
  counts=$(ask_much sockstat '' grep -aH inuse $(each "$in_net" net/sockstat) $(each "$in_net" net/sockstat6))
  printf '%s\n' "$counts"
  set -- $(printf '%s\n' "$counts" | awk '
    /^\/proc\/[0-9]+\/net\/sockstat6?:(TCP|UDP|UDPLITE|RAW)6?: inuse [1-9]/ {
      split($1, part, "[/:]")
      print "/proc/" part[3] "/net/" tolower(part[6])
    }')
  socket_lines=$((100000 / ($# + 1)))
  [ "$socket_lines" -le 20000 ] || socket_lines=20000
  [ "$socket_lines" -ge 200 ] || socket_lines=200
  for table in icmp icmp6 packet unix; do
    [ ! -e "/proc/net/$table" ] || set -- "$@" $(each "$in_net" "net/$table")
  done
  [ $# -gt 0 ] || return 0
  shown="grep -aHvm $socket_lines '$unnamed_unix' $*"
  ask_much socket '' grep -aHvm "$socket_lines" "$unnamed_unix" "$@"
}

# mountinfo is open to everybody, also of processes whose namespaces are not. The number of the first mount tells mount
# namespaces apart. Prints one PID for each that none of $in_mount is in.
unseen_mounts() {
  [ -z "$denied" ] || grep -aHm1 ^ $(each "$in_mount $denied" mountinfo) 2>/dev/null | awk -v known="$in_mount" '
    BEGIN { count = split(known, pid, " "); for (i = 1; i <= count; i++) seen_process[pid[i]] }
    { split($1, part, "/"); split($1, mount, ":"); if (!seen[mount[2]]++ && part[4] != "task" && !(part[3] in seen_process)) print part[3] }'
}

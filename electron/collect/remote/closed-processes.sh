# Processes whose links in /proc/PID/ns are closed to us. /proc/PID/net of the same process is open to everybody: the
# numbers of the files in it tell who is in one network namespace with whom, and what they say is asked once for each
# network namespace that nobody we may see is in.

few_closed_networks=64
# Of each table of devices and routes.
closed_lines=1000

closed_processes() {
  closed=$(closed_pids)
  [ -n "$closed" ] || return 0
  # Who stands for a namespace is asked where it is before and after, so that nobody moved in between.
  numbers=$(ask_numbers '' $(each "$in_net" ns/net) $(each "$in_net $closed" net/dev) $(each "$in_net" ns/net))
  printf '%s\n' "$numbers"
  threads=$(living_threads)
  if [ -n "$threads" ]; then
    more=$(ask_numbers '' $(each "$threads" net/dev))
    printf '%s\n' "$more"
    numbers=$numbers$newline$more
  fi
  set -- $(closed_networks)
  [ $# -gt 0 ] || return 0
  ask_closed_networks "$@"
  # What was read is of that network namespace only where the process did not leave it meanwhile.
  ask_numbers again $(each "$*" net/dev)
}

# Prints the PIDs of $denied whose network namespace no other way of asking told.
closed_pids() {
  [ -z "${denied-}" ] || printf '%s\n' $denied asked "$namespaces" | awk '
    $0 == "asked" && !asked { asked = 1; next }
    !asked { pid[++count] = $0; next }
    /^\/proc\/[0-9]+\/ns\/?:$/ { split($0, part, "/"); listed = part[3]; next }
    /^\/proc\/[0-9]+\/ns\/net net:/ { split($1, part, "/"); told[part[3]]; next }
    / net -> net:/ { told[listed] }
    END { for (i = 1; i <= count; i++) if (!(pid[i] in told)) print pid[i] }'
}

# Prints PID/task/TID for those of $closed that have no files in /proc/PID/net: their main thread has ended, and others live.
living_threads() {
  set -- $(printf '%s\n' $closed asked "$numbers" | awk '
    $0 == "asked" && !asked { asked = 1; next }
    !asked { pid[++count] = $0; next }
    /^\/proc\/[0-9]+\/net\/dev [0-9]/ { split($1, part, "/"); told[part[3]]; next }
    / [0-9:]+ \/proc\/[0-9]+\/net\/dev$/ { split($NF, part, "/"); told[part[3]] }
    END { for (i = 1; i <= count; i++) if (!(pid[i] in told)) print pid[i] }')
  for pid; do
    for folder in /proc/$pid/task/[0-9]*; do
      [ -e "$folder/net/dev" ] || continue
      echo "${folder#/proc/}"
      break
    done
  done
}

# KEY PATH…: the number of each file, and where it leads if it is a link.
ask_numbers() {
  key=$1
  shift
  shown=
  if find_can_print; then
    [ $# -le 200 ] || shown="find /proc/PID/ns/net /proc/PID/net/dev /proc/PID/ns/net -maxdepth 0 -printf '%p %i %l\n' # for $# files"
    set -- find "$@" -maxdepth 0 -printf '%p %i %l\n'
  else
    [ $# -le 200 ] || shown="ls -ldin /proc/PID/ns/net /proc/PID/net/dev # for $# files"
    set -- ls -ldin "$@"
  fi
  ask_much proc-net "$key" "$@"
}

# Prints a PID for each number in $numbers that no process has whose network namespace is known.
closed_networks() {
  printf '%s\n' $in_net asked "$numbers" | awk -v limit="$few_closed_networks" '
    $0 == "asked" && !asked { asked = 1; next }
    !asked { known_process[$0]; next }
    /^\/proc\/[0-9]+\/(task\/[0-9]+\/)?net\/dev [0-9]/ { note(owner($1), $2); next }
    / \/proc\/[0-9]+\/(task\/[0-9]+\/)?net\/dev$/ { note(owner($NF), $1) }
    function owner(path) { sub(/^\/proc\//, "", path); sub(/\/net\/dev$/, "", path); return path }
    function note(pid, number) {
      if (pid in known_process) known[number]
      else if (!(number in first)) { order[++count] = number; first[number] = pid }
    }
    END { for (i = 1; i <= count && printed < limit; i++) if (!(order[i] in known)) { print first[order[i]]; printed++ } }'
}

# PID…: what the files of /proc/PID/net say of devices, routes, addresses and sockets.
ask_closed_networks() {
  ask_much closed-net '' grep -aHm "$closed_lines" ^ $(
    for file in $device_files net/route net/ipv6_route; do [ ! -e "/proc/$file" ] || each "$*" "$file"; done
  )
  # The address stands a line above, or two.
  ask_much closed-addresses '' grep -aHm "$closed_lines" -B 2 '/32 host LOCAL' $(each "$*" net/fib_trie)
  seen_in_net=$in_net seen_lines=$socket_lines
  in_net=$*
  ask_sockets
  in_net=$seen_in_net socket_lines=$seen_lines
}

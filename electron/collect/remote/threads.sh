# Threads that are in other namespaces than their process, or whose children will be. On the host there may be twenty
# thousand of them: only what differs is sent, once for each process and namespace.
#
# Of a process whose main thread has ended (state Z, and no zombie) /proc/PID/ns tells the user and PID namespace alone, and
# /proc/PID/fd nothing: a living thread speaks for it.

# FOLDERS /proc/PID/task. Own links of the processes are in $namespaces and $more.
ask_threads() {
  # The folder of a process has a link for each thread, and two more; BusyBox's find may not count them.
  if find /proc/self/task -maxdepth 0 -links +0 >/dev/null 2>&1; then
    set -- $(find "$@" -maxdepth 0 -links +3 2>/dev/null)
  fi
  [ $# -gt 0 ] || return 0
  links='/proc/PID/task/TID/ns/{net,mnt,uts,ipc,cgroup,pid_for_children,time_for_children}'
  if find_can_print; then shown="find $links -printf '%p %l\n'"; else shown="stat -c %N $links"; fi
  shown="${way:+$way }$shown # what differs from the process"
  ask_much threads '' threads_elsewhere "$@"
}

threads_elsewhere() {
  {
    printf '%s\n' "$namespaces" "$more" asked
    for folder; do
      [ -e "${folder%/task}/net/dev" ] || printf 'ended %s\n' "$folder"
      printf '%s\n' "$folder"/[0-9]*
    done | links_of_threads | read_links
  } | awk '
    $0 == "asked" { asked = 1; next }
    asked {
      # BusyBox: /proc/9/task/11/ns/net and its target, both in quotes where its stat puts them.
      gsub("\047", "")
      target = $NF
      if (target !~ /^[a-z]+:\[[0-9]+\]$/) next
      split($1, part, "/")
      name = kind = part[7]
      sub(/_for_children$/, "", kind)
      if (own[part[3], kind] == target || own[part[3], name] == target) next
      if (!told[part[3], name, target]++) print $1, target
      next
    }
    /^\/proc\/[0-9]+\/ns\/?:$/ { split($0, part, "/"); listed = part[3]; next }
    /^\/proc\/[0-9]+\/ns\/[a-z_]+ / { split($1, part, "/"); own[part[3], part[5]] = $2; next }
    / -> / { own[listed, $(NF - 2)] = $NF }'
}

# Folders of threads, all but the first of each process: that one is where its process is. Of a process whose namespaces
# are closed to us nothing is asked; that is told already. What the main thread was in may be closed to its own user once it
# has ended (`ended FOLDER`: it has no network namespace any more), while a living thread is open to him.
links_of_threads() {
  { printf '%s\n' "$namespaces" "$more" asked && cat; } | awk '
    $0 == "asked" { asked = 1; next }
    !asked && /^\/proc\/[0-9]+\/ns\// { split($1, part, "/"); open[part[3]] }
    $1 == "ended" { split($2, part, "/"); ended[part[3]]; next }
    asked {
      split($0, part, "/")
      if (!(part[3] in open) && !(part[3] in ended) || part[3] == part[5]) next
      for (i = 1; i <= kinds; i++) print $0 "/ns/" kind[i]
      if (part[3] in ended) print $0 "/ns/user\n" $0 "/ns/pid\n" $0 "/ns/time"
    }
    BEGIN { kinds = split("net mnt uts ipc cgroup pid_for_children time_for_children", kind, " ") }'
}

# What came or went meanwhile is not missed.
read_links() {
  if find_can_print; then
    xargs $way sh -c 'exec find "$@" -maxdepth 0 -printf "%p %l\n"' find 2>/dev/null
  else
    xargs $way stat -c %N 2>/dev/null
  fi
}

# Prints PID/task/TID for each process whose main thread has ended: a thread whose namespaces were told, and its were not.
ended_leaders() {
  case $namespaces in */task/*) ;; *) return 0 ;; esac
  printf '%s\n' "$namespaces" | awk '
    /^\/proc\/[0-9]+\/ns\/?:$/ { split($0, part, "/"); listed = part[3]; next }
    /^\/proc\/[0-9]+\/ns\/mnt mnt:/ { split($1, part, "/"); whole[part[3]]; next }
    / mnt -> mnt:/ { whole[listed]; next }
    /^\/proc\/[0-9]+\/task\/[0-9]+\/ns\/mnt mnt:/ {
      split($1, part, "/")
      if (!(part[3] in thread)) { order[++count] = part[3]; thread[part[3]] = part[5] }
    }
    END { for (i = 1; i <= count; i++) if (!(order[i] in whole)) print order[i] "/task/" thread[order[i]] }'
}

# PIDS: prints those of $ended.
ended_among() {
  for leader in $ended; do
    case " $1 " in *" ${leader%%/*} "*) printf '%s ' "$leader" ;; esac
  done
}

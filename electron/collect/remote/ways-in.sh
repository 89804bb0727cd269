# How each network namespace may be entered.

# From what was seen so far: every network namespace and how it may be entered, best way first. Prints lines
# `INODE held|apart|- REFERENCE…`; held: a process is in it; apart: and none that shows from where it is entered, in the
# user namespace of another; -: none. enter.sh says what references are.
# Without root, entering needs a user namespace we own; what must fail is tried once, so that the refusal is a fact.
network_references() {
  printf '%s\n' "$namespaces" "$mounts" "$files" "$sockets" | awk -v self=$$ -v root="$([ "$uid" != 0 ] || echo yes)" '
    function see(inode) { if (!(inode in seen)) { seen[inode]; order[++count] = inode } }
    function number(target) { gsub(/[^0-9]/, "", target); return target }
    function by(pid) { return pid in through ? through[pid] : pid }
    function stranger(pid) { return !root && user[pid] != "" && user[pid] != user[self] }
    function add(inode, reference, hopeful) {
      if (hopeful) { if (ways[inode]++ < 5) list[inode] = list[inode] " " reference }
      else if (!(inode in hopeless)) hopeless[inode] = reference
    }
    function note(pid, kind, target) {
      if (kind == "user") user[pid] = target
      else if (kind == "mnt") mnt[pid] = target
      else if (kind == "net" && target ~ /^net:\[[0-9]+\]$/) { net[pid] = number(target); process[++processes] = pid }
    }
    function keep(pid, path, target) { holder[++holders] = pid; descriptor[holders] = path; held[holders] = number(target) }
    /^\/proc\/[0-9]+\/(task\/[0-9]+\/)?(ns|fd)\/?:$/ { split($0, part, "/"); listed = part[3]; folder = $0; sub(/\/?:$/, "", folder); next }
    /^\/proc\/[0-9]+\/ns\// { split($1, part, "/"); note(part[3], part[5], $2); next }
    /^\/proc\/[0-9]+\/task\/[0-9]+\/ns\/user user:/ {
      # Its own link is closed: the main thread has ended, and the number of another one leads there.
      split($1, part, "/")
      if (!(part[3] in user)) { user[part[3]] = $2; through[part[3]] = part[5] }
      next
    }
    /^\/proc\/[0-9]+\/task\/[0-9]+\/ns\/net net:/ { thread[++threads] = $1; apart[threads] = number($2); next }
    /^[0-9]+ [0-9]+ net:\[[0-9]+\]$/ { socket[++sockets] = $1 "/" $2; behind[sockets] = number($3); next }
    /^\/proc\/[0-9]+\/(task\/[0-9]+\/)?fd\/[0-9]+ net:\[[0-9]+\]$/ { split($1, part, "/"); keep(part[3], $1, $2); next }
    /^\/proc\/[0-9]+\/(task\/[0-9]+\/)?mountinfo:.* net:\[[0-9]+\] .* - nsfs / {
      if ($4 !~ /^net:\[/ || $5 !~ /^[A-Za-z0-9\/._@%+=,~-]+$/) next
      split($1, part, "/")
      binder[++binds] = part[3]; bound[binds] = number($4); place[binds] = $5
      if (part[4] == "task") place[binds] = "/proc/" part[3] "/task/" part[5] "/root" $5
      elsewhere[binds] = part[4] == "task"
      next
    }
    / (net|mnt|user) -> / { note(listed, $(NF - 2), $NF); next }
    / [0-9]+ -> net:\[[0-9]+\]$/ { keep(listed, folder "/" $(NF - 2), $NF) }
    END {
      see(net[self])
      for (i = 1; i <= processes; i++) {
        pid = process[i]; inode = net[pid]; see(inode); populated[inode]
        group = inode " " (root ? "" : user[pid])
        if (!(group in lowest)) { groups[++grouped] = group; lowest[group] = pid }
        else if (pid + 0 < lowest[group] + 0) lowest[group] = pid
      }
      # A mount stays where it is, a process may go.
      for (i = 1; i <= binds; i++) {
        here[i] = !elsewhere[i] && mnt[binder[i]] != "" && mnt[binder[i]] == mnt[self]
        if (here[i]) { see(bound[i]); add(bound[i], ":" place[i], root) }
      }
      for (i = 1; i <= grouped; i++) {
        pid = lowest[groups[i]]
        add(net[pid], (stranger(pid) ? pid : "") ":/proc/" pid "/ns/net", root || stranger(pid))
        if (root || stranger(pid)) shows[net[pid]]
      }
      for (i = 1; i <= binds; i++) {
        if (here[i]) continue
        pid = binder[i]; see(bound[i])
        path = (elsewhere[i] ? "" : "/proc/" pid "/root") place[i]
        add(bound[i], (stranger(pid) ? by(pid) : "") ":" path, root || stranger(pid))
      }
      for (i = 1; i <= holders; i++) {
        pid = holder[i]; see(held[i])
        add(held[i], (stranger(pid) ? by(pid) ":" : "") ":" descriptor[i], root || stranger(pid))
      }
      for (i = 1; i <= threads; i++) {
        split(thread[i], part, "/"); pid = part[3]; see(apart[i])
        add(apart[i], (stranger(pid) ? by(pid) : "") ":" thread[i], root || stranger(pid))
      }
      for (i = 1; i <= sockets; i++) { see(behind[i]); add(behind[i], "@" socket[i], root) }
      for (i = 1; i <= count; i++) {
        inode = order[i]
        state = !(inode in populated) ? "-" : (inode in shows) || !(inode in list) ? "held" : "apart"
        if (inode == net[self]) { list[inode] = " own"; state = "held" }
        if (inode != "") print inode, state (inode in list ? list[inode] : " " hopeless[inode])
      }
    }'
}

# LINES of network_references: prints `INODE REFERENCE` for each that leads to another network namespace than that by now, or
# always did: what was mounted there is covered by another mount, a process went on.
that_lead_elsewhere() {
  {
    printf '%s\n' "$1" asked
    stat -L -c '%d:%i %n' /proc/self/ns/net $(paths_of "$1") 2>/dev/null
  } | awk '
    $0 == "asked" { asked = 1; next }
    !asked { for (i = 3; i <= NF; i++) { inode[++count] = $1; path[count] = reference[count] = $i } next }
    !device { device = $1; sub(/:.*/, "", device); next }
    { at[$2] = $1 }
    END {
      for (i = 1; i <= count; i++) {
        sub(/^[0-9]*:+/, "", path[i])
        if (path[i] in at && at[path[i]] != device ":" inode[i]) print inode[i], reference[i]
      }
    }'
}

# LINES of network_references: all that is mounted where we are leads where it should: the usual case, seen by one process.
# By what else is in the lines nobody asks without looking (ask_network), but where ip speaks in words. -> $mounted: the lines
# that were looked at.
lead_there() {
  IFS=$newline
  set -- $1
  IFS=$spaces
  mounted='' paths='' expected=''
  for network; do
    inode=${network%% *} network=${network#* } some=
    for reference in ${network#* }; do
      case $ip_speaks$reference in jsonown | wordsown | json@* | words@* | json*:/proc/*) continue ;; esac
      some="$some $reference"
      paths="$paths ${reference##*:}"
      expected="$expected$nsfs:$inode ${reference##*:}$newline"
    done
    [ -z "$some" ] || mounted="$mounted$inode -$some$newline"
  done
  [ -z "$paths" ] || [ "$(stat -L -c '%d:%i %n' $paths 2>/dev/null)$newline" = "$expected" ]
}

# LINES of network_references: the paths in them.
paths_of() {
  printf '%s\n' "$1" | awk '{ for (i = 3; i <= NF; i++) if (sub(/^[0-9]*:+/, "", $i)) print $i }'
}

# LINES of network_references: without those that lead elsewhere. One is always left, to tell why there is none.
that_lead_there() {
  printf '%s\n' "$(that_lead_elsewhere "$1")" asked "$1" | awk '
    $0 == "asked" { asked = 1; next }
    !asked { elsewhere[$1, $2]; next }
    {
      left = ""
      for (i = 3; i <= NF; i++) if (!(($1, $i) in elsewhere)) left = left " " $i
      print $1, $2 (left != "" ? left : " " $3)
    }'
}

# How each network namespace may be entered.

# From what was seen so far: every network namespace and how it may be entered, best way first. Prints lines
# `INODE held|apart|- REFERENCE…`; held: a process is in it; apart: and none that shows from where it is entered, in the
# user namespace of another; -: none. References:
#   own          we are in it
#   :PATH        by nsenter --net=PATH
#   PID:PATH     the same, from inside the user namespace of that process
#   PID::PATH    the same, and the path can only be opened from inside
#   @PID/FD      by nsenter -t PID -N FD, to where that socket is
# Without root, entering needs a user namespace we own; what must fail is tried once, so that the refusal is a fact.
network_references() {
  printf '%s\n' "$namespaces" "$mounts" "$files" "$sockets" | awk -v self=$$ -v root="$([ "$uid" != 0 ] || echo yes)" '
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
    /^\/proc\/[0-9]+\/task\/[0-9]+\/ns\/net net:/ { thread[++threads] = $1; apart[threads] = number($2); next }
    /^[0-9]+ [0-9]+ net:\[[0-9]+\]$/ { socket[++sockets] = $1 "/" $2; behind[sockets] = number($3); next }
    /^\/proc\/[0-9]+\/fd\/[0-9]+ net:\[[0-9]+\]$/ { split($1, part, "/"); keep(part[3], part[5], $2); next }
    /^\/proc\/[0-9]+\/(task\/[0-9]+\/)?mountinfo:.* net:\[[0-9]+\] .* - nsfs / {
      if ($4 !~ /^net:\[/ || $5 !~ /^[A-Za-z0-9\/._@%+=,~-]+$/) next
      split($1, part, "/")
      binder[++binds] = part[3]; bound[binds] = number($4); place[binds] = $5
      if (part[4] == "task") place[binds] = "/proc/" part[3] "/task/" part[5] "/root" $5
      elsewhere[binds] = part[4] == "task"
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
        if (!elsewhere[i] && mnt[pid] != "" && mnt[pid] == mnt[self]) { add(bound[i], ":" place[i], root); continue }
        path = (elsewhere[i] ? "" : "/proc/" pid "/root") place[i]
        add(bound[i], (stranger(pid) ? pid : "") ":" path, root || stranger(pid))
      }
      for (i = 1; i <= holders; i++) {
        pid = holder[i]; see(held[i])
        add(held[i], (stranger(pid) ? pid ":" : "") ":/proc/" pid "/fd/" descriptor[i], root || stranger(pid))
      }
      for (i = 1; i <= threads; i++) {
        split(thread[i], part, "/"); pid = part[3]; see(apart[i])
        add(apart[i], (stranger(pid) ? pid : "") ":" thread[i], root || stranger(pid))
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

# REFERENCE -> $way: the words before a command, and $privilege.
enter() {
  privilege=$login
  case $1 in
    own) way= ;;
    :*) way="$nsenter --net=${1#:}" ;;
    @*)
      way=${1#@}
      way="$nsenter -t ${way%/*} -N ${way#*/}"
      ;;
    *)
      privilege=userns:${1%%:*}
      way="$nsenter -t ${1%%:*} -U --preserve-credentials"
      case $1 in
        *::*) way="$way $nsenter --net=${1#*::}" ;;
        *) way="$way --net=${1#*:}" ;;
      esac
      ;;
  esac
}

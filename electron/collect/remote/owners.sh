# On whose behalf we look. Anybody may call a process what he likes and give it any arguments, and in a mount namespace of
# his own he may mount any file that he can name over any other; and root would follow him everywhere. So a path that a
# process names, or that is there for it alone, counts only if what is there is for that process's user to read.

# PID: prints whose process it is. Fails for a set-user-ID program: who started it chose its name and its arguments, and
# it is another's.
user_of() {
  set -- "/proc/$1"
  while read -r name real effective saved file _; do
    [ "$name" = Uid: ] || continue
    [ "$effective $saved $file" = "$real $real $real" ] && [ ! -u "$1/exe" ] && echo "$real"
    return
  done 2>/dev/null <"$1/status"
  return 1
}

# UID PATH: it is that user's, as far as that can be seen.
is_of() {
  belongs=$(stat -L -c %u "$2" 2>/dev/null) || return 0
  [ "$belongs" = "$1" ]
}

# ROOT PATH: no part of it below ROOT is a symbolic link: a container's would lead into our own file system.
is_straight() {
  at=$1 rest=${2#"$1"/}
  while :; do
    at=$at/${rest%%/*}
    [ ! -L "$at" ] || return 1
    case $rest in
      */*) rest=${rest#*/} ;;
      *) return 0 ;;
    esac
  done
}

# PATH…: prints DEVICE:INODE and the path of each that is there and that we may read for those who put it there: what is
# open to everybody, below /run/user/UID what is that user's, below /proc/PID/root what is of a user that the user
# namespace of that process has, and all that is elsewhere.
read_for_them() {
  {
    grep -aH ^ /dev/null $(printf '%s\n' "$@" | sed -n 's|^\(/proc/[0-9]*/\)root/.*|\1uid_map|p' | sort -u)
    echo '# paths'
    stat -L -c '%u %a %d:%i %n' "$@"
  } 2>/dev/null | awk '
    $0 == "# paths" { part = 1; next }
    !part {
      split($0, path, "/")
      sub(/^[^:]*:/, "")
      count[path[3]]++
      from[path[3], count[path[3]]] = $2 + 0
      size[path[3], count[path[3]]] = $3 + 0
      next
    }
    function has(pid, uid,   i) {
      for (i = 1; i <= count[pid]; i++) if (!(uid < from[pid, i]) && uid < from[pid, i] + size[pid, i]) return 1
      return 0
    }
    {
      split($4, path, "/")
      open = $2 % 10 > 3
      if ($4 ~ /^\/run\/user\/[0-9]+\//) open = open || $1 == path[4]
      else if ($4 ~ /^\/proc\/[0-9]+\/root\//) open = open || has(path[3], $1 + 0)
      else open = 1
      if (open) print $3, $4
    }'
}

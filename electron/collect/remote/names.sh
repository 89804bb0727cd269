# How processes find names: the files of /etc that say it, once per mount namespace, and the name of each UTS namespace.

few_mount_namespaces=256
few_uts_namespaces=64

names() {
  host_names
  # The lowest PID of each; more are not asked.
  below=
  for pid in $in_mount; do
    below="$below /proc/$pid/root/etc"
    few_mount_namespaces=$((few_mount_namespaces - 1))
    [ "$few_mount_namespaces" -gt 0 ] || break
  done
  [ -n "$below" ] || return 0
  # Whose /etc can be reached at all. It takes the risk that somebody's file system does not answer.
  reached=$(ask name-root '' find $below -maxdepth 0)
  printf '%s\n' "$reached"
  case $reached in *" timed-out") return ;; esac
  found=$(for pid in $(printf '%s\n' "$reached" | sed -n 's|^/proc/\([0-9]*\)/root/etc$|\1|p'); do name_files "$pid"; done)
  ordinary=$(printf '%s\n' "$found" | sed -n 's/^file //p' | awk '!seen[$0]++')
  [ -z "$ordinary" ] || ordinary=$(read_for_them $ordinary | sed 's/^[^ ]* //')
  large=
  [ -z "$ordinary" ] || large=$(find $ordinary -maxdepth 0 -size +64k 2>/dev/null)
  ordinary=$(printf '%s\n' $large . $ordinary | awk '$0 == "." { small = 1; next } !small { large[$0]; next } !($0 in large)')
  links=$(printf '%s\n' "$found" | sed -n 's/^link //p')
  odd=$(printf '%s\n' "$found" | sed -n 's/^odd //p')
  if [ -n "$links" ]; then
    shown='readlink, where one of these is a symbolic link, and again, below the root directory of its process'
    ask name-link '' printf '%s\n' "$links"
  fi
  [ -z "$odd$large" ] || ask name-odd '' ls -ldn $odd $large
  shown="grep -aHvEm 500 '^[[:space:]]*([#;]|$)' $(printf '%s ' $ordinary)"
  [ -z "$ordinary" ] || ask_much name-file '' grep -aHvEm 500 '^[[:space:]]*([#;]|$)' $ordinary
  shown=
}

# PID: prints `file PATH` for each that may be read, `odd PATH` for what is no ordinary file and might never end, and
# `link PATH WHERE` for each that a symbolic link leads elsewhere.
name_files() {
  for file in etc/resolv.conf etc/hosts etc/hostname etc/nsswitch.conf run/systemd/resolve/resolv.conf; do
    find_below "$1" "$file" || continue
    if [ -f "$place" ]; then
      echo "file $place"
    elif [ -e "$place" ]; then
      echo "odd $place"
    fi
    [ "$place" = "/proc/$1/root/$file" ] || echo "link /proc/$1/root/$file $place"
  done
}

# PID PATH: where it is below the root directory of that process -> $place. Symbolic links are followed there and not by
# the kernel, for which an absolute one would lead to our own files. Fails for names we do not put into paths.
find_below() {
  top=/proc/$1/root rest=$2 followed=0
  place=$top
  while [ -n "$rest" ]; do
    part=${rest%%/*}
    case $rest in
      */*) rest=${rest#*/} ;;
      *) rest= ;;
    esac
    case $part in
      '' | .) continue ;;
      ..)
        [ "$place" = "$top" ] || place=${place%/*}
        continue
        ;;
    esac
    if [ -L "$place/$part" ]; then
      followed=$((followed + 1))
      target=$(readlink "$place/$part")
      case $target in *:*) return 1 ;; esac
      is_plain "$target" && [ "$followed" -le 8 ] || return 1
      case $target in /*) place=$top ;; esac
      rest=$target/$rest
    else
      place=$place/$part
    fi
  done
}

# The name of the host and of those containers that have one. It cannot be read through /proc/PID/root: the file tells
# every reader its own name.
host_names() {
  set -- $(uts_namespaces)
  while [ $# -gt 0 ] && [ "$few_uts_namespaces" -gt 0 ]; do
    few_uts_namespaces=$((few_uts_namespaces - 1))
    way="nsenter -t $2 -u"
    if [ "$3" = apart ]; then
      privilege=userns:$2
      way="nsenter -t $2 -U --preserve-credentials -u"
    fi
    ask hostname "uts:[$1]" $way cat /proc/sys/kernel/hostname
    privilege=$login way=
    in_uts="$in_uts $2"
    shift 3
  done
}

# Prints `INODE PID WAY` for each UTS namespace but our own; WAY is apart where it is to be entered through the user
# namespace of the process, without root.
uts_namespaces() {
  printf '%s\n' "$namespaces" | awk -v self=$$ -v root="$([ "$uid" != 0 ] || echo yes)" '
    function note(pid, kind, target) {
      if (target !~ /^(uts|user):\[[0-9]+\]$/ || index(target, kind ":") != 1) return
      if (kind == "user") { user[pid] = target; return }
      if (pid == self) own = target
      if (!(target in lowest)) { order[++count] = target; lowest[target] = pid }
      else if (pid + 0 < lowest[target] + 0) lowest[target] = pid
    }
    /^\/proc\/[0-9]+\/ns\/?:$/ { split($0, part, "/"); listed = part[3]; next }
    /^\/proc\/[0-9]+\/ns\// { split($1, part, "/"); note(part[3], part[5], $2); next }
    / -> / { note(listed, $(NF - 2), $NF) }
    END {
      for (i = 1; i <= count; i++) {
        pid = lowest[order[i]]
        inode = order[i]
        gsub(/[^0-9]/, "", inode)
        if (order[i] != own) print inode, pid, (root || user[pid] == user[self] ? "here" : "apart")
      }
    }'
}

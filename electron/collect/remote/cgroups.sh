# Which control groups are frozen (docker pause, systemctl freeze): none of the processes in one runs, whatever state the
# kernel calls them by.

few_cgroups=1024

# Of the groups that a process is in, by one grep: version 2 says it in cgroup.events, version 1 in freezer.state. What
# /proc/PID/cgroup says is a path below the root of the mount, as our own cgroup namespace and mountinfo show both.
frozen_cgroups() {
  lists=$(
    {
      grep -aE ' - cgroup2? ' /proc/self/mountinfo
      printf '%s\n' asked "$cgroups"
    } | awk -v most="$few_cgroups" '
      function plain(word) { return length(word) <= 512 && word ~ /^[A-Za-z0-9\/._:@%+=,~-]+$/ }
      $0 == "asked" { asked = 1; next }
      !asked {
        version = 0
        for (i = 7; i < NF && $i != "-"; i++);
        if ($(i + 1) == "cgroup2") version = 2
        else if ("," $(i + 3) "," ~ /,freezer,/) version = 1
        if (!version || !plain($4) || !plain($5) || (version in place) && ($4 != "/" || root[version] == "/")) next
        root[version] = $4
        place[version] = $5
        next
      }
      !/^\/proc\/[0-9]+\/cgroup:[0-9]+:/ { next }
      {
        sub(/^[^:]*:/, "")
        version = /^0::/ ? 2 : /^[0-9]+:([^:]*,)?freezer[,:]/ ? 1 : 0
        if (!(version in place)) next
        sub(/^[0-9]+:[^:]*:/, "")
        if (seen[version, $0]++ || $0 == "/") next
        path = $0
        if (root[version] != "/") {
          if (index(path "/", root[version] "/") != 1) next
          path = substr(path, length(root[version]) + 1)
        }
        file = place[version] path (version == 2 ? "/cgroup.events" : "/freezer.state")
        if (!plain(file) || path ~ /\/\.\.?(\/|$)/) next
        if (++count[version] <= most) list[version] = list[version] " " file
      }
      END {
        for (version = 1; version <= 2; version++) if (version in list)
          print version, root[version], place[version], (most < count[version] ? count[version] - most : 0) list[version]
      }'
  )
  IFS=$newline
  set -- $lists
  IFS=$spaces
  for list; do
    set -- $list
    key="$1 $2 $3 $4"
    shown="grep -aHsE '^(frozen |FROZEN|FREEZING|THAWED)' $3/… # of $(($# - 4)) control groups"
    shift 4
    ask frozen "$key" grep -aHsE '^(frozen |FROZEN|FREEZING|THAWED)' "$@"
  done
}

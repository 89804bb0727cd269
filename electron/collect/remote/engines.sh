# What container engines say about their containers: names, images, labels, networks, published ports.
#
# - A socket is asked only while its engine runs: a connection to a socket that systemd holds for an engine that does not
#   would start the engine. GET requests only, and none whose answer carries the environment of a container.
# - Files an engine keeps are read where they are, rather than by a client that would make its own folders (nerdctl) or
#   set up its storage and leave a process behind (podman). None of them holds the environment either.
# - `ctr containers ls` asks containerd, by its socket below the root directory of the containers' shims.

# Prints a line for each engine seen, once: `dockerd|podman|ovsdb PID UID SOCKET`, `conmon PID UID STORAGE RUNTIME_FOLDER`,
# `shim PID UID NAMESPACE SOCKET`.
engine_processes() {
  set -- $(grep -lE '^(dockerd|podman|conmon|containerd-shim|ovsdb-server)$' /proc/[0-9]*/comm 2>/dev/null)
  [ $# -gt 0 ] || return 0
  running=
  for comm; do
    [ -u "${comm%comm}exe" ] || running="$running ${comm%comm}status"
  done
  {
    grep -aHE '^(dockerd|podman|conmon|containerd-shim|ovsdb-server)$' "$@"
    echo '# owners'
    grep -aH ^Uid: /dev/null $running
    echo '# arguments'
    grep -aH ^ $(for comm; do echo "${comm%comm}cmdline"; done) | tr '\0' '\n'
  } 2>/dev/null | awk '
    function plain(word) { return word ~ /^\/[A-Za-z0-9\/._@%+=,~-]+$/ }
    function say(what, first, second) {
      if (!plain(first) && what != "shim" || second != "" && !plain(second)) return
      if (!seen[what, owner[pid], first, second]++ && ++said <= 64) print what, pid, owner[pid], first, second
    }
    function value(i, name) { return argument[i - 1] == "-" name || argument[i - 1] == "--" name }
    function above(path, levels) { while (levels-- > 0) sub(/\/[^\/]*$/, "", path); return path }
    function told(   i, word, found, service, storage, folder, namespace, address) {
      if (!(pid in owner)) return
      for (i = 2; i <= count; i++) {
        word = argument[i]
        if (name[pid] == "dockerd") {
          if (!value(i, "H") && !value(i, "host") && !sub(/^(-H=?|--host=)/, "", word)) continue
          if (sub(/^unix:\/\//, "", word)) { found = 1; say("dockerd", word) }
        } else if (name[pid] == "podman") {
          if (word == "service" && argument[i - 1] == "system") service = 1
          if (service && sub(/^unix:\/\//, "", word)) { found = 1; say("podman", word) }
        } else if (name[pid] == "ovsdb-server") {
          if (sub(/^(--remote=)?punix:/, "", word)) { found = 1; say("ovsdb", word) }
        } else if (name[pid] == "conmon") {
          if ((value(i, "b") || value(i, "bundle")) && word ~ /\/userdata$/) storage = above(word, 3)
          if ((value(i, "p") || value(i, "container-pidfile")) && word ~ /\/userdata\/[^\/]*$/) folder = above(word, 4)
        } else if (value(i, "namespace")) namespace = word
        else if (value(i, "address")) address = word
      }
      own = owner[pid] == 0 ? "/run" : "/run/user/" owner[pid]
      if (name[pid] == "dockerd" && !found) say("dockerd", own "/docker.sock")
      if (name[pid] == "podman" && service && !found) say("podman", own "/podman/podman.sock")
      if (name[pid] == "ovsdb-server" && !found) say("ovsdb", "/run/openvswitch/db.sock")
      if (storage != "") say("conmon", storage, folder)
      if (namespace ~ /^[A-Za-z0-9._-]+$/ && address != "") say("shim", namespace, address)
    }
    !part && $0 == "# owners" { part = 1; next }
    part == 1 && $0 == "# arguments" { part = 2; next }
    !part { split($0, path, "/"); sub(/^[^:]*:/, ""); name[path[3]] = $0; next }
    # As user_of in owners.sh.
    part == 1 { split($1, path, "/"); if ($2 == $3 && $2 == $4 && $2 == $5) owner[path[3]] = $2; next }
    /^\/proc\/[0-9]+\/cmdline:/ { told(); split($0, path, "/"); pid = path[3]; count = 0; sub(/^[^:]*:/, "") }
    { argument[++count] = $0 }
    END { told() }'
}

engines() {
  seen_engines=$(engine_processes) kept='' answers=$answer_bytes
  [ "$answer_bytes" -le 8388608 ] || answer_bytes=8388608
  IFS=$newline
  set -- $seen_engines
  IFS=$spaces
  for seen_engine; do
    set -f
    set -- $seen_engine
    set +f
    case $1 in
      dockerd) ask_engine docker "$2" "$3" "$4" ;;
      podman) ask_engine podman "$2" "$3" "$4" ;;
      ovsdb) ask_open_vswitch "$2" "$3" "$4" ;;
      conmon) find_podman_files "$3" "$4" "${5-}" ;;
      shim)
        ask_containerd "$2" "$3" "$4" "$5"
        find_nerdctl_files "$3"
        ;;
    esac
  done
  for root in '' $children_roots; do find_network_files "$root"; done
  set -- $(files_to_read 4194304)
  [ $# -eq 0 ] || ask_much engine-files '' grep -aH ^ "$@"
  nerdctl_networks
  answer_bytes=$answers
}

# BYTES: from the lines `UID PATH` of $kept: the paths that are that user's and not longer than that, a file by two names
# once; and what we may not look at, so that the refusal is a fact.
files_to_read() {
  [ -n "$kept" ] || return 0
  {
    printf '%s# files\n' "$kept"
    stat -L -c '%n %u %d:%i %s' $(printf %s "$kept" | sed 's/^[0-9]* //') 2>/dev/null
  } | awk -v most="$1" '
    $0 == "# files" { part = 1; next }
    !part { if (!($2 in wanted)) path[++count] = $2; wanted[$2] = $1; next }
    { there[$1]; if ($2 == wanted[$1] && !seen[$3]++ && $4 > 0 && $4 <= most) read[$1] }
    END { for (i = 1; i <= count && said < 512; i++) if (path[i] in read || !(path[i] in there)) { print path[i]; said++ } }'
}

# SOCKET: what it is, and whether it is open to us.
look_at_socket() {
  ls -lnL "$1" || return
  [ -w "$1" ] || { echo "$1: Permission denied" >&2 && return 1; }
}

# ENGINE PID UID SOCKET: not its version, for which podman starts programs; without ~/.curlrc (-q), which could make curl write a file.
ask_engine() {
  is_of "$3" "$4" || return 0
  set -- "$1" "$2" "$4"
  key="$1 $2 $3"
  shown="ls -lnL $3"
  ask engine-socket "$key" look_at_socket "$3"
  [ "$status" -eq 0 ] || return 0
  get="curl -q -s -S -f --max-time 5 --noproxy * --unix-socket $3 http://localhost"
  set -f
  ask_much engine-containers "$key" $get/containers/json
  [ "$status" -ne 0 ] || ask_much engine-networks "$key" $get/networks
  set +f
}

# PID UID NAMESPACE SOCKET: which image each container is of. Docker's are Docker's to tell. The socket is where it is for
# the shim; who went there with nsenter would run the program that is called ctr there.
ask_containerd() {
  [ "$3" != moby ] && command -v ctr >/dev/null || return 0
  place=$4
  [ "/proc/$1/ns/mnt" -ef /proc/self/ns/mnt ] || find_below "$1" "${4#/}" || return 0
  is_of "$2" "$place" || return 0
  key="$3 $1 $4"
  shown="ls -lnL $place"
  ask engine-socket "containerd $1 $4" look_at_socket "$place"
  [ "$status" -eq 0 ] || return 0
  ask_much engine-images "$key" ctr --address "$place" --connect-timeout 3s --timeout 5s --namespace "$3" containers ls
}

# UID PATH…: adds to $kept those that are ordinary files, of that user as it will turn out.
keep_files() {
  owner=$1
  shift
  for path; do
    # A colon ends the path in what grep prints.
    case $path in *:* | *.pid) continue ;; esac
    if is_plain "$path" && [ -f "$path" ] && [ ! -L "$path" ]; then kept="$kept$owner $path$newline"; fi
  done
}

# PATH…: folders that are there and closed.
keep_refusals() {
  for path; do
    if [ -d "$path" ] && ! { [ -r "$path" ] && [ -x "$path" ]; }; then kept="${kept}0 $path/.$newline"; fi
  done
}

# UID STORAGE RUNTIME_FOLDER: podman's, from its conmon's command line.
find_podman_files() {
  if [ -x "$2/overlay-containers" ]; then
    keep_files "$1" "$2"/overlay-containers/containers.json "$2"/overlay-containers/volatile-containers.json
    keep_files "$1" "$2"/networks/*.json
    [ -z "$3" ] || keep_files "$1" "$3"/networks/aardvark-dns/*
  else
    kept="$kept$1 $2/overlay-containers/containers.json$newline"
  fi
}

# ROOT: what network plugins wrote down, in the file system of a RootlessKit child too.
find_network_files() {
  keep_refusals "$1"/etc/containers/networks "$1"/run/containers/networks/aardvark-dns "$1"/var/lib/cni/results \
    "$1"/var/lib/cni/networks
  owner=0
  if [ -n "$1" ]; then
    owner=${1#/proc/}
    owner=$(user_of "${owner%/root}") || return 0
  fi
  keep_files "$owner" "$1"/etc/containers/networks/*.json "$1"/run/containers/networks/aardvark-dns/* \
    "$1"/var/lib/cni/results/*-* "$1"/var/lib/cni/networks/*/[0-9]*.[0-9]*
}

# The networks: one `ip` in every network namespace that lets us in, several at the same time.

# What one `ip -batch -` is to answer. A line of a batch cannot choose its family; `root` does it for routes. The lines
# wait in the pipe that is the worker's standard input, so that no process has to be started to say them.
put_ip_questions() {
  # Who could not get in has left them there.
  while read -r _; do :; done
  printf '%s\n' 'addr show' 'route show table all root 0.0.0.0/0' 'route show table all root ::/0' 'rule show' 'neigh show' \
    'nexthop show' 'neigh show proxy' >/proc/self/fd/0
}

# INODE STATE REFERENCE…: the way of a host with many. $ask: ask, where the caller sees to the size, or ask_much.
ask_network() {
  key="net:[$1]" populated=$2
  shift 2
  for reference; do
    enter "$reference"
    if [ "$ip_speaks" != json ]; then
      ask_in_words || continue
      return 0
    fi
    put_ip_questions
    $ask net "$key" $way $ip -d -j -s -force -batch -
    case $errors in nsenter:*) ;; *) return ;; esac
  done
}

# Fails when it should be asked again: lsns gives up without a word when a process ends under its eyes.
ask_netns_ids() {
  ask_much nsid "$key" $way lsns -t net -n -r -o NS,NETNSID
  [ "$status" != 1 ] || [ -n "$errors" ]
}

# Of an answer about the links of one network namespace: what they make worth asking. A switch may have learned more than
# anybody reads, so each answer is limited. What the host has not got is asked without going in, to be told so.
ask_about_links() {
  all_bytes=$answer_bytes answer_bytes=$table_bytes
  case $answer in
    *'"info_kind":"bridge"'* | *'"info_kind":"vxlan"'*) ask_much fdb "$key" $(way_for bridge) bridge -d -j -s fdb show ;;
  esac
  case $answer in
    *'"vlan_filtering":1'*) ask_much bridge-vlan "$key" $(way_for bridge) bridge -d -j vlan show ;;
  esac
  case $answer in
    *'"info_kind":"wireguard"'*) ask_much wireguard "$key" $(way_for wg) sh -c "$wireguard_questions" ;;
  esac
  answer_bytes=$all_bytes
}

# TOOL: the words before a command in this network namespace, none where there is no such tool.
way_for() {
  if command -v "$1" >/dev/null; then printf '%s' "$way"; fi
}

# What wg knows of peers, one member at a time: all of it at once (`dump`) has the private keys. Public keys are cut to what
# tells peers apart.
wireguard_questions='for member in listen-port endpoints allowed-ips latest-handshakes transfer persistent-keepalive; do echo "# $member"; wg show all $member || exit; done | awk -F "\t" -v OFS="\t" "{ if (NF > 2) \$2 = substr(\$2, 1, 8) } 1"'
table_bytes=1048576

# The hardware behind the interfaces that /sys shows: drivers, bus addresses, SR-IOV.
hardware() {
  ask_line hardware '' 'ls -ld /sys/class/net/*/device /sys/class/net/*/device/driver /sys/class/net/*/device/physfn /sys/class/net/*/device/virtfn* 2>/dev/null; ls -d /sys/class/net'
}

# What is in a network namespace without a process: nobody's /proc/PID/net shows it.
ask_sockets_in() {
  set --
  for table in tcp tcp6 udp udp6 udplite udplite6 raw raw6 icmp icmp6 packet unix; do
    [ ! -e "/proc/net/$table" ] || set -- "$@" "/proc/net/$table"
  done
  shown="${way:+$way }grep -aHvm $socket_lines '$unnamed_unix' $*"
  ask_much socket-in "$key" $way grep -aHvm "$socket_lines" "$unnamed_unix" "$@"
}

# Where ip has no JSON. Fails when we could not get in.
ask_in_words() {
  answer=$(ask_much net-text "$key" $way $ip $ip_details addr show)
  printf '%s\n' "$answer"
  case $answer in
    # We are in, and there is no ip.
    *"$newline$token err nsenter:"*execute*) ;;
    *"$newline$token err nsenter:"*) return 1 ;;
    *"$newline$token end 0 "*) ask_much route-text "$key" $way $ip route show table all ;;
  esac
  # Of those with a process all are asked at once (once_per_namespace).
  [ "$populated" = - ] || return 0
  set --
  for file in $device_files; do [ ! -e "/proc/$file" ] || set -- "$@" "/proc/$file"; done
  ask_much net-files "$key" $way grep -aH ^ "$@"
}

# INODE STATE REFERENCE…: the same and everything else, on a host with few: by a process that stands in it.
ask_network_in_full() {
  key="net:[$1]" populated=$2
  if [ "$3" = own ]; then
    reference=own
    enter own
  elif ! enter_beside "$1"; then
    inode=$1
    shift 2
    for reference; do ask_where_it_leads "$inode" "$reference"; done
    return
  fi
  if [ "$ip_speaks" != json ]; then
    ask_in_words
  else
    put_ip_questions
    answer=$(ask_much net "$key" $way $ip -d -j -s -force -batch -)
    printf '%s\n' "$answer"
    ask rule6 "$key" $way $ip -6 -d -j rule show
    # That of our own was asked before.
    [ "$reference" = own ] || ask_firewall
    ask_about_links
  fi
  # Only after the links were shown: showing them makes the kernel give out the numbers.
  case $answer in *'"link_netnsid"'* | *link-netnsid*) ask_netns_ids || ask_netns_ids || ask_netns_ids ;; esac
  [ "$populated" != - ] || ask_sockets_in
  beside='' really=''
}

# INODE REFERENCE: why it cannot be entered, or that this leads to another network namespace. After that no answer of it counts.
ask_where_it_leads() {
  enter "$2"
  ask entered "net:[$1]" $way readlink /proc/self/ns/net
}

# INODE REFERENCE: the same, if it was used: the others were not needed.
ask_where_it_led() {
  case ${asked_by:-"--net=${2##*:} "} in *"--net=${2##*:} "*) ask_where_it_leads "$@" ;; esac
}

# LINES of network_references: puts a process of ours into each of these network namespaces, where it waits for the end of
# the pipe behind file descriptor 8. What leads there may lead elsewhere a moment later; these processes stay. And lsns
# tells the ids only of network namespaces that a process is in, one it may see. -> $stand_ins, a line `INODE PID REFERENCE`
# for each that we are in.
occupy() {
  waiting=0 stand_ins=$newline
  IFS=$newline
  set -- $1
  IFS=$spaces
  for network; do
    set -- $network
    [ "$3" != own ] || continue
    # In brackets: around a function dash would keep the pipe open, to have it again afterwards.
    { stand_in "$@"; } </proc/self/fd/8 >/dev/null 2>&1 8>&- &
    waiting=$((waiting + 1))
  done
  # Each says when it is there, or that it cannot be.
  while [ "$waiting" -gt 0 ]; do
    read -r network <&9
    [ -z "$network" ] || stand_ins=$stand_ins$network$newline
    waiting=$((waiting - 1))
  done
}

# INODE STATE REFERENCE…: one line to file descriptor 9, and stays where it is. Only the way that leads there counts.
stand_in() {
  inode=$1
  shift 2
  for reference; do
    enter "$reference"
    $way sh -c "$stand" sh "$inode" "$reference" && return
    # Killed, after it was there.
    [ $? -le 128 ] || return
  done
  echo >&9
}
stand='[ "$(readlink /proc/self/ns/net)" = "net:[$1]" ] || exit; echo "$1 $$ $2" >&9; exec 9>&-; read -r _ || :'

# INODE: like enter, beside the process that stands in it -> $reference; $beside: its folder in /proc. Commands are shown with
# the way that it took.
enter_beside() {
  case $stand_ins in *"$newline$1 "*) ;; *) return 1 ;; esac
  reference=${stand_ins#*"$newline$1 "}
  reference=${reference%%"$newline"*}
  beside=/proc/${reference%% *}
  reference=${reference#* }
  enter "$reference"
  really=--net=$beside/ns/net
  way="${way%"$by"}$really"
}

# COMMAND LINES: for each line of network_references.
for_each_network() {
  command=$1
  IFS=$newline
  set -- $2
  IFS=$spaces
  for network; do $command $network; done
}

networks() {
  hardware
  references=$(network_references)
  references=$(that_lead_there "$references")
  IFS=$newline
  set -- $references
  IFS=$spaces
  workers=$(grep -c '^cpu[0-9]' /proc/stat)
  [ "$workers" -le 4 ] || workers=4
  [ "$workers" -le $# ] || workers=$#
  bundle_size=1
  [ $# -le "$few_networks" ] || bundle_size=$bundle_networks
  # Several work at the same time, and only who has the line that goes round in this pipe may write.
  : | {
    exec 9<>/proc/self/fd/0 || exit
    # Nobody ever writes to this one: it ends when the last worker does.
    : | {
      exec 8<>/proc/self/fd/0 || exit
      [ "$bundle_size" -ne 1 ] || occupy "$references"
      echo >&9
      worker=0
      while [ "$worker" -lt "$workers" ]; do
        : | network_worker "$worker" "$@" &
        worker=$((worker + 1))
      done
      exec 8>&-
      wait
    }
  }
}

# NUMBER REFERENCES…: asks every $workers-th bundle of network namespaces. Its standard input is a pipe of its own, that
# nobody holds open for writing.
network_worker() {
  # A reader that is gone must not end us while the others wait for the line.
  trap '' PIPE
  number=$1 turn=0
  shift
  while [ $# -gt 0 ]; do
    bundle='' size=0
    while [ $# -gt 0 ] && [ "$size" -lt "$bundle_size" ]; do
      bundle=$bundle$1$newline
      size=$((size + 1))
      shift
    done
    if [ $((turn % workers)) -eq "$number" ]; then ask_bundle "$bundle"; fi
    turn=$((turn + 1))
  done
}

# LINES of network_references
ask_bundle() {
  if [ "$bundle_size" -eq 1 ]; then
    frames=$(for_each_network ask_network_in_full "$1"; echo .)
    astray=
  else
    # It complains when head has had enough. Without the dot the shell would take newlines at the cut away, and half an
    # answer would be short enough.
    frames=$(ask=ask; for_each_network ask_network "$1" 2>/dev/null | head -c $((bundle_bytes + 1)); echo .)
    astray=$(that_lead_elsewhere "$1")
  fi
  read -r _ <&9
  asked_by=$frames
  if [ "$bundle_size" -eq 1 ] || [ ${#frames} -le $((bundle_bytes + 1)) ]; then
    printf '%s' "${frames%.}" && written=yes || written=no
  else
    # Somebody in there has a great deal to say: one after the other, each with its own limit.
    (ask=ask_much; for_each_network ask_network "$1") && written=yes || written=no
    astray=$(that_lead_elsewhere "$1") asked_by=
  fi
  [ -z "$astray" ] || for_each_network ask_where_it_led "$astray"
  echo >&9
  [ "$written" = yes ] || exit 1
}

# What one network namespace is asked.

# What one `ip -batch -` is to answer. A line of a batch cannot choose its family; `root` does it for routes. The lines
# wait in the pipe that is the worker's standard input, so that no process has to be started to say them.
put_ip_questions() {
  # Who could not get in has left them there.
  while read -r _; do :; done
  printf '%s\n' 'addr show' 'route show table all root 0.0.0.0/0' 'route show table all root ::/0' 'rule show' 'neigh show' \
    'nexthop show' 'neigh show proxy' 'netconf show' >/proc/self/fd/0
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

# To which device the sockets that listen are bound: no file in /proc tells. The options are those of every ss.
ask_bound_devices() {
  [ -z "$bound_devices" ] || ask_much ss "$key" $way $bound_devices
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
  ask_bound_devices
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

# Open vSwitch: its bridges and their ports are in its database, and only the kernel's datapath shows in `ip`.

# PID UID SOCKET: three tables of the database, the columns that say who is joined to whom. Reading needs no transaction.
ask_open_vswitch() {
  is_of "$2" "$3" || return 0
  set -- "$1" "$3"
  shown="ls -lnL $2"
  ask engine-socket "openvswitch $1 $2" look_at_socket "$2"
  [ "$status" -eq 0 ] || return 0
  dump="ovsdb-client --timeout=5 -f json dump unix:$2 Open_vSwitch"
  ask_much ovs "Bridge $1 $2" $dump Bridge _uuid name datapath_type fail_mode ports
  [ "$status" -eq 0 ] || return 0
  ask_much ovs "Port $1 $2" $dump Port _uuid name interfaces tag trunks vlan_mode bond_mode
  # The key of an encrypted tunnel is one of its options.
  shown="$dump Interface _uuid name type ofport ifindex error options, without pre-shared keys"
  ask_much ovs "Interface $1 $2" without_shared_keys $dump Interface _uuid name type ofport ifindex error options
}

without_shared_keys() {
  "$@" | sed -E 's/\["psk","([^"\\]|\\.)*"\]/["psk","-"]/g'
}

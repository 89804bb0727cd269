# Processes of ours that stand in network namespaces while they are asked: on a host with few.

# LINE of network_references…: puts a process of ours into each of these network namespaces, where it waits for the end of
# the pipe behind file descriptor 8. What leads there may lead elsewhere a moment later; these processes stay. And lsns
# tells the ids only of network namespaces that a process is in, one it may see. -> $stand_ins, a line `INODE PID REFERENCE`
# for each that we are in.
occupy() {
  waiting=0 stand_ins=$newline
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

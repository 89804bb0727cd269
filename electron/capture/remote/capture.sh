# Captures packets in one network namespace of this host: to standard output, as tcpdump writes them.
#
# It writes no file, installs nothing and leaves no process behind: with the end of its standard input ends what it
# started. enter.sh stands before this file, and before both, lines that say what is wanted (electron/capture/capture.ts):
#   token=<32 hex digits>   begins our own lines on standard error, and the line on standard output before the capture
#   boot_id                 since when the rest is true; may be empty
#   inode                   of the network namespace
#   marks                   INDEX/MAC of interfaces that were in it: one at least must still be, if any are told
#   ways                    references of enter.sh, in their order
#   interface, ifindex      which link; both empty: all of them
#   filter                  for tcpdump; may be empty
#   packets, snaplen        numbers; may be empty
# All but the token end up as words of a command, as they are. Meant for `sh -s`; dash, bash and BusyBox ash run it.

set -u
LC_ALL=C
export LC_ALL
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${PATH-}
newline='
'
spaces=" 	$newline"

# WORD…: a line of ours. First of all whose right it is that everything is done by.
say() {
  printf '%s %s\n' "$token" "$*" >&2
}

# The first way that leads there -> $way. Says where the others lead.
find_way() {
  set -f
  for reference in own $ways; do
    # Root needs no user namespace on the way.
    case $uid-$reference in 0-[0-9]*) reference=:${reference##*:} ;; esac
    enter "$reference"
    found=$($way readlink /proc/self/ns/net 2>&1) || :
    [ "$found" != "net:[$inode]" ] || return 0
    [ "$reference" = own ] || say astray "$(printf %s "$found" | tr '\n' ' ')"
  done
  return 1
}

# Run by a shell that stands in the network namespace and becomes tcpdump. What is looked at here holds for the capture:
# no process is moved to another network namespace but by itself.
become_tcpdump='
[ "$(readlink /proc/self/ns/net)" = "net:[$1]" ] || exit 91
if [ -n "$3$4" ] && ! command -v "$2" >/dev/null; then exit 94; fi
if [ -n "$3" ]; then
  links=$("$2" -o link show 2>/dev/null)
  for mark in $3 none; do
    [ "$mark" != none ] || exit 95
    ! printf "%s\n" "$links" | grep -aqE "^${mark%%/*}: .* link/ether ${mark#*/}( |\$)" || break
  done
fi
if [ -n "$4" ]; then
  case $("$2" -o link show dev "$4" 2>/dev/null) in
    "$5: "*) ;;
    "") exit 92 ;;
    *) exit 93 ;;
  esac
fi
shift 5
exec tcpdump "$@"'

# Waits for the end of standard input, which is file descriptor 3 here; then the capture is over. Only whoever started
# tcpdump kills it: nobody else can be sure that the PID is still its own.
wait_for_the_end() {
  while read -r _; do :; done <&3
  pause=
  trap '[ -z "$pause" ] || kill "$pause" 2>/dev/null; exit 0' TERM
  # libpcap passes on what the kernel has gathered, once a second.
  rest 1
  kill -TERM $$ || kill -KILL "$tcpdump"
  rest 3
  kill -USR1 $$ || kill -KILL "$tcpdump"
}

# SECONDS: so that a signal need not wait.
rest() {
  sleep "$1" &
  pause=$!
  wait "$pause"
  pause=
}

# A shell that was just started forgets a signal that comes before it has laid down our traps: so until it has gone.
end_watcher() {
  while
    state=
    read -r state 2>/dev/null <"/proc/$watcher/stat"
    state=${state##*\) }
    case ${state%% *} in '' | Z | X) false ;; esac
  do
    kill -TERM "$watcher" 2>/dev/null
  done
  wait "$watcher"
}

main() {
  exec 3<&0 </dev/null
  cd / || exit 1
  uid=$(id -u) login=user
  say as "$(id -un 2>/dev/null || echo "$uid")"
  command -v tcpdump >/dev/null || { say no-tcpdump && exit 1; }
  nsenter=$(program nsenter) ip=$(program ip)
  read -r booted </proc/sys/kernel/random/boot_id
  [ "${boot_id:-$booted}" = "$booted" ] || { say other-boot && exit 1; }
  find_way || { say no-way && exit 1; }
  # Root stays root (-Z): some builds become another user, who is nobody in a user namespace.
  set -- -U -w - -n -s "${snaplen:-0}"
  case $(tcpdump -h 2>&1) in *'-Z user'*) set -- "$@" -Z root ;; esac
  [ -z "$packets" ] || set -- "$@" -c "$packets"
  set -- "$@" -i "${interface:-any}"
  [ -z "$filter" ] || set -- "$@" -- "$filter"
  printf '%s\n' "$token"
  stopped=
  trap 'stopped=yes' HUP INT TERM
  $way sh -c "$become_tcpdump" sh "$inode" "$ip" "$marks" "$interface" "$ifindex" "$@" 3<&- &
  tcpdump=$!
  trap 'kill -TERM "$tcpdump" 2>/dev/null' HUP INT TERM
  trap 'kill -KILL "$tcpdump" 2>/dev/null' USR1
  [ -z "$stopped" ] || kill -TERM "$tcpdump"
  wait_for_the_end >/dev/null 2>&1 &
  watcher=$!
  # A signal ends the waiting, not the capture.
  while
    wait "$tcpdump"
    status=$?
    [ "$status" -gt 128 ] && kill -0 "$tcpdump" 2>/dev/null
  do :; done
  trap '' HUP INT TERM USR1
  end_watcher
  case $status in
    91) say moved ;;
    92) say no-link ;;
    93) say other-link ;;
    94) say no-ip ;;
    95) say other-links ;;
  esac
  say end "$status"
  exit "$status"
}

main

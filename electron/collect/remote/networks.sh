# The networks: one `ip` in every network namespace that lets us in, several at the same time, and beside them whatever
# does not decide how they are entered.

# A worker keeps what it was told until it is so much: who may write, writes for long.
held_bytes=1048576

# COMMAND: asks every network namespace, and runs COMMAND meanwhile.
networks() {
  nsfs=$(stat -L -c %d /proc/self/ns/net 2>/dev/null)
  references=$(network_references)
  references=$(that_lead_there "$references")
  bundle_size=1
  [ "$(printf '%s\n' "$references" | grep -c .)" -le "$few_networks" ] || bundle_size=$bundle_networks
  ask_networks "$references" "$1"
}

# Those that only lsns and the sockets behind it led to: after everybody else, in the same way.
late_networks() {
  late=$(printf '%s\n' "$references" asked "$(network_references)" | awk '
    $0 == "asked" { asked = 1; next }
    !asked { known[$1]; next }
    !($1 in known)')
  [ -z "$late" ] || ask_networks "$late" :
}

# LINES of network_references, COMMAND: asks them, and runs COMMAND meanwhile. Until it ends only COMMAND may write.
ask_networks() {
  meanwhile=$2
  IFS=$newline
  set -- $1
  IFS=$spaces
  workers=$(grep -c '^cpu[0-9]' /proc/stat)
  [ "$workers" -le 4 ] || workers=4
  [ "$workers" -le $# ] || workers=$#
  # Several work at the same time, and only who has the line that goes round in this pipe may write.
  : | {
    exec 9<>/proc/self/fd/0 || exit
    # Nobody ever writes to this one: it ends when the last worker does.
    : | {
      exec 8<>/proc/self/fd/0 || exit
      [ "$bundle_size" -ne 1 ] || occupy "$@"
      # How many bundles were taken goes round in this one.
      : | {
        exec 6<>/proc/self/fd/0 || exit
        echo 0 >&6
        # A number is read byte by byte: only who has the line that goes round in this one may.
        : | {
          exec 5<>/proc/self/fd/0 || exit
          echo >&5
          while [ "$workers" -gt 0 ]; do
            # What a command complains about waits in here.
            : | {
              exec 7<>/proc/self/fd/0 || exit
              : | network_worker "$@"
            } &
            workers=$((workers - 1))
          done
          wait
        }
      } &
      exec 8>&-
      # In brackets: when our reader is gone it ends there, and the workers must not wait for the line forever.
      ($meanwhile)
      echo >&9
      wait
    }
  }
}

# LINE of network_references…: takes one bundle after the other, and asks it. Its standard input is a pipe of its own, that
# nobody holds open for writing.
network_worker() {
  # A reader that is gone must not end us while the others wait for the line.
  trap '' PIPE
  passed=0 held=
  while
    read -r _ <&5
    read -r taken <&6
    echo $((taken + 1)) >&6
    echo >&5
    skip=$((taken * bundle_size - passed))
    [ "$skip" -lt $# ]
  do
    shift "$skip"
    passed=$((passed + skip))
    bundle=$(i=0; for network; do [ "$i" -lt "$bundle_size" ] || break; echo "$network"; i=$((i + 1)); done)
    ask_bundle "$bundle"
  done
  [ -z "$held" ] || in_turn say_held
}

# COMMAND: writes what it says when it is our turn.
in_turn() {
  read -r _ <&9
  "$@" && written=yes || written=no
  echo >&9
  [ "$written" = yes ] || exit 1
}

say_held() {
  said=$held held=
  printf '%s' "$said"
}

# LINES of network_references
ask_bundle() {
  astray=
  if [ "$bundle_size" -eq 1 ]; then
    frames=$(for_each_network ask_network_in_full "$1"; echo .)
  else
    # It complains when head has had enough. Without the dot the shell would take newlines at the cut away, and half an
    # answer would be short enough.
    frames=$(ask=ask_briefly; for_each_network ask_network "$1" 2>/dev/null | head -c $((bundle_bytes + 1)); echo .)
    lead_there "$1" || astray=$(that_lead_elsewhere "$mounted")
  fi
  if [ "$bundle_size" -eq 1 ] || [ ${#frames} -le $((bundle_bytes + 1)) ]; then
    asked_by=$frames
    hold "${frames%.}"
  else
    # Somebody in there has a great deal to say: one after the other, each with its own limit.
    in_turn ask_one_by_one "$1"
    asked_by=
    lead_there "$1" || astray=$(that_lead_elsewhere "$mounted")
  fi
  [ -z "$astray" ] || hold "$(for_each_network ask_where_it_led "$astray")$newline"
}

# FRAMES
hold() {
  held=$held$1
  [ ${#held} -lt "$held_bytes" ] || in_turn say_held
}

ask_one_by_one() {
  say_held && (ask=ask_much; for_each_network ask_network "$1")
}

# COMMAND LINES: for each line of network_references.
for_each_network() {
  command=$1
  IFS=$newline
  set -- $2
  IFS=$spaces
  for network; do $command $network; done
}

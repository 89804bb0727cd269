# Three processes: one that waits and can be told to stop, the worker that asks, and a watchdog that ends a command that
# takes longer than a question may, any command when the time of the run is over, and the worker when the first is gone.

# PID: its children -> $children.
find_children() {
  children=
  for list in "/proc/$1/task/"*/children; do
    some=
    read -r some 2>/dev/null <"$list"
    children="$children$some "
  done
  children=${children% }
}

# PID: all its living descendants -> $family.
find_family() {
  family=''
  set -- "$1"
  while [ $# -gt 0 ]; do
    find_children "$1"
    shift
    family="$family $children"
    set -- "$@" $children
  done
}

# PID: its name -> $name, its parent -> $parent, and when it started, in milliseconds since boot -> $born. The name may
# hold spaces, brackets and newlines; clock ticks are hundredths of a second on every Linux.
look_at() {
  stat=
  read -r stat 2>/dev/null <"/proc/$1/stat"
  name=${stat#*\(}
  name=${name%\)*}
  set -- ${stat##*\) }
  [ $# -ge 20 ] && parent=$2 born=$((${20} * 10))
}

# PID: the letter of its state in /proc/PID/stat, none when it is gone -> $state.
state_of() {
  state=
  read -r state 2>/dev/null <"/proc/$1/stat"
  state=${state##*\) }
  state=${state%% *}
}

in_a_second() {
  now
  latest=$((ms + 1000))
}

# STATES PIDS: waits until each of them is in one of these states or gone, until $latest at most. Fails when it had to let
# somebody go on: a shell that has started a command with vfork stands still only when the command runs, which was stopped
# before it came to that.
until_in() {
  states=$1
  shift
  for pid; do
    let_go=
    while
      state_of "$pid"
      case $states in *"$state"*) false ;; esac
    do
      now
      [ "$ms" -lt "$latest" ] || return 0
      [ "$state" = D ] || continue
      find_children "$pid"
      [ -z "$children" ] || kill -CONT $children 2>/dev/null
      let_go=$children
    done
    [ -z "$let_go" ] || return 1
  done
}

# PID: ends all its descendants, for certain. What stands still starts nothing new, so the second look finds them all;
# and a shell that was just started may forget a TERM that comes before it has laid down its parent's traps, not a KILL.
end_descendants() {
  stopped=-
  in_a_second
  while
    find_family "$1"
    [ "$family" != "$stopped" ]
  do
    stopped=$family
    kill -STOP $family 2>/dev/null
    # Who is in the middle of a fork takes no notice of a signal before its child is there.
    until_in TtZX $family || stopped=-
  done
  kill -KILL $family 2>/dev/null
  in_a_second
  until_in ZX $family
}

# PID: it and all its descendants.
end_family() {
  kill -STOP "$1" 2>/dev/null
  end_descendants "$1"
  kill -KILL "$1" 2>/dev/null
}

# WORKER
watch_over() {
  look_at "$$"
  own_name=$name
  while
    sleep 1 &
    wait $!
    kill -0 $$ 2>/dev/null
  do
    now
    # Long after the last question should have been over: somebody waits for what will never come.
    [ "$ms" -le $((deadline + 5000)) ] || break
    find_family "$1"
    condemned=
    for pid in $family; do
      look_at "$pid" || continue
      age=$((ms - born))
      case " $condemned " in
        # Its parent is killed: as an orphan it would not be found again, and may keep our pipes open.
        *" $parent "*) age=$((question_seconds * 1000 + 3000)) ;;
        # A process with our own name is a part of this script, which waits for a command or for whoever reads us.
        *) [ "$name" != "$own_name" ] || continue ;;
      esac
      if [ "$age" -gt $((question_seconds * 1000 + 2000)) ]; then
        condemned="$condemned $pid"
        kill -KILL "$pid" 2>/dev/null
      elif [ "$ms" -gt "$deadline" ] || [ "$age" -gt $((question_seconds * 1000)) ]; then
        kill "$pid" 2>/dev/null
      fi
    done
  done
  end_family "$1"
}

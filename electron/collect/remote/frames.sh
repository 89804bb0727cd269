#!/bin/sh
# Asks a Linux host for its namespaces, who is in them, and the networks inside them.
#
# It is kept in several files, one after the other in the order of electron/collect/collector-script.ts.
#
# It reads. It writes no file, changes no setting, loads no kernel module, makes no name under /run/netns, opens no
# port, and leaves no process behind. The last line starts it: a script that arrived in part does nothing at all.
#
# Meant for `sh -s` with this file as standard input; dash, bash and BusyBox ash run it. Every answer goes to standard
# output in a frame (shared/collect/README.md): what was asked and with which right, the command, what it said, its
# errors, its exit status, how long it took. Whoever starts it may set these before, by lines in front of this file:
#   token=<32 hex digits>   begins the lines of the frames, so that nothing on the host can forge one
#   run_seconds, question_seconds, answer_bytes   limits
#
# A question is `ask SECTION KEY COMMAND…`. All words of a command are passed on as they are; nothing that was read on
# the host is ever interpreted as shell. `ask_line` takes one constant line of this file instead.

set -u
LC_ALL=C
export LC_ALL
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${PATH-}
newline='
'
spaces=" 	$newline"

: "${run_seconds:=180}" "${question_seconds:=20}" "${answer_bytes:=33554432}"
# Up to this many network namespaces each is asked in full; beyond, only what every picture needs (one `ip` in each).
few_networks=64
# Of a host with more, so many are asked before what they said is passed on, at most so many bytes at once.
bundle_networks=16
bundle_bytes=2097152

choose_token() {
  case ${token-} in
    *[!0-9a-f]*) token= ;;
  esac
  given=${token-}
  # Not in the environment either, where other processes of this user could read it.
  unset token
  token=$given
  [ ${#token} -eq 32 ] || token=$(tr -dc 0-9a-f </dev/urandom | head -c 32)
}

# Milliseconds since boot -> $ms, in steps of ten.
now() {
  read -r ms _ </proc/uptime
  ms=$((${ms%.*} * 1000 + 1${ms#*.}0 - 1000))
}

# SECTION KEY COMMAND…: the two lines before an answer. Fails when the time of the whole run is over.
begin() {
  now
  [ "$ms" -lt "$deadline" ] || return 1
  kill -0 $$ || exit 1
  started=$ms
  printf '%s begin %s %s %s\n' "$token" "$privilege" "$1" "$2" || exit 1
  shift 2
  words=${shown:-$*}
  # What somebody else can type.
  [ -z "$really" ] || case $words in *"$really"*) words=${words%%"$really"*}$by${words#*"$really"} ;; esac
  printf '%s run %s\n' "$token" "$words" || exit 1
  shown=
}

# The lines after an answer, from $errors, $status and $cut.
end() {
  now
  if [ "$status" -gt 128 ] && [ $((ms - started)) -ge $((question_seconds * 1000)) ]; then cut=timed-out; fi
  if [ -n "$errors" ]; then
    set -f
    IFS=$newline
    printf '\n' && printf "$token err %s\n" $errors || exit 1
    IFS=$spaces
    set +f
    printf '%s end %s %s %s\n' "$token" "$status" $((ms - started)) "$cut" || exit 1
  else
    printf '\n%s end %s %s %s\n' "$token" "$status" $((ms - started)) "$cut" || exit 1
  fi
}

# SECTION KEY COMMAND…: the answer streams to standard output, errors are kept until it is whole.
ask() {
  errors='' status=0 cut=-
  begin "$@" || return 0
  shift 2
  { errors=$("$@" 2>&1 >&4) || status=$?; } 4>&1
  end
}

# The same for a command that complains in a few lines at most: they wait in the pipe behind file descriptor 7, and no shell
# has to be started to keep them.
ask_briefly() {
  errors='' status=0 cut=-
  begin "$@" || return 0
  shift 2
  "$@" 2>&7 || status=$?
  printf '\n%s\n' "$token" >&7
  while IFS= read -r complaint && [ "$complaint" != "$token" ]; do errors=$errors$complaint$newline; done <&7
  errors=${errors%"$newline"}
  end
}

# The same for what may be long: passes on at most $answer_bytes.
# (BusyBox's head reads up to 4 KiB further than it was told; an answer that ends right there is cut without a word.)
ask_much() {
  errors='' status=0 cut=-
  begin "$@" || return 0
  shift 2
  {
    errors=$({
      {
        said=0
        "$@" 2>&3 3>&- 4>&- || said=$?
        printf '\n%s status %s' "$token" "$said" >&3
      } | {
        head -c "$answer_bytes" >&4
        [ "$(head -c 1 | wc -c)" -eq 0 ] || printf '\n%s cut' "$token" >&3
      }
    } 3>&1)
  } 4>&1
  status=${errors##*"$token status "}
  status=${status%%"$newline"*}
  case $errors in *"$newline$token cut"*) cut=too-large ;; esac
  errors=${errors%%"$newline$token "*}
  end
}

# SECTION KEY LINE: a constant line of this file, shown as it stands here, with its patterns.
ask_line() {
  shown=$3
  ask_much "$1" "$2" eval "$3"
}

# Words from the host that become part of a path are passed on only if they are made of these characters.
is_plain() {
  case $1 in
    '' | *[!A-Za-z0-9/._:@%+=,~-]*) return 1 ;;
  esac
}

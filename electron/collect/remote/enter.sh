# How a network namespace is entered: the same for questions and for captures (electron/capture). A reference is one of:
#   own          we are in it
#   :PATH        by nsenter --net=PATH
#   PID:PATH     the same, from inside the user namespace of that process
#   PID::PATH    the same, and the path can only be opened from inside
#   @PID/FD      by nsenter -t PID -N FD, to where that socket is

# REFERENCE -> $way: the words before a command, $by: the last of them, which name the place; and $privilege.
enter() {
  privilege=$login
  case $1 in
    own)
      way= by=
      return
      ;;
    @*)
      by=${1#@}
      by="-t ${by%/*} -N ${by#*/}"
      ;;
    *) by="--net=${1##*:}" ;;
  esac
  case $1 in
    [0-9]*)
      privilege=userns:${1%%:*}
      way="$nsenter -t ${1%%:*} -U --preserve-credentials"
      # It can only be opened from inside.
      case $1 in *::*) way="$way $nsenter" ;; esac
      way="$way $by"
      ;;
    *) way="$nsenter $by" ;;
  esac
}

# NAME: the name, or its path where this shell would take a command of its own for it (BusyBox's may).
program() {
  case $(command -v "$1") in
    "$1")
      set -f
      IFS=:
      for directory in $PATH; do
        IFS=$spaces
        if [ -f "$directory/$1" ] && [ -x "$directory/$1" ]; then echo "$directory/$1" && return; fi
      done
      IFS=$spaces
      set +f
      ;;
  esac
  echo "$1"
}

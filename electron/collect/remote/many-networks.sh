# On a host with many network namespaces: nobody of ours stands in one. What leads there may lead elsewhere a moment later,
# and back, so that it is held or looked at by who asks.

# INODE STATE REFERENCE…: $ask: ask_briefly, where the caller sees to the size, or ask_much.
ask_network() {
  number=$1 key="net:[$1]" populated=$2
  shift 2
  for reference; do
    enter "$reference"
    if [ "$ip_speaks" != json ]; then
      ask_in_words || continue
      return 0
    fi
    case $reference in
      @* | *::*) ask_who_looks ;;
      *:/proc/*/ns/net) ask_held "${reference##*:}" ;;
      *:/proc/*) ask_who_looks ;;
      *) ask_all ;;
    esac && return
  done
}

# Of what is mounted where we are, and of our own. Fails when we did not get in.
ask_all() {
  put_ip_questions
  $ask net "$key" $way $ip -d -j -s -force -batch -
  case $errors in nsenter:*) return 1 ;; esac
}

# PATH of a process's link. A descriptor stays when the process goes on, and the kernel tells the inode behind it (Linux
# 5.14 and newer). Fails when it leads elsewhere.
ask_held() {
  led=nowhere
  {
    behind=
    while read -r name value; do [ "$name" != ino: ] || behind=$value; done </proc/self/fdinfo/8
    case $behind in
      "$number")
        led=there really=--net=/proc/self/fd/8
        way=${way%"$by"}$really
        ask_all || led=refused
        really=
        ;;
      '') ;;
      *) led=elsewhere ;;
    esac
  } 2>/dev/null 8<"$1"
  case $led in
    there) ;;
    refused) return 1 ;;
    elsewhere)
      ask_where_it_leads "$number" "$reference"
      return 1
      ;;
    nowhere) ask_who_looks ;;
  esac
}

# The same, by a process that asks only if it is where it should be.
ask_who_looks() {
  put_ip_questions
  shown="$way $ip -d -j -s -force -batch -"
  $ask net "$key" $way sh -c "$who_looks" "$key" $ip -d -j -s -force -batch -
  case $errors in nsenter:*) return 1 ;; esac
  [ "$status" = 125 ] || return 0
  ask_where_it_leads "$number" "$reference"
  return 1
}
who_looks='[ "$(readlink /proc/self/ns/net)" = "$0" ] || exit 125; exec "$@"'

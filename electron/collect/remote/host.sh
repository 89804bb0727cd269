# The host itself and its tools.

host_facts() {
  ask host date date -u +%Y-%m-%dT%H:%M:%SZ
  ask host uname uname -s -n -r -m
  ask host os-release cat /etc/os-release
  ask host boot-id cat /proc/sys/kernel/random/boot_id
  ask host uptime cat /proc/uptime
  ask host cap-last-cap cat /proc/sys/kernel/cap_last_cap
  ask host id id
  # Who called sudo, which made us root.
  [ "$privilege" != root ] || ask host login echo "$SUDO_UID" "${SUDO_USER-}"
  ask host self echo $$
  ask host accounts cut -d: -f1,3 /etc/passwd
  ask host subuid cat /etc/subuid
  ask host subgid cat /etc/subgid
  shown="grep ' /proc ' /proc/self/mountinfo"
  ask host proc-mount grep ' /proc ' /proc/self/mountinfo
  # The kernel counts all processes in the links of /proc, those that it hides from us too.
  if grep -qE ' /proc .*[ ,]hidepid=([1-9]|n|i|p)' /proc/self/mountinfo; then
    ask_line host proc-links 'stat -c "%h links" /proc; find /proc -maxdepth 1 -type d; echo others; find /proc -maxdepth 1 -type d -name "[0-9]*" ! -user "$uid"; readlink /proc/self/ns/pid'
  fi
  ask host netns-dir ls -la /run/netns
  ip=$(program ip) nsenter=$(program nsenter)
  ask tool ip $ip -V
  look_at_ip
  ask tool lsns lsns --version
  ask tool nsenter $nsenter --version
  # What may be asked of /proc in place of ip.
  files_tell=-
  [ "$ip_speaks" = json ] && [ "$status" -ne 127 ] || files_tell=yes
  ask tool ss ss -V
  ask tool find find --version
  ask tool grep grep --version
}

# Whether ip answers in JSON; else it is asked in words, iproute2 with details -> $ip_speaks, $ip_details.
look_at_ip() {
  ip_speaks=json ip_details=''
  ask tool ip-json $ip -j -V
  [ "$status" -ne 0 ] || return 0
  ip_speaks=words
  ! $ip -V >/dev/null 2>&1 || ip_details='-d -s'
}

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
  ask host netns-dir ls -la /run/netns
  ask tool ip ip -V
  ask tool lsns lsns --version
  ask tool nsenter nsenter --version
  ask tool ss ss -V
  ask tool find find --version
  ask tool grep grep --version
}

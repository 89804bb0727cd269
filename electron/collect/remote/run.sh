# The run: the order of the questions, and the end of everything.

work() {
  printf 'nsatlas-transcript 1 %s\n' "$token" || exit 1
  host_facts
  firewall_tools
  namespaces_of_processes
  about_processes &
  open_files
  mounts_and_ids
  networks everything_else
  now
  [ "$ms" -lt "$deadline" ] || exit 1
  printf '%s done %s\n' "$token" $((ms - begun))
}

# What does not decide how network namespaces are entered, but for those that nothing else leads to.
everything_else() {
  kernel_relations
  late_networks
  firewall
  hardware
  sockets_and_devices
  closed_processes
  names
  rootlesskits
  runtime_states
  machines
  engines
  who_moved
}

end_everything() {
  end_descendants $$
  wait
  exit 1
}

main() {
  cd / || exit 1
  choose_token
  shown='' way='' beside='' really=''
  namespaces='' roots='' files='' mounts='' ended='' children_roots='' kits='' inside=''
  in_mount='' in_net='' in_user='' in_uts=''
  uid=$(id -u)
  login=user
  [ "$uid" != 0 ] || [ -z "${SUDO_UID-}" ] || login=root
  privilege=$login
  now
  begun=$ms
  deadline=$((ms + run_seconds * 1000))
  trap end_everything HUP INT TERM
  work &
  worker=$!
  watch_over "$worker" >/dev/null 2>&1 &
  watchdog=$!
  wait "$worker"
  status=$?
  end_family "$watchdog"
  exit "$status"
}

main </dev/null

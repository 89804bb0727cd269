# The run: the order of the questions, and the end of everything.

work() {
  printf 'nsatlas-transcript 1 %s\n' "$token" || exit 1
  host_facts
  firewall
  processes
  frozen_cgroups
  once_per_namespace
  closed_processes
  kernel_relations
  names
  rootlesskits
  runtime_states
  machines
  engines
  who_moved
  networks
  now
  [ "$ms" -lt "$deadline" ] || exit 1
  printf '%s done %s\n' "$token" $((ms - begun))
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
  namespaces='' roots='' cgroups='' files='' mounts='' children_roots='' kits='' inside=''
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

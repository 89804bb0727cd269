// A user who speaks of root's container: by a record, by what he calls his processes, by a cgroup of his own. Whoever looks
// finds the container as it is, and what the user made beside it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Model } from '../../../shared/model/model.ts';
import type { BareHost, Person } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { collectFrom } from './collect-from.ts';

const id = 'c'.repeat(64);
const people = ['root', 'ec2-user', 'bob'] as const;

/** A container as Docker leaves it: a cgroup of its id, a PID namespace and a network with a server; prints its PID. */
const container = `
  set -e
  ip link set lo up
  ip netns add c1
  ip link add v1 type veth peer name eth0 netns c1
  ip addr add 10.5.0.1/24 dev v1; ip link set v1 up
  ip -n c1 addr add 10.5.0.2/24 dev eth0; ip -n c1 link set eth0 up
  group=/sys/fs/cgroup/system.slice/docker-${id}.scope
  mkdir -p $group
  wait_for() { for i in $(seq 500); do "$@" >/dev/null 2>&1 && return; sleep 0.01; done; echo "not so: $*" >&2; exit 1; }
  printf 'use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 1) or die; sleep' >/tmp/serve.pl
  printf 'if ($ARGV[0] eq "child") { fork or exec qw(unshare -Urn sleep 3001) } sleep' >/tmp/pretend.pl
  chmod 644 /tmp/*.pl
  quiet() { "$@" </dev/null >/dev/null 2>&1 & }
  quiet unshare --pid --fork sh -c "echo 0 >$group/cgroup.procs; exec nsenter --net=/run/netns/c1 perl /tmp/serve.pl"
  wait_for sh -c "ip netns exec c1 grep -q ':0050 ' /proc/net/tcp"
  nginx=$(for p in $(cat $group/cgroup.procs); do grep -q 'NSpid:.*[[:space:]]1$' /proc/$p/status && echo $p; done)
  start_of() { sed 's/.*) //' /proc/$1/stat | cut -d' ' -f20; }
  # RECORD PID WHO
  record() {
    install -d "$(dirname "$1")"
    printf '{"id":"${id}","init_process_pid":%s,"init_process_start":%s,"created":"2020-01-01T00:00:00Z","config":{"labels":["bundle=/x","who=%s","nerdctl/name=of-%s"]}}' \\
      $2 $(start_of $2) $3 $3 >$1
  }
  # NAME ARGUMENT…: a process of bob's that calls itself so and has, as "child", another in networks of its own.
  bob() { quiet setpriv --reuid 1001 --regid 1001 --clear-groups "$@"; }
  pretend() {
    name=$1
    shift
    bob bash -c 'exec -a "$0" perl /tmp/pretend.pl "$@"' "$name" "$@"
    if [ "$1" = child ]; then wait_for pgrep -u 1001 -f 'sleep 3001'; fi
  }
`;
const sleeping = `
  bob unshare -Urn sleep 3001
  wait_for pgrep -u 1001 -f '^sleep 3001'
  sleep=$(pgrep -u 1001 -f '^sleep 3001')`;

const attacks: Readonly<Record<string, string>> = {
  'a record': `${sleeping}
    record /run/user/1001/runc/${id}/state.json $sleep bob; chown -R 1001 /run/user/1001`,
  'a record beside root’s, which is closed to users': `${sleeping}
    record /run/docker/runtime-runc/moby/${id}/state.json $nginx root; chmod 700 /run/docker
    record /run/user/1001/runc/${id}/state.json $sleep bob; chown -R 1001 /run/user/1001`,
  'a record of the container’s own process': `
    record /run/user/1001/runc/${id}/state.json $nginx bob; chown -R 1001 /run/user/1001`,
  'a conmon with a child': `pretend conmon child -c ${id} -n of-bob`,
  'a conmon beside root’s record and shim': `
    record /run/docker/runtime-runc/moby/${id}/state.json $nginx root
    quiet bash -c "exec -a containerd-shim-runc-v2 perl /tmp/pretend.pl -namespace moby -id ${id}"
    pretend conmon child -c ${id} -n of-bob`,
  'monitors without a child': `
    pretend conmon -c ${id} -n of-bob
    pretend conmon -c ${'e'.repeat(64)} -n of-bob
    pretend /usr/bin/containerd-shim-runc-v2 -namespace moby -id ${'d'.repeat(64)}`,
  'a file such as podman keeps, which his conmon names': `
    cp "$(command -v perl)" /tmp/conmon
    own=/home/bob/storage
    install -d -o 1001 $own $own/overlay-containers
    echo '[{"id":"${id}","names":["of-bob"],"metadata":"{}"}]' >$own/overlay-containers/containers.json
    chown 1001 $own/overlay-containers/containers.json
    bob /tmp/conmon /tmp/pretend.pl -c ${id} -n of-bob -b $own/overlay-containers/${id}/userdata
    wait_for pgrep -u 1001 conmon`,
  'a cgroup of his': `${sleeping}
    own=/sys/fs/cgroup/user.slice/user-1001.slice/user@1001.service/docker-${id}.scope
    mkdir -p $own; echo $sleep >$own/cgroup.procs`,
};

const processesOf = (model: Model, uid: number) =>
  model.processes.filter((process) => process.uid === uid).map((process) => process.id);

describe.each(Object.entries(attacks))('a user speaks of root’s container by %s', (name, attack) => {
  let host: BareHost;
  let nginx: string;
  beforeAll(async () => {
    host = await startBareHost();
    nginx = (await host.script(`${container}${attack}\necho $nginx`)).trim();
  });
  afterAll(() => host.stop());

  test.each<Person>(people)('seen as %s, it is root’s still', async (person) => {
    const { model } = await collectFrom(host, person);
    const real = model.containers.find(({ runtimeId }) => runtimeId === id);
    expect(real?.init).toBe(`process:${nginx}`);
    const told = name.includes('beside') && (person === 'root' || !name.includes('closed'));
    expect(real?.name).toBe(told ? 'of-root' : id.slice(0, 12));
    expect(real?.labels['who']).toBe(told ? 'root' : undefined);
    const bobs = processesOf(model, 1001);
    expect(real?.processIds.filter((process) => bobs.includes(process))).toEqual([]);
    expect(bobs).not.toContain(real?.monitor);
    // What else there is is bob's, and of him alone.
    const others = model.containers.filter((one) => one !== real);
    for (const one of others) {
      expect(one.runtimeId).toBe(`1001/${id}`);
      expect(one.processIds.length).toBeGreaterThan(0);
      for (const process of one.processIds) expect(bobs).toContain(process);
    }
    if (name.startsWith('monitors') || name.endsWith('own process')) expect(others).toEqual([]);
    const netns = model.processes.find((process) => process.id === real?.init)?.namespaces.net;
    const there = model.namespaces.find((one) => one.id === netns);
    if (there) expect([there.role, there.name]).toEqual(['container', real?.name]);
  });
});

describe('a docker-proxy of a user’s', () => {
  let host: BareHost;
  beforeAll(async () => {
    host = await startBareHost();
    await host.script(`${container}
      record /run/docker/runtime-runc/moby/${id}/state.json $nginx root
      pretend docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 80 -container-ip 10.5.0.2 -container-port 80`);
  });
  afterAll(() => host.stop());

  test.each<Person>(people)('that has no socket forwards nothing: seen as %s', async (person) => {
    const { model } = await collectFrom(host, person);
    expect(model.forwards).toEqual([]);
    expect(model.relations.filter(({ kind }) => kind === 'reaches')).toEqual([]);
    expect(model.findings.map(({ rule }) => rule)).toContain('forward.does-not-listen');
  });

  test('that has one forwards, as far as its command line tells', async () => {
    await host.script(`
      setpriv --reuid 1001 --regid 1001 --clear-groups bash -c 'exec -a docker-proxy perl -MIO::Socket::INET \\
        -e "\\$s = IO::Socket::INET->new(LocalPort => 8080, Listen => 1) or die; sleep" -- \\
        -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 10.5.0.2 -container-port 80' </dev/null >/dev/null 2>&1 &
      for i in $(seq 500); do grep -q ':1F90 ' /proc/net/tcp && exit; sleep 0.01; done; exit 1`);
    const { model } = await collectFrom(host, 'root');
    expect(model.forwards.map(({ listen, certainty }) => [listen.port, certainty])).toEqual([[8080, 'inferred']]);
  });
});

// Namespaces that no process is in: what keeps each alive, and the ways to them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectorScript } from '../../../electron/collect/collector-script.ts';
import { namespaceId } from '../../../shared/model/id.ts';
import type { NamespaceId } from '../../../shared/model/id.ts';
import type { BareHost, Person } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { folder, installScripts } from './build.ts';
import type { Collected } from './collect-from.ts';
import { collectFrom } from './collect-from.ts';
import { lent, lendThreadedPerl } from './machine-program.ts';

/** unshare(2) by its number: perl has no other way. */
const unshareCall = process.arch === 'arm64' ? 97 : 272;

/** Prints `NAME INODE`, and `keeper PERSON PID`. */
const script = (perl: readonly string[]) => `
  keep() {
    while read -r name inode path; do echo "$1-$name $inode"; keeper=\${path#/proc/}; done
    echo "keeper-$1 \${keeper%%/*}"
  }
  keep root < <(unshare --mount bash ${folder}/keep-netns.sh mounted:elsewhere open:fd)
  keep ec2-user < <(setpriv --reuid 1000 --regid 1000 --clear-groups unshare --user --map-root-user --mount \\
    bash ${folder}/keep-netns.sh mounted:elsewhere open:fd)

  # Other kinds than net.
  mount -t tmpfs --make-private tmpfs /mnt
  unshare --uts --ipc --cgroup --user sleep infinity </dev/null >/dev/null 2>&1 &
  for kind in uts ipc cgroup user; do
    until [ "$(readlink /proc/$!/ns/$kind)" != "$(readlink /proc/1/ns/$kind)" ]; do sleep 0.01; done
    : >/mnt/$kind
    mount --bind /proc/$!/ns/$kind /mnt/$kind
    echo "$kind $(stat -L -c %i /mnt/$kind)"
  done
  kill $!
  # A process stays outside the PID namespace it makes: its first child is the first in there.
  unshare --pid --fork sleep infinity </dev/null >/dev/null 2>&1 &
  children=$!
  until inode=$(readlink /proc/$children/ns/pid_for_children) && [ "$inode" != "$(readlink /proc/1/ns/pid)" ]; do
    sleep 0.01
  done
  echo "pid $(echo $inode | tr -dc 0-9)"
  echo "children $children"

  # An open file of every other kind, in a process that is in none of them.
  unshare --user --map-root-user --mount --uts --ipc --cgroup --pid --time --fork sleep infinity </dev/null >/dev/null 2>&1 &
  maker=$!
  until child=$(cat /proc/$maker/task/$maker/children) && [ "$(readlink /proc/\${child% }/exe)" = /usr/bin/sleep ]; do sleep 0.01; done
  bash -c 'cd /proc/$0/ns && for kind in mnt uts ipc cgroup user pid time; do
      exec {fd}<$kind && echo "open-$kind $(stat -L -c %i $kind)"
    done >/tmp/open && cd / && exec sleep infinity' $child </dev/null >/dev/null 2>&1 &
  until [ "$(readlink /proc/$!/exe)" = /usr/bin/sleep ]; do sleep 0.01; done
  echo "open-holder $!"
  kill -9 $child
  wait $maker || :
  cat /tmp/open

  # One thread of a process whose others are on the host; it has one end of a veth.
  PERL5LIB=${lent} ${perl.join(' ')} -Mthreads -e '
    threads->create(sub {
      syscall(${unshareCall}, 0x40000000) == 0 or die "unshare: $!";
      open(my $out, ">", "/tmp/thread.new");
      print $out readlink("/proc/thread-self/ns/net"), " ", readlink("/proc/thread-self"), "\\n";
      close($out);
      rename("/tmp/thread.new", "/tmp/thread");
      sleep;
    });
    threads->create(sub {
      syscall(${unshareCall}, 0x20000) == 0 or die "unshare: $!";
      system("mount --make-rprivate / && mount -t tmpfs tmpfs /mnt && : >/mnt/in-thread &&
        unshare --net=/mnt/in-thread stat -L -c %i /proc/self/ns/mnt /mnt/in-thread >/tmp/mounts.new") == 0 or die;
      rename("/tmp/mounts.new", "/tmp/mounts");
      sleep;
    });
    # A thread stays outside the time namespace it makes, as a process does.
    threads->create(sub {
      syscall(${unshareCall}, 0x80) == 0 or die "unshare: $!";
      open(my $out, ">", "/tmp/time.new");
      print $out readlink("/proc/thread-self/ns/time_for_children"), "\\n";
      close($out);
      rename("/tmp/time.new", "/tmp/time");
      sleep;
    });
    sleep' </dev/null >/dev/null 2>&1 &
  echo "thread-holder $!"
  until [ -e /tmp/thread ] && [ -e /tmp/mounts ] && [ -e /tmp/time ]; do sleep 0.01; done
  echo $(cat /tmp/mounts) | while read -r mnt mounted; do echo "thread-mnt $mnt"; echo "thread-mounted $mounted"; done
  echo "thread-time $(tr -dc 0-9 </tmp/time)"
  read -r inode task </tmp/thread
  echo "thread $(echo $inode | tr -dc 0-9)"
  ip link add at-thread index 70 type veth peer name eth0 index 71 netns "/proc/$task/ns/net"

  # A socket made in one network namespace by a process that has left it.
  ip netns add socket
  nsenter --net=/run/netns/socket perl -MSocket -e '$^F = 99; socket(my $s, AF_INET, SOCK_DGRAM, 0) or die;
    exec "nsenter", "--net=/proc/1/ns/net", "sleep", "infinity"' </dev/null >/dev/null 2>&1 &
  holder=$!
  until [ "$(readlink /proc/$holder/exe)" = /usr/bin/sleep ]; do sleep 0.01; done
  ip link add at-socket index 80 type veth peer name eth0 index 81 netns socket
  echo "socket $(stat -L -c %i /run/netns/socket)"
  ip netns del socket
  echo "socket-holder $holder"

  # An open file whose link names a mount that is no more.
  ip netns add detached
  echo "detached $(stat -L -c %i /run/netns/detached)"
  ip link add at-detached index 90 type veth peer name eth0 index 91 netns detached
  sleep infinity 3</run/netns/detached </dev/null >/dev/null 2>&1 &
  echo "detached-holder $!"
  until [ "$(readlink /proc/$!/exe)" = /usr/bin/sleep ]; do sleep 0.01; done
  umount --lazy /run/netns/detached

  # A name that leads to another network namespace by now.
  ip netns add covered
  echo "covered $(stat -L -c %i /run/netns/covered)"
  ip netns add covering
  echo "covering $(stat -L -c %i /run/netns/covering)"
  mount --bind /run/netns/covering /run/netns/covered

  # Somebody's user namespace whose only process has made another one and gone there.
  setpriv --reuid 1001 --regid 1001 --clear-groups unshare --user --map-root-user bash -c '
    readlink /proc/self/ns/user >/tmp/hidden-user
    exec unshare --user sleep infinity' </dev/null >/dev/null 2>&1 &
  inner=$!
  until [ "$(readlink /proc/$inner/exe)" = /usr/bin/sleep ]; do sleep 0.01; done
  echo "hidden-user $(tr -dc 0-9 </tmp/hidden-user)"
  echo "inner-user $(readlink /proc/$inner/ns/user | tr -dc 0-9)"
  echo "outer-user $(readlink /proc/1/ns/user | tr -dc 0-9)"`;

describe('namespaces that no process is in', () => {
  let host: BareHost;
  let numbers: ReadonlyMap<string, number>;
  const collected = new Map<Person, Collected>();
  beforeAll(async () => {
    host = await startBareHost();
    installScripts(host);
    const said = await host.script(script(await lendThreadedPerl(host)));
    numbers = new Map(said.split('\n').map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
    for (const person of ['root', 'ec2-user'] as const) collected.set(person, await collectFrom(host, person));
  });
  afterAll(() => host.stop());

  const number = (name: string): number => {
    const found = numbers.get(name);
    if (found === undefined) throw new Error(`The script did not say ${name}.`);
    return found;
  };
  const seen = (person: Person, id: NamespaceId) =>
    collected.get(person)?.model.namespaces.find((namespace) => namespace.id === id);
  const links = (person: Person, id: NamespaceId) =>
    collected.get(person)?.model.links.filter((link) => link.netns === id) ?? [];

  const whoSeesWhose = [
    { person: 'root', whose: 'root' },
    { person: 'root', whose: 'ec2-user' },
    { person: 'ec2-user', whose: 'ec2-user' },
  ] as const;

  test.each(whoSeesWhose)('as $person: by a mount in another mount namespace, of $whose', ({ person, whose }) => {
    const id = namespaceId('net', number(`${whose}-mounted`));
    const keeper = number(`keeper-${whose}`);
    expect(seen(person, id)).toMatchObject({ processIds: [], role: 'bare' });
    expect(seen(person, id)?.keptBy).toMatchObject([
      { by: 'mount', path: '/mnt/mounted', reachableAs: `/proc/${keeper}/root/mnt/mounted` },
    ]);
    expect(links(person, id).map((link) => link.name)).toEqual(['lo']);
  });

  test.each(whoSeesWhose)('as $person: by an open file, of $whose', ({ person, whose }) => {
    const id = namespaceId('net', number(`${whose}-open`));
    const process = `process:${number(`keeper-${whose}`)}`;
    expect(seen(person, id)).toMatchObject({ processIds: [], keptBy: [{ by: 'fd', process }] });
    expect(links(person, id).map((link) => link.name)).toEqual(['lo']);
  });

  test('as somebody else: a mount is seen by its path, an open file is not; neither is entered', () => {
    const mounted = namespaceId('net', number('root-mounted'));
    expect(seen('ec2-user', mounted)?.keptBy).toMatchObject([{ by: 'mount', path: '/mnt/mounted' }]);
    expect(links('ec2-user', mounted)).toEqual([]);
    expect(seen('ec2-user', namespaceId('net', number('root-open')))).toBeUndefined();
  });

  test('as root: by a mount that another covers, whose path is the other’s', () => {
    const path = '/run/netns/covered';
    const covered = seen('root', namespaceId('net', number('covered')));
    expect(covered).toMatchObject({ processIds: [], keptBy: [{ by: 'mount', path, covered: true }] });
    expect(covered?.keptBy[0]).not.toHaveProperty('reachableAs');
    expect(covered?.name).not.toContain('netns covered');
    const covering = seen('root', namespaceId('net', number('covering')));
    expect(covering?.keptBy).toContainEqual(expect.objectContaining({ by: 'mount', path, reachableAs: path }));
  });

  test.each(['uts', 'ipc', 'cgroup', 'user'] as const)('of kind %s, by a mount', (kind) => {
    for (const person of ['root', 'ec2-user'] as const) {
      const namespace = seen(person, namespaceId(kind, number(kind)));
      expect(namespace, person).toMatchObject({ processIds: [] });
      const [keeper, ...others] = namespace?.keptBy ?? [];
      expect(keeper, person).toMatchObject({ by: 'mount', path: `/mnt/${kind}` });
      // The user namespace is also the owner of the other three, as lsns tells whoever may open those.
      const owned = (['uts', 'ipc', 'cgroup'] as const).map((other) => namespaceId(other, number(other)));
      const kept = others.map((one) => (one.by === 'namespace' && one.as === 'owner' ? one.namespace : one.by));
      expect(kept.sort(), person).toEqual(kind === 'user' ? owned.toSorted() : []);
    }
  });

  test.each(['mnt', 'uts', 'ipc', 'cgroup', 'user', 'pid', 'time'] as const)('of kind %s, by an open file', (kind) => {
    const id = namespaceId(kind, number(`open-${kind}`));
    const keeper = { by: 'fd', process: `process:${number('open-holder')}` };
    expect(seen('root', id)?.processIds).toEqual([]);
    expect(seen('root', id)?.keptBy).toContainEqual(expect.objectContaining(keeper));
  });

  test('by the process whose children it is for', () => {
    const namespace = seen('root', namespaceId('pid', number('pid')));
    expect(namespace?.processIds).toHaveLength(1);
    expect(namespace?.keptBy).toMatchObject([{ by: 'for-children', process: `process:${number('children')}` }]);
  });

  test('as root: by the thread whose children it is for', () => {
    const process = `process:${number('thread-holder')}`;
    expect(seen('root', namespaceId('time', number('thread-time')))).toMatchObject({
      processIds: [],
      keptBy: [{ by: 'for-children', process }],
    });
  });

  test.each([
    ['a thread', 'thread', 'thread'],
    ['a socket', 'socket', 'socket'],
    ['a file opened by a name that is gone', 'detached', 'fd'],
  ] as const)('as root: by %s alone, entered, and what is in there', (_, name, by) => {
    const id = namespaceId('net', number(name));
    const process = `process:${number(`${name}-holder`)}`;
    expect(seen('root', id)).toMatchObject({ processIds: [], keptBy: [{ by, process }] });
    expect(links('root', id).map((link) => link.name)).toEqual(['lo', 'eth0']);
    const relations = collected.get('root')?.model.relations ?? [];
    const ends = relations.filter((one) => one.kind === 'veth-peer' && `${one.from} ${one.to}`.includes(id));
    expect(ends).toMatchObject([{ certainty: 'certain' }]);
    expect(seen('ec2-user', id)).toBeUndefined();
  });

  test('by no file that the collector itself has open', async () => {
    const holder = number('detached-holder');
    const ours = `ask_hidden_networks() {\n  sleep 2 8</proc/${holder}/fd/3 >/dev/null 2>&1 &`;
    const { model } = await collectFrom(host, 'root', collectorScript.replace('ask_hidden_networks() {', ours));
    const id = namespaceId('net', number('detached'));
    expect(model.namespaces.find((namespace) => namespace.id === id)?.keptBy).toMatchObject([
      { by: 'fd', process: `process:${holder}` },
    ]);
  });

  test('as root: the mount namespace of a thread, and what is mounted in there', () => {
    const id = namespaceId('mnt', number('thread-mnt'));
    const holder = number('thread-holder');
    expect(seen('root', id)).toMatchObject({ keptBy: [{ by: 'thread', process: `process:${holder}` }] });
    const [keeper] = seen('root', namespaceId('net', number('thread-mounted')))?.keptBy ?? [];
    expect(keeper).toMatchObject({ by: 'mount', path: '/mnt/in-thread', mountNamespace: id });
    const reachable = keeper?.by === 'mount' ? keeper.reachableAs : '';
    expect(reachable).toMatch(new RegExp(`^/proc/${holder}/task/\\d+/root/mnt/in-thread$`));
    expect(links('root', namespaceId('net', number('thread-mounted'))).map((link) => link.name)).toEqual(['lo']);
  });

  // A PID namespace cannot be like that: its first process ends all that are below it.
  test('as root: by nothing but the user namespace whose parent it is', () => {
    const [outer, hidden, inner] = ['outer', 'hidden', 'inner'].map((name) =>
      namespaceId('user', number(`${name}-user`)),
    );
    expect(seen('root', hidden ?? 'user:[0]')).toMatchObject({
      processIds: [],
      role: 'bare',
      parent: outer,
      keptBy: [{ by: 'namespace', namespace: inner, as: 'parent' }],
      ownerUid: 1001,
      ownerUidBy: { certainty: 'certain', rule: 'creator.lsns' },
    });
    expect(seen('root', inner ?? 'user:[0]')?.parent).toBe(hidden);
    expect(seen('ec2-user', hidden ?? 'user:[0]')).toBeUndefined();
  });
});

// Namespaces that no process is in: what keeps each alive, and the ways to them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
    sleep' </dev/null >/dev/null 2>&1 &
  until [ -e /tmp/thread ]; do sleep 0.01; done
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
  ip netns del socket`;

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

  test.each(['uts', 'ipc', 'cgroup', 'user'] as const)('of kind %s, by a mount', (kind) => {
    for (const person of ['root', 'ec2-user'] as const) {
      const namespace = seen(person, namespaceId(kind, number(kind)));
      expect(namespace, person).toMatchObject({ processIds: [], keptBy: [{ by: 'mount', path: `/mnt/${kind}` }] });
    }
  });

  test('by the process whose children it is for', () => {
    const namespace = seen('root', namespaceId('pid', number('pid')));
    expect(namespace?.processIds).toHaveLength(1);
    expect(namespace?.keptBy).toMatchObject([{ by: 'for-children', process: `process:${number('children')}` }]);
  });

  // Threads and sockets are not asked for, so these are not found; whatever leads there has to say that it leads somewhere.
  test.each(['thread', 'socket'] as const)('by a %s alone: found, or said to be undiscovered', (name) => {
    const { model } = collected.get('root') ?? {};
    const end = model?.links.find((link) => link.name === `at-${name}`);
    const relations = model?.relations.filter((one) => one.kind === 'veth-peer' && one.from === end?.id) ?? [];
    const peer = `link:net:[${number(name)}]/${(end?.ifindex ?? 0) + 1}`;
    expect(relations).toHaveLength(1);
    const [relation] = relations;
    expect(relation?.certainty).toBe('certain');
    expect(relation?.to === peer || relation?.to.startsWith('undiscovered:')).toBe(true);
  });
});

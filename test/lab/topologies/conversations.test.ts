// Connections that real processes hold open, in networks of two users with the same addresses and ports; and the names
// that one end of each has for itself.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namespaceId, processId } from '../../../shared/model/id.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { BareHost } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { folder, installScripts } from './build.ts';
import { collectFrom } from './collect-from.ts';

const script = `
  mkdir /elsewhere
  echo 'nameserver 192.0.2.99' >/elsewhere/resolv.conf
  sh ${folder}/talking-user.sh root </dev/null
  setpriv --reuid 1000 --regid 1000 --init-groups sh ${folder}/talking-user.sh ec2-user </dev/null`;

describe('two users whose processes talk with equal addresses', () => {
  let host: BareHost;
  const truth = new Map<string, { readonly netns: number; readonly pid: number }>();
  beforeAll(async () => {
    host = await startBareHost();
    installScripts(host);
    for (const line of (await host.script(script)).trimEnd().split('\n')) {
      const [name = '', netns, pid] = line.split(' ');
      truth.set(name, { netns: Number(netns), pid: Number(pid) });
    }
  });
  afterAll(() => host.stop());

  const of = (name: string) => {
    const found = truth.get(name);
    if (!found) throw new Error(`The script did not say ${name}.`);
    return { netns: namespaceId('net', found.netns), process: processId(found.pid) };
  };
  /** `root-client – root-server certain`, by what holds the sockets. */
  const pairs = ({ relations, sockets }: Model) => {
    const nameOf = (id: string) => {
      const socket = sockets.find((one) => one.id === id);
      const names = [...truth.keys()].filter(
        (name) => of(name).netns === socket?.netns && socket.processIds.includes(of(name).process),
      );
      return names.join('|') || 'nobody';
    };
    return relations
      .filter(({ kind }) => kind === 'connected-to')
      .map(({ from, to, certainty }) => `${[nameOf(from), nameOf(to)].toSorted().join(' – ')} ${certainty}`)
      .toSorted();
  };
  const pairOf = (user: string) => `${user}-client – ${user}-server certain`;

  test.each([
    { person: 'root', whose: ['root', 'ec2-user'] },
    { person: 'ec2-user', whose: ['ec2-user'] },
    { person: 'bob', whose: [] },
  ] as const)('as $person: connections, sockets and names of $whose, and of nobody else', async ({ person, whose }) => {
    const { model } = await collectFrom(host, person);
    expect(pairs(model)).toEqual(whose.map(pairOf).toSorted());

    const clients = whose.map((user) => of(`${user}-client`));
    // Of those that are closed /proc/PID/net tells the sockets, but not who holds them.
    const others = (['root', 'ec2-user'] as const)
      .filter((user) => !(whose as readonly string[]).includes(user))
      .map((user) => model.processes.find(({ id }) => id === of(`${user}-client`).process)?.namespaces.net);
    expect(others.every((netns) => netns?.startsWith('net/dev:'))).toBe(true);
    const owners = [...clients.map(({ netns, process }) => [netns, [process]]), ...others.map((netns) => [netns, []])];
    const held = (list: readonly Pick<Model['packetSockets'][number], 'netns' | 'processIds'>[]) =>
      list.map(({ netns, processIds }) => [netns, processIds]);
    const inOrder = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).toSorted();
    expect(inOrder(held(model.packetSockets))).toEqual(inOrder(owners));
    expect(model.packetSockets.every(({ link, netns }) => link === `link:${netns}/2`)).toBe(true);
    const named = model.unixSockets.filter(({ name }) => name === '@of the client');
    expect(inOrder(held(named))).toEqual(inOrder(owners));

    for (const user of whose) {
      const client = model.processes.find(({ id }) => id === of(`${user}-client`).process);
      const names = model.nameResolution.find(({ mountNamespace }) => mountNamespace === client?.namespaces.mnt);
      // Not 192.0.2.99, to which the same symbolic link leads on the host.
      expect(names?.nameservers.map(({ address }) => address)).toEqual(['10.4.0.1']);
      expect(names?.search).toEqual([`${user}.example`]);
      expect(names?.hosts.map(({ address, names: all }) => [address, ...all])).toEqual([
        ['10.4.0.3', `server-of-${user}`],
      ]);
      expect(model.namespaces.find(({ id }) => id === client?.namespaces.uts)?.hostname).toBe(`${user}.example`);
      const odd = model.findings.find(({ rule }) => rule === 'names.no-file');
      expect(odd?.subjects).toContain(client?.namespaces.mnt);
    }
    const told = model.namespaces.filter(({ kind, hostname }) => kind === 'uts' && hostname?.endsWith('.example'));
    expect(told).toHaveLength(whose.length);
  });
});

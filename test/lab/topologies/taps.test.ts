// Taps of one name in several network namespaces, held by processes that are elsewhere, by nobody, or moved: who serves
// which is known from having built it so.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectorScript } from '../../../electron/collect/collector-script.ts';
import { namespaceId } from '../../../shared/model/id.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { BareHost } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { folder, installScripts } from './build.ts';
import { asInitialHost, collectFrom } from './collect-from.ts';

/** Prints `NAME INODE` for each network namespace, and `NAME-holder PID`. */
const script = `
  # NETNS NAME: holds such a tap, and goes back to the host's network namespace.
  hold() {
    read -r pid < <(nsenter --net=/run/netns/$1 perl ${folder}/hold-tap.pl tap $2 \\
      nsenter --net=/proc/1/ns/net sleep infinity </dev/null)
    until [ "$(readlink /proc/$pid/exe)" = /usr/bin/sleep ]; do sleep 0.01; done
    echo "$1-holder $pid"
  }
  for name in hidden lost down up first second made moved; do
    ip netns add $name
    echo "$name $(stat -L -c %i /run/netns/$name)"
  done

  # Nothing but the descriptor leads to the network namespace of the first; the others persist, and nobody holds them.
  hold hidden tap0
  ip link add at-hidden index 90 type veth peer name eth0 index 91 netns hidden
  ip netns del hidden
  ip -n down tuntap add tap0 mode tap
  ip -n up tuntap add tap0 mode tap; ip -n up link set tap0 up

  # The same with one that persists.
  hold lost tap9
  ip netns del lost
  ip -n down tuntap add tap9 mode tap

  # Both taken, from the same place.
  hold first tap5
  hold second tap5

  # Its descriptor was opened where it is not any more.
  hold made tap7
  ip -n made link set tap7 netns moved`;

describe('taps of one name', () => {
  let host: BareHost;
  let truth: ReadonlyMap<string, number>;
  let model: Model;
  /** By a util-linux before 2.41, which does not go where a descriptor was opened. */
  let without: Model;
  beforeAll(async () => {
    host = await startBareHost();
    installScripts(host);
    const said = await host.script(script);
    truth = new Map(said.split('\n').map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
    model = asInitialHost(await collectFrom(host, 'root'));
    const older = collectorScript.replace('grep -q -e --net-socket', 'false');
    without = asInitialHost(await collectFrom(host, 'root', older));
  });
  afterAll(() => host.stop());

  const number = (name: string): number => {
    const found = truth.get(name);
    if (found === undefined) throw new Error(`The script did not say ${name}.`);
    return found;
  };
  const netnsOf = (name: string) => namespaceId('net', number(name));
  const serving = (of: Model, device: string) =>
    of.relations.flatMap((one) => {
      const link = one.kind === 'served-by' ? of.links.find(({ id }) => id === one.from) : undefined;
      return link?.name === device ? [[link.netns, one.to, one.certainty, one.rule]] : [];
    });

  test('a network namespace that only a tap’s descriptor keeps is found, entered, and joined by its veth pair', () => {
    const netns = netnsOf('hidden');
    expect(model.namespaces.find(({ id }) => id === netns)).toMatchObject({
      processIds: [],
      role: 'bare',
      keptBy: [{ by: 'tun', process: `process:${number('hidden-holder')}` }],
    });
    const names = model.links.filter((link) => link.netns === netns).map(({ name }) => name);
    expect(names.sort()).toEqual(['eth0', 'lo', 'tap0']);
    const pairs = model.relations.filter((one) => one.kind === 'veth-peer' && `${one.from} ${one.to}`.includes(netns));
    expect(pairs).toMatchObject([{ certainty: 'certain' }]);
  });

  test('it is served by who holds it, and those that nobody holds by nobody', () => {
    expect(serving(model, 'tap0')).toEqual([
      [netnsOf('hidden'), `process:${number('hidden-holder')}`, 'certain', 'tap.descriptor-netns'],
    ]);
  });

  test('one that nobody holds is not served by who holds another of the name, where nobody saw that one before', () => {
    const holder = `process:${number('lost-holder')}`;
    expect(serving(model, 'tap9')).toEqual([[netnsOf('lost'), holder, 'certain', 'tap.descriptor-netns']]);
    expect(serving(without, 'tap9')).toEqual([[netnsOf('down'), holder, 'inferred', 'tap.only-seen-of-its-name']]);
  });

  test('of two held from one place each has its own', () => {
    expect(serving(model, 'tap5').sort()).toEqual(
      ['first', 'second']
        .map((name) => [netnsOf(name), `process:${number(`${name}-holder`)}`, 'certain', 'tap.descriptor-netns'])
        .sort(),
    );
  });

  test('one that was moved is still the one that its only holder holds', () => {
    expect(serving(model, 'tap7')).toEqual([
      [netnsOf('moved'), `process:${number('made-holder')}`, 'certain', 'tap.only-one-of-its-name'],
    ]);
  });

  test('where nothing says where descriptors were opened, nobody serves for certain what need not be served', () => {
    expect(without.namespaces.map(({ id }) => id)).not.toContain(netnsOf('hidden'));
    expect(serving(without, 'tap0')).toEqual([
      [netnsOf('down'), `process:${number('hidden-holder')}`, 'inferred', 'tap.only-seen-of-its-name'],
    ]);
    expect(serving(without, 'tap5').map(([, , certainty]) => certainty)).toEqual(Array(4).fill('ambiguous'));
  });

  test('to somebody else a descriptor says nothing', async () => {
    const { model: seen } = await collectFrom(host, 'bob');
    expect(seen.relations.filter((one) => one.kind === 'served-by')).toEqual([]);
  });
});

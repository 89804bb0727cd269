// The rows about asking a host: time, growth, the host's own cost, bytes on the way.
import { gzipSync } from 'node:zlib';
import { collectorScript } from '../../electron/collect/collector-script.ts';
import { bytesFrom, modelOf, spentBy, transcriptOf } from './ask-host.ts';
import { derive } from './derive.ts';
import { footprintOf } from './footprint.ts';
import { inTurn, timed } from './in-turn.ts';
import type { ManyNetworks } from './many-networks.ts';
import { withManyNetworks } from './many-networks.ts';
import type { Measured } from './rows.ts';

export async function measureCollecting(tell: (measured: Measured) => void): Promise<void> {
  await withManyNetworks([300], async (host) => {
    if (host === undefined) return;
    tell(await askedHost('host-300', host));
    tell(await hostCost(host));
  });
  await withManyNetworks([1000, 100], async (large, small) => {
    if (large === undefined || small === undefined) return;
    tell(await askedHost('host-1000', large));
    tell(await growth(large, small));
    tell(await wire(large));
    tell(await derive(await transcriptOf(large.target)));
  });
}

const ask = (one: ManyNetworks): Promise<number> => timed(() => modelOf(one.target, one.netns));
const plotnetcfgOn = ({ host, plotnetcfg }: ManyNetworks) => spentBy(host, [...plotnetcfg, '-f', 'json']);

async function askedHost(row: 'host-300' | 'host-1000', one: ManyNetworks): Promise<Measured> {
  const compared = await inTurn(
    () => ask(one),
    async () => (await plotnetcfgOn(one)).wall,
  );
  return { row, unit: 'ms', ...compared };
}

async function growth(large: ManyNetworks, small: ManyNetworks): Promise<Measured> {
  const compared = await inTurn(
    async () => (await ask(large)) / large.netns,
    async () => (await ask(small)) / small.netns,
  );
  return { row: 'growth', unit: 'ms for each netns', ...compared };
}

async function hostCost(one: ManyNetworks): Promise<Measured> {
  const compared = await inTurn(
    async () => (await spentBy(one.host, ['sh', '-s'], collectorScript)).cpu,
    async () => (await plotnetcfgOn(one)).cpu,
  );
  const { residentKiB, written } = await footprintOf(one.host);
  const note =
    `${(residentKiB / 1024).toFixed(1)} MiB resident at most (goal: under 30); ` +
    (written.length === 0 ? 'no file written' : `WRITTEN: ${written.join(' ')}`);
  return { row: 'host-cpu', unit: 'CPU ms', ...compared, note };
}

async function wire(one: ManyNetworks): Promise<Measured> {
  let packed = 0;
  const compared = await inTurn(
    () =>
      bytesFrom(one.target, async (through) => {
        packed = gzipSync(await transcriptOf(through)).length;
      }),
    () => packed,
    { atLeast: 5, seconds: 0 },
  );
  return { row: 'wire', unit: 'bytes', ...compared };
}

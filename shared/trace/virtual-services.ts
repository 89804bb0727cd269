// Virtual services of IPVS: at input, before any socket (ip_vs_in at LOCAL_IN). Where one may take a packet, that is a doubt.
import type { Look } from './look.ts';
import type { Doubt } from './path.ts';
import type { At } from './state.ts';

const mostTold = 3;

export const mayBalance = (look: Look, { netns, packet }: At): readonly Doubt[] =>
  look.virtualServicesOf(netns).flatMap(({ of, servers }): readonly Doubt[] => {
    if ('mark' in of) return [{ code: 'ipvs', text: '' }];
    const isFor = of.protocol === packet.protocol && of.address === packet.destination;
    if (!isFor || (of.port !== 0 && of.port !== packet.port)) return [];
    const ends = servers.filter(({ weight }) => weight > 0).map(({ address, port }) => endOf(address, port));
    const told = [...ends.slice(0, mostTold), ...(ends.length > mostTold ? ['…'] : [])];
    return [{ code: 'ipvs', text: told.join(', ') || 'nobody' }];
  });

const endOf = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

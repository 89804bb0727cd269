// Which process answers at a nameserver's address, for those that are on this host.
//
//   - slirp4netns answers at the third address of its tap's network (10.0.2.3 of 10.0.2.0/24, slirp4netns(1)), whatever
//     the host's own nameservers are, for every network that cables join to its tap's;
//   - a loopback address is in the network namespace of who asks: whoever holds its port 53 there (systemd-resolved at
//     127.0.0.53, dnsmasq, a sidecar).
// Both are inferred: a firewall rule may send the question elsewhere (Docker does so with 127.0.0.11). Where processes of one
// mount namespace are in several network namespaces that answer otherwise, or not at all, each answer is ambiguous.
import type { NameResolution, Nameserver } from '../../model/name-resolution.ts';
import type { NamespaceId, ProcessId } from '../../model/id.ts';
import { backBy, takenBy } from '../../model/listening.ts';
import type { Relation } from '../../model/relation.ts';
import type { Known, Pass } from '../known.ts';
import { relation } from '../relation.ts';
import { joinedNetworks, type JoinedNetworks } from '../sockets/joined-networks.ts';

export const nameservers: Pass = {
  name: 'nameservers',
  run: (known) => {
    if (known.entities.nameResolution.length === 0) return {};
    const resolvers = slirp4netnsResolvers(known);
    // Going over all links takes its time, and most hosts have no such resolver.
    const networks = resolvers.length === 0 ? undefined : joinedNetworks(known);
    return {
      relations: known.entities.nameResolution.flatMap((names) => {
        const asking = netnsOf(names, known);
        const found = names.nameservers.flatMap(({ address, evidence }) =>
          whoAnswers(
            asking.map((netns) =>
              address.startsWith('127.') || address === '::1'
                ? listener(netns, { address, evidence }, known)
                : resolvers
                    .filter((one) => one.address === address && isNear(one.netns, netns, networks))
                    .map(({ process, evidence: told }) => ({
                      process,
                      rule: 'nameserver.slirp4netns' as const,
                      evidence: [...evidence, ...told],
                    })),
            ),
          ),
        );
        return found.map(({ process, ...how }) => relation('resolved-by', names.mountNamespace, process, how));
      }),
    };
  },
};

interface Answerer {
  readonly process: ProcessId;
  readonly rule: 'nameserver.slirp4netns' | 'nameserver.loopback-socket';
  readonly evidence: Relation['evidence'];
}

/** Of all network namespaces that one may ask from: where not everybody would be answered by the same, it depends on who asks. */
function whoAnswers(
  byNetns: readonly (readonly Answerer[])[],
): readonly (Answerer & { readonly certainty: 'inferred' | 'ambiguous' })[] {
  const found = new Map<ProcessId, Answerer>();
  for (const one of byNetns.flat()) if (!found.has(one.process)) found.set(one.process, one);
  const everywhere = (process: ProcessId): boolean =>
    byNetns.every((answerers) => answerers.some((one) => one.process === process));
  return [...found.values()].map((one) => ({
    ...one,
    certainty: everywhere(one.process) ? 'inferred' : 'ambiguous',
  }));
}

/** Of all processes in the mount namespace: what is at a loopback address is another thing in each. */
function netnsOf({ mountNamespace, readThrough }: NameResolution, { index }: Known): readonly NamespaceId[] {
  const processes = [readThrough, ...(index.namespace.get(mountNamespace)?.processIds ?? [])];
  return [...new Set(processes.flatMap((id) => index.process.get(id)?.namespaces.net ?? []))].sort();
}

const isNear = (a: NamespaceId, b: NamespaceId, networks: JoinedNetworks | undefined): boolean =>
  a === b || networks?.areJoined(a, b) === true;

function listener(netns: NamespaceId, nameserver: Nameserver, known: Known): readonly Answerer[] {
  const there = known.entities.sockets.filter(
    ({ netns: where, processIds }) => where === netns && processIds.length > 0,
  );
  const { address } = nameserver;
  const by = backBy(address, known.index.linksOf.get(netns) ?? []);
  const { sockets } = takenBy(there, { protocol: 'udp', address, port: 53, by });
  const holders = new Set(sockets.flatMap(({ processIds }) => processIds));
  const [holder] = holders;
  // Several hold it, or several listen: which of them answers is not told.
  if (holder === undefined || holders.size > 1 || !known.index.process.has(holder)) return [];
  const evidence = [...nameserver.evidence, ...sockets.flatMap((socket) => socket.evidence)];
  return [{ process: holder, rule: 'nameserver.loopback-socket', evidence }];
}

interface Resolver {
  readonly address: string;
  readonly netns: NamespaceId;
  readonly process: ProcessId;
  readonly evidence: Relation['evidence'];
}

function slirp4netnsResolvers(known: Known): readonly Resolver[] {
  return known.relations.flatMap(({ kind, from, to, certainty, evidence }): readonly Resolver[] => {
    if (kind !== 'served-by' || certainty === 'ambiguous') return [];
    const link = known.entities.links.find(({ id }) => id === from);
    const server = known.entities.processes.find(({ id }) => id === to);
    if (!link || !server || !known.roles.get(server.id)?.includes('slirp4netns')) return [];
    if (server.argv.includes('--disable-dns')) return [];
    return link.addresses
      .filter(({ family }) => family === 'inet')
      .flatMap(({ local, prefixLength }) => {
        const address = addressInNetwork(local, prefixLength, 3);
        return address === undefined ? [] : [{ address, netns: link.netns, process: server.id, evidence }];
      });
  });
}

/** `10.0.2.100`, 24, 3 → `10.0.2.3` */
function addressInNetwork(address: string, prefixLength: number, number: number): string | undefined {
  const bytes = address.split('.').map(Number);
  if (bytes.length !== 4 || bytes.some((byte) => !(byte >= 0 && byte <= 255)) || prefixLength > 29) return undefined;
  const host = 2 ** (32 - prefixLength);
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const found = Math.floor(value / host) * host + number;
  return [24, 16, 8, 0].map((shift) => Math.floor(found / 2 ** shift) % 256).join('.');
}

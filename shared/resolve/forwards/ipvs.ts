// Virtual services of IPVS, as kube-proxy has them in its mode `ipvs`: what comes to an address and a port of one is sent to a
// real server. Nothing else is looked at on the way (the firewall, routes), so that none of it is certain.
//
// A cluster's service addresses are on a device of their own (kube-ipvs0, of kind dummy), by the thousand: they are counted,
// and only what comes to another address of the host is a published port.
import type { Finding } from '../../model/finding.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { VirtualService } from '../../model/virtual-service.ts';
import { grouped, type Known, type Pass } from '../known.ts';
import { finding } from '../relation.ts';
import { forwardTo, type Found } from './forward.ts';
import { placeOf } from './reach.ts';

interface Published {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
}

export const virtualServiceForwards: Pass = {
  name: 'virtual services',
  run: (known) => {
    const byNetns = [...grouped(known.entities.virtualServices, ({ netns }) => netns)];
    const found = byNetns.flatMap(([netns, services]) => {
      const own = ownAddresses(netns, known);
      return services.flatMap((one) => forwardsOf(one, publishedBy(one, own), known));
    });
    return {
      forwards: found.map(({ forward }) => forward),
      relations: found.flatMap(({ relations }) => relations),
      findings: byNetns.flatMap(([netns, services]) => others(netns, services, known)),
    };
  },
};

function publishedBy({ of }: VirtualService, own: ReadonlySet<string>): Published | undefined {
  if ('mark' in of || of.protocol === 'sctp' || of.port === 0 || !own.has(of.address)) return undefined;
  return { ...of, protocol: of.protocol };
}

/** Those of its links, but for the device that holds a cluster's service addresses. */
function ownAddresses(netns: NamespaceId, known: Known): ReadonlySet<string> {
  const links = (known.index.linksOf.get(netns) ?? []).filter(({ kind }) => kind !== 'dummy');
  return new Set(links.flatMap(({ addresses }) => addresses.map(({ local }) => local)));
}

function forwardsOf(
  { netns, servers: all, evidence }: VirtualService,
  listen: Published | undefined,
  known: Known,
): readonly Found[] {
  if (!listen) return [];
  const { protocol, address, port } = listen;
  const servers = all.filter(({ weight }) => weight > 0);
  return servers.map((server) => {
    const to = { address: server.address, port: server.port };
    const { reached, candidates, netns: there } = placeOf(to.address, to.port, protocol, netns, known);
    const why = {
      certainty: 'inferred',
      rule: 'forward.virtual-service',
      evidence: [evidence, server.evidence],
    } as const;
    const target = { ...to, netns: there };
    const turns = servers.length > 1;
    return forwardTo(known, {
      by: 'IPVS',
      protocol,
      listen: { address, port, netns },
      target,
      candidates,
      variant: turns ? ` ${to.address}:${to.port}` : '',
      steps: [{ by: 'IPVS', netns, from: { address, port }, to: target, ...(turns && { shared: true }), ...why }],
      ...why,
      ...(reached && {
        container: { reached, certainty: 'inferred', rule: 'forward.address-in-reachable-container' },
      }),
    });
  });
}

function others(netns: NamespaceId, services: readonly VirtualService[], known: Known): readonly Finding[] {
  const own = ownAddresses(netns, known);
  const rest = services.filter((one) => !publishedBy(one, own));
  const [first] = rest;
  if (!first) return [];
  const example = 'mark' in first.of ? `mark 0x${first.of.mark.toString(16)}` : first.of.address;
  return [
    finding('note', 'ipvs.services', [netns], {
      message: `IPVS has ${rest.length} virtual services here that are not drawn as published ports: service addresses of a cluster, every port of an address, or marks (${example}…).`,
      values: { count: rest.length, example },
      evidence: [first.evidence],
    }),
  ];
}

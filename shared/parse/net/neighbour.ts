// One element of `ip -d -j -s neigh show` (iproute2 ip/ipneigh.c, print_neigh):
//
//   {"dst":"10.0.2.2","dev":"tap0","lladdr":"52:55:0a:00:02:02","state":["STALE"]}
import type { NamespaceId } from '../../model/id.ts';
import type { Neighbour } from '../../model/route.ts';
import { textOf, textsOf } from '../json-values.ts';
import type { PlacedObject } from '../json-values.ts';

export function readNeighbour(netns: NamespaceId, { object, evidence }: PlacedObject): Neighbour | undefined {
  const address = textOf(object, 'dst');
  const device = textOf(object, 'dev');
  if (address === undefined || device === undefined) return undefined;
  const mac = textOf(object, 'lladdr');
  return {
    netns,
    address,
    device,
    ...(mac !== undefined && { mac }),
    states: textsOf(object, 'state'),
    evidence: [evidence],
  };
}

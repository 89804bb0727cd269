// One element of `ip -d -j -s neigh show` (iproute2 ip/ipneigh.c, print_neigh):
//
//   {"dst":"10.0.2.2","dev":"tap0","lladdr":"52:55:0a:00:02:02","state":["STALE"]}
//   {"dst":"fe80::1","dev":"eth0","lladdr":"…","router":null,"extern_learn":null,"state":["REACHABLE"]}
//   {"dst":"10.0.0.9","dev":"eth0","proxy":null}                    of `ip neigh show proxy`: answered for others
//
// A flag (NTF_*) is a name whose value is null.
import type { NamespaceId } from '../../model/id.ts';
import type { Neighbour } from '../../model/route.ts';
import { textOf, textsOf } from '../json-values.ts';
import type { PlacedObject } from '../json-values.ts';

export function readNeighbour(netns: NamespaceId, { object, evidence }: PlacedObject): Neighbour | undefined {
  const address = textOf(object, 'dst');
  const device = textOf(object, 'dev');
  if (address === undefined || device === undefined) return undefined;
  const mac = textOf(object, 'lladdr');
  const flags = Object.keys(object).filter((key) => object[key] === null);
  return {
    netns,
    address,
    device,
    ...(mac !== undefined && { mac }),
    states: textsOf(object, 'state'),
    ...(flags.length > 0 && { flags }),
    evidence: [evidence],
  };
}

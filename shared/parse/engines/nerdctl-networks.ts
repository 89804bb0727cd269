// nerdctl's networks: lists of network plugins' configurations (https://www.cni.dev/docs/spec/#section-1-network-configuration-format)
// with members of nerdctl's own (pkg/netutil/netutil.go). nerdctl-NAME.conflist in /etc/cni/net.d, a user's in
// ~/.config/cni/net.d; in a folder below, with the name of containerd's namespace, those of that namespace alone:
//
//   {"cniVersion":"1.0.0","name":"bridge","nerdctlID":"17f29b07…","nerdctlLabels":{"nerdctl/default-network":"true"},
//    "plugins":[{"type":"bridge","bridge":"nerdctl0","isGateway":true,"ipMasq":true,"hairpinMode":true,
//        "ipam":{"type":"host-local","ranges":[[{"subnet":"10.4.0.0/24","gateway":"10.4.0.1"}]],"routes":[{"dst":"0.0.0.0/0"}]}},
//      {"type":"portmap","capabilities":{"portMappings":true}},{"type":"firewall","ingressPolicy":"same-bridge"},{"type":"tuning"}]}
//
// The first plugin makes the interface: bridge, macvlan, ipvlan. nerdctlID was a number once.
import { z } from 'zod';
import type { EngineNetwork } from '../../model/engine.ts';
import { unparsableAt } from '../parsed.ts';
import type { Parsed, Unparsable } from '../parsed.ts';
import { objectsIn } from './files.ts';
import type { KeptFile } from './files.ts';

const range = z.object({ subnet: z.string(), gateway: z.string().optional() });
const plugin = z.object({
  type: z.string(),
  bridge: z.string().optional(),
  ipam: z.object({ ranges: z.array(z.array(range)).optional() }).optional(),
});
const list = z.object({
  name: z.string(),
  nerdctlID: z.union([z.string(), z.number().transform(String)]).optional(),
  plugins: z.array(plugin).min(1),
});

export function parseNerdctlNetwork(file: KeptFile): Parsed<EngineNetwork> {
  const { objects, unparsable: broken } = objectsIn(file);
  const unparsable: Unparsable[] = [...broken];
  const facts = objects.flatMap(({ object, evidence }): readonly EngineNetwork[] => {
    const read = list.safeParse(object);
    if (!read.success) {
      unparsable.push(unparsableAt(file.source, evidence.line ?? file.firstLine, `${file.path}: ${file.text}`));
      return [];
    }
    const { name, nerdctlID: id, plugins } = read.data;
    const [first] = plugins;
    const ranges = first?.ipam?.ranges?.flat() ?? [];
    // What the plugin `bridge` itself takes where nothing is said.
    const bridge = first?.type === 'bridge' ? (first.bridge ?? 'cni0') : undefined;
    return [
      {
        name,
        ...(id !== undefined && { id }),
        ...(first !== undefined && { driver: first.type }),
        subnets: ranges.map(({ subnet }) => subnet),
        gateways: ranges.flatMap(({ gateway }) => gateway ?? []),
        ...(bridge !== undefined && { bridge }),
        plugins: plugins.map(({ type }) => type),
        evidence: [evidence],
      },
    ];
  });
  return { facts, unparsable };
}

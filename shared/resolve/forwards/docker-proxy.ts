// docker-proxy: one process for each published port, all of it on the command line:
// `docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80`.
import type { UnresolvedProcess } from '../../model/entities.ts';
import { withRole, type Known, type Pass } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { option } from '../processes/command-line.ts';
import { forwardTo, type Found } from './forward.ts';
import { placeOf } from './reach.ts';
import { leastSure, waysFrom } from './way.ts';

export const dockerProxyForwards: Pass = {
  name: 'docker-proxy forwards',
  run: (known) => {
    const proxies = withRole(known, 'docker-proxy');
    // rootlesskit-docker-proxy has the same arguments as the docker-proxy it started.
    const wrappers = new Set(proxies.map((proxy) => proxy.ppid));
    const found = proxies.filter((proxy) => !wrappers.has(proxy.pid)).flatMap((proxy) => fromProxy(proxy, known));
    return {
      forwards: found.map(({ forward }) => forward),
      relations: found.flatMap(({ relations }) => relations),
    };
  },
};

function fromProxy(proxy: UnresolvedProcess, known: Known): readonly Found[] {
  const value = (name: string): string => option(proxy.argv, `-${name}`, `--${name}`) ?? '';
  const protocol = value('proto');
  const [hostPort, containerPort] = [Number(value('host-port')), Number(value('container-port'))];
  const address = value('container-ip');
  if ((protocol !== 'tcp' && protocol !== 'udp') || !hostPort || !containerPort || address === '') return [];
  const netns = proxy.namespaces.net;
  const place = netns === undefined ? undefined : placeOf(address, containerPort, protocol, netns, known);
  const one = place?.reached;
  // Connections from elsewhere do not come to it: dockerd has the firewall rewrite them, to the same place.
  const listen = { address: value('host-ip') || '0.0.0.0', port: hostPort };
  const [way] = netns === undefined ? [] : waysFrom({ netns, hook: 'prerouting', protocol, ...listen }, known);
  const agreed = way?.end.address === address && way.end.port === containerPort ? way : undefined;
  return [
    forwardTo(known, {
      by: 'docker-proxy',
      protocol,
      listen: { ...listen, netns },
      target: { address, port: containerPort, netns: place?.netns },
      candidates: place?.candidates ?? [],
      forwarder: proxy,
      certainty: agreed ? leastSure(agreed.steps.map((step) => step.certainty)) : 'inferred',
      rule: agreed ? 'forward.docker-proxy-and-dnat' : 'forward.docker-proxy-command-line',
      evidence: [...saidIn(proxy, 'cmdline'), ...(agreed?.steps.flatMap((step) => step.evidence) ?? [])],
      ...(agreed === undefined ? {} : { steps: agreed.steps }),
      ...(one === undefined
        ? {}
        : {
            container: { reached: one, certainty: 'inferred' as const, rule: 'forward.address-in-container' as const },
          }),
    }),
  ];
}

// docker-proxy: one process for each published port, all of it on the command line:
// `docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80`.
// Anybody may be called so: one that is known to hold no such socket forwards nothing.
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { Finding } from '../../model/finding.ts';
import { isListening, isLoopbackAddress } from '../../model/listening.ts';
import type { Endpoint } from '../../model/socket.ts';
import { withRole, type Known, type Pass } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { option } from '../processes/command-line.ts';
import { finding } from '../relation.ts';
import { forwardTo, type Found } from './forward.ts';
import { placeOf } from './reach.ts';
import { leastSure, waysFrom } from './way.ts';

export const dockerProxyForwards: Pass = {
  name: 'docker-proxy forwards',
  run: (known) => {
    const proxies = withRole(known, 'docker-proxy');
    // rootlesskit-docker-proxy has the same arguments as the docker-proxy it started.
    const wrappers = new Set(proxies.map((proxy) => proxy.ppid));
    const told = proxies.filter((proxy) => !wrappers.has(proxy.pid)).flatMap((proxy) => toldBy(proxy) ?? []);
    const idle = told.filter((one) => doesNotListen(one, known));
    const found = told.filter((one) => !idle.includes(one)).map((one) => fromProxy(one, known));
    return {
      findings: idle.map(notListening),
      forwards: found.map(({ forward }) => forward),
      relations: found.flatMap(({ relations }) => relations),
    };
  },
};

interface Told {
  readonly proxy: UnresolvedProcess;
  readonly protocol: 'tcp' | 'udp';
  readonly listen: Endpoint;
  readonly target: Endpoint;
}

function toldBy(proxy: UnresolvedProcess): Told | undefined {
  const value = (name: string): string => option(proxy.argv, `-${name}`, `--${name}`) ?? '';
  const protocol = value('proto');
  const [hostPort, containerPort] = [Number(value('host-port')), Number(value('container-port'))];
  const address = value('container-ip');
  if ((protocol !== 'tcp' && protocol !== 'udp') || !hostPort || !containerPort || address === '') return undefined;
  return {
    proxy,
    protocol,
    listen: { address: value('host-ip') || '0.0.0.0', port: hostPort },
    target: { address, port: containerPort },
  };
}

/** All sockets where it is are known, and each at that port is held by others or was made by another user. */
function doesNotListen({ proxy, protocol, listen }: Told, { entities }: Known): boolean {
  const { net } = proxy.namespaces;
  if (net === undefined || !entities.socketsSeenIn.includes(net)) return false;
  return !entities.sockets.some(
    (socket) =>
      socket.netns === net &&
      socket.local.port === listen.port &&
      isListening(socket, protocol) &&
      (socket.processIds.length === 0
        ? proxy.uid === undefined || socket.uid === proxy.uid
        : socket.processIds.includes(proxy.id)),
  );
}

function notListening({ proxy, listen, target }: Told): Finding {
  const [from, to] = [`${listen.address}:${listen.port}`, `${target.address}:${target.port}`];
  const who = proxy.user ?? (proxy.uid === undefined ? 'somebody' : `uid ${proxy.uid}`);
  return finding('note', 'forward.does-not-listen', [proxy.id], {
    message: `Process ${proxy.pid} of ${who} is called docker-proxy and says that it hands ${from} on to ${to}, and has no socket that listens there: it is not believed.`,
    values: { pid: proxy.pid, listen: from, target: to },
    evidence: saidIn(proxy, 'cmdline'),
  });
}

function fromProxy({ proxy, protocol, listen, target }: Told, known: Known): Found {
  const netns = proxy.namespaces.net;
  const place = netns === undefined ? undefined : placeOf(target.address, target.port, protocol, netns, known);
  const one = place?.reached;
  // Connections from elsewhere do not come to it: dockerd has the firewall rewrite them, to the same place. To a loopback
  // address come only those of the host itself.
  const hook = isLoopbackAddress(listen.address) ? 'output' : 'prerouting';
  const ways = netns === undefined ? [] : waysFrom({ netns, hook, protocol, ...listen }, known);
  const agreed = ways.find(({ end }) => end.address === target.address && end.port === target.port);
  return forwardTo(known, {
    by: 'docker-proxy',
    protocol,
    listen: { ...listen, netns },
    target: { ...target, netns: place?.netns },
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
  });
}

// A tap device whose packets a process reads: a user-mode network takes them apart and sends what is in them with sockets
// of its own, from the network namespace it runs in.
import type { NamespaceId, ProcessId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Process } from '../model/process.ts';
import { isIn, type Look } from './look.ts';
import type { Packet } from './path.ts';
import type { HopSaid } from './state.ts';

export interface Server {
  readonly process: ProcessId | undefined;
  readonly said: HopSaid;
  /** Where it goes on; absent: it ends there. */
  readonly on?: { readonly netns: NamespaceId | undefined; readonly packet: Packet };
}

/** Every process that may serve the device, with what it does. */
export function serversOf(look: Look, packet: Packet, link: Link): readonly Server[] {
  const servers = look.from(link.id, 'served-by');
  return servers.map((by): Server => {
    const process = look.processes.get(by.to);
    const base = {
      entity: by.to,
      through: [link.id, by.id],
      certainty: servers.length > 1 ? ('ambiguous' as const) : by.certainty,
      rules: [by.rule],
      evidence: by.evidence,
    };
    const ends = (detail: string): Server => ({
      process: process?.id,
      said: { ...base, event: { kind: 'lost', reason: 'tap-server', detail } },
    });
    if (!process?.roles.some((role) => role === 'slirp4netns' || role === 'pasta')) return ends(process?.comm ?? '');
    const to = meaningOf(packet, link, process, gatewayOf(look, link));
    if (to.as === 'refused') return ends(to.text);
    const byKind = { code: 'user-mode', text: process.comm } as const;
    if (to.as === 'dns') {
      const event = { kind: 'answered-by-server', process: process.id, address: packet.destination } as const;
      return { process: process.id, said: { ...base, event, doubts: [byKind] } };
    }
    const { port } = packet;
    const mapped = to.as === 'host-loopback' || to.as === 'host';
    const [out] = look.from(process.id, 'leaves-through');
    return {
      process: process.id,
      said: {
        ...base,
        event: {
          kind: 'user-mode',
          process: process.id,
          to: { address: to.address, ...(port === undefined ? {} : { port }) },
          mapped,
        },
        doubts: [byKind, ...(to.as === 'outside' ? [] : [{ code: to.as, text: packet.destination } as const])],
      },
      on: {
        netns: process.namespaces.net ?? (out && look.links.get(out.to)?.netns),
        packet: { ...packet, source: undefined, destination: to.address },
      },
    };
  });
}

const gatewayOf = (look: Look, { netns, id }: Link): string | undefined =>
  look.routesOf(netns, 'inet', 'main').find(({ length, route }) => length === 0 && route.link === id)?.route.gateway;

type Meaning =
  | { readonly as: 'outside' | 'host-loopback' | 'host'; readonly address: string }
  | { readonly as: 'dns' }
  | { readonly as: 'refused'; readonly text: string };

/** Some addresses of its own network the server answers itself. */
export function meaningOf(packet: Packet, tap: Link, process: Process, gateway: string | undefined): Meaning {
  return process.roles.includes('slirp4netns')
    ? slirpMeaning(packet, tap, process, gateway)
    : pastaMeaning(packet, tap, process, gateway);
}

const loopbackOf = ({ family }: Packet): Meaning => ({
  as: 'host-loopback',
  address: family === 'inet6' ? '::1' : '127.0.0.1',
});
const ownOf = ({ family }: Packet, tap: Link): Link['addresses'][number] | undefined =>
  tap.addresses.find((one) => one.family === family && one.scope === 'global');

/** slirp4netns(1): the second address is the host's loopback, the third its nameserver. */
function slirpMeaning(packet: Packet, tap: Link, { argv }: Process, gateway: string | undefined): Meaning {
  const { destination } = packet;
  if (destination === gateway) {
    if (argv.includes('--disable-host-loopback')) return { as: 'refused', text: '--disable-host-loopback' };
    return loopbackOf(packet);
  }
  const own = ownOf(packet, tap);
  const near = own !== undefined && isIn(destination, `${own.local}/${own.prefixLength}`) === true;
  if (near && own.prefixLength === 24 && destination.endsWith('.3')) return { as: 'dns' };
  return { as: 'outside', address: destination };
}

/**
 * passt(1): what is for a nameserver at --dns-forward goes to one of the host's; --map-host-loopback, else the gateway unless
 * --no-map-gw, is the host's loopback; --map-guest-addr the host's own address that its guest has too. In this order (fwd.c).
 */
function pastaMeaning(packet: Packet, tap: Link, { argv }: Process, gateway: string | undefined): Meaning {
  const { destination, port } = packet;
  const told = (option: string): readonly string[] => valuesOf(argv, option);
  const isFor = (option: string): boolean =>
    told(option)
      .filter((one) => one.includes(':') === destination.includes(':'))
      .at(-1) === destination;
  if ((port === 53 || port === 853) && isFor('--dns-forward')) return { as: 'dns' };
  const mapped = told('--map-host-loopback');
  const mapsGateway = mapped.length === 0 && !argv.includes('--no-map-gw');
  if (isFor('--map-host-loopback') || (mapsGateway && destination === gateway)) return loopbackOf(packet);
  const own = ownOf(packet, tap);
  if (own && isFor('--map-guest-addr')) return { as: 'host', address: own.local };
  return { as: 'outside', address: destination };
}

/** `--option value`, `--option=value`. */
const valuesOf = (argv: readonly string[], option: string): readonly string[] =>
  argv.flatMap((word, i) => {
    if (word === option) return argv.slice(i + 1, i + 2);
    return word.startsWith(`${option}=`) ? [word.slice(option.length + 1)] : [];
  });

// What `wg show all` says of peers (wg(8)), asked member by member, never `dump`, which has the private keys. Before each
// answer stands a line `# MEMBER`; the words of a line are separated by tabs, and of a public key no more is passed on than
// its first eight characters:
//
//   # listen-port
//   wg0	51820
//   # endpoints
//   wg0	bQ1cEJ9k	203.0.113.7:51820          (none)
//   # allowed-ips
//   wg0	bQ1cEJ9k	10.0.0.2/32 fd00::2/128    (none)
//   # latest-handshakes
//   wg0	bQ1cEJ9k	1764000000                 seconds since 1970, 0: never
//   # transfer
//   wg0	bQ1cEJ9k	1024	2048               bytes received, sent
//   # persistent-keepalive
//   wg0	bQ1cEJ9k	25                         off
import type { Evidence } from '../../model/evidence.ts';
import type { WireGuardPeer } from '../../model/link.ts';
import { forEachLine } from '../lines.ts';
import { evidenceAt, unparsableAt } from '../parsed.ts';
import type { Parsed, Source, Unparsable } from '../parsed.ts';

export interface WireGuardDevice {
  readonly device: string;
  readonly listenPort?: number;
  readonly peers: readonly WireGuardPeer[];
}

type Draft = { -readonly [K in keyof WireGuardPeer]: WireGuardPeer[K] } & { readonly evidence: Evidence[] };

export function parseWireGuard(source: Source): Parsed<WireGuardDevice> {
  const devices = new Map<string, { listenPort?: number; readonly peers: Map<string, Draft> }>();
  const unparsable: Unparsable[] = [];
  let member = '';
  forEachLine(source.output, (start, end, line) => {
    const text = source.output.slice(start, end);
    if (text === '') return;
    if (text.startsWith('# ')) {
      member = text.slice(2);
      return;
    }
    const [device = '', key, ...words] = text.split('\t');
    if (key === undefined) {
      unparsable.push(unparsableAt(source, line, text));
      return;
    }
    const found = devices.get(device) ?? { peers: new Map<string, Draft>() };
    devices.set(device, found);
    if (member === 'listen-port') {
      const port = Number(key);
      if (Number.isInteger(port) && port > 0) found.listenPort = port;
      return;
    }
    const peer: Draft = found.peers.get(key) ?? { fingerprint: key.slice(0, 8), allowedIps: [], evidence: [] };
    found.peers.set(key, peer);
    if (!read(member, words, peer)) unparsable.push(unparsableAt(source, line, text));
    else peer.evidence.push(evidenceAt(source, line));
  });
  const facts = [...devices].map(([device, { listenPort, peers }]): WireGuardDevice => ({
    device,
    ...(listenPort !== undefined && { listenPort }),
    peers: [...peers.values()],
  }));
  return { facts, unparsable };
}

/** Puts what one line says into the peer; false when it says nothing that is known. */
function read(member: string, [first = '', second = '']: readonly string[], peer: Draft): boolean {
  const number = Number(first);
  switch (member) {
    case 'endpoints':
      if (first !== '(none)') peer.endpoint = first;
      return first !== '';
    case 'allowed-ips':
      peer.allowedIps = first === '(none)' ? [] : first.split(' ').filter((one) => one !== '');
      return true;
    case 'latest-handshakes':
      if (number > 0) peer.latestHandshake = number;
      return Number.isInteger(number) && first !== '';
    case 'transfer': {
      const sent = Number(second);
      if (!Number.isInteger(number) || !Number.isInteger(sent) || second === '') return false;
      peer.receivedBytes = number;
      peer.sentBytes = sent;
      return true;
    }
    case 'persistent-keepalive':
      if (number > 0) peer.keepalive = number;
      return first === 'off' || Number.isInteger(number);
    default:
      return false;
  }
}

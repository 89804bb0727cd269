// What every parser promises, whatever a host says: it does not throw, it does not hang, and it keeps to the lines.
import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAccounts } from '../../../../shared/parse/accounts.ts';
import { parseBoundDevices } from '../../../../shared/parse/bound-devices.ts';
import { parseCgroups } from '../../../../shared/parse/cgroup.ts';
import { parseCommandLines } from '../../../../shared/parse/cmdline.ts';
import { parseFileMounts } from '../../../../shared/parse/file-mounts.ts';
import {
  parseCniAddress,
  parseCniResult,
  parseNerdctlMeta,
  parseNerdctlPorts,
} from '../../../../shared/parse/engines/cni-files.ts';
import { parseCtrContainers } from '../../../../shared/parse/engines/ctr-containers.ts';
import { parseEngineContainers, parseEngineNetworks } from '../../../../shared/parse/engines/docker-api.ts';
import { readKeptFiles } from '../../../../shared/parse/engines/files.ts';
import {
  parseAardvark,
  parsePodmanContainers,
  parsePodmanNetwork,
} from '../../../../shared/parse/engines/podman-files.ts';
import { parseFdLinks } from '../../../../shared/parse/fd-links.ts';
import { parseFdinfo } from '../../../../shared/parse/fdinfo.ts';
import { parseId, parseOsRelease, parseUname } from '../../../../shared/parse/host-facts.ts';
import { parseIdMaps } from '../../../../shared/parse/id-map.ts';
import { parseCgroupMembers, parseFrozenCgroups } from '../../../../shared/parse/frozen.ts';
import { parseIptablesSave } from '../../../../shared/parse/firewall/iptables-save.ts';
import { parseNftRuleset } from '../../../../shared/parse/firewall/nft-ruleset.ts';
import { coverTest } from '../../../../shared/parse/mount-cover.ts';
import { forEachMountTable, parseHidepid, parseMount } from '../../../../shared/parse/mountinfo.ts';
import { parseNamespaceMounts } from '../../../../shared/parse/namespace-mounts.ts';
import { parseAddressText } from '../../../../shared/parse/net/address-text.ts';
import { parseNetBatch } from '../../../../shared/parse/net/batch.ts';
import { parseDeviceFiles } from '../../../../shared/parse/net/device-files.ts';
import { parseLocalAddresses, parseRouteFiles } from '../../../../shared/parse/net/route-files.ts';
import { parseProcNet } from '../../../../shared/parse/proc-net.ts';
import { parseRouteText } from '../../../../shared/parse/net/route-text.ts';
import { parseRules6 } from '../../../../shared/parse/net/rule.ts';
import {
  parseNameFiles,
  parseNameLinks,
  parseOddFiles,
  readHosts,
  readLookUpOrder,
  readResolvConf,
} from '../../../../shared/parse/name-files.ts';
import { parseNamespaceLinks } from '../../../../shared/parse/ns-links.ts';
import { parseNetnsIds } from '../../../../shared/parse/nsid.ts';
import { filesAtLineLimit } from '../../../../shared/parse/line-limit.ts';
import { parseOvsdbTable } from '../../../../shared/parse/ovsdb.ts';
import { parseVirtualServices } from '../../../../shared/parse/ipvs.ts';
import { parsePacketSockets } from '../../../../shared/parse/packet-sockets.ts';
import { parseRefusals } from '../../../../shared/parse/refusals.ts';
import { parseRootlessKitInfo, parseRootlessKitPorts } from '../../../../shared/parse/rootlesskit-api.ts';
import { parseListing } from '../../../../shared/parse/rootlesskit-listing.ts';
import { parseMachines } from '../../../../shared/parse/machines.ts';
import { parseRuntimeAnnotations } from '../../../../shared/parse/runtime-annotations.ts';
import { parseRuntimeState } from '../../../../shared/parse/runtime-state.ts';
import { parseSecurityLabels } from '../../../../shared/parse/security-label.ts';
import { parseSockets } from '../../../../shared/parse/sockets.ts';
import { parseStat } from '../../../../shared/parse/stat.ts';
import { parseStatus } from '../../../../shared/parse/status.ts';
import { parseSubordinateRanges } from '../../../../shared/parse/subuid.ts';
import { parseUnixSockets } from '../../../../shared/parse/unix-sockets.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  accounts: (text) => parseAccounts(aFrame('host', text)),
  cgroup: (text) => parseCgroups(aFrame('cgroup', text)),
  cmdline: (text) => parseCommandLines(aFrame('cmdline', text)),
  'engine-answers': (text) => [
    parseEngineContainers(aFrame('engine-containers', text)),
    parseEngineNetworks(aFrame('engine-networks', text), 'docker'),
    parseCtrContainers(aFrame('engine-images', text)),
  ],
  'engine-files': (text) =>
    readKeptFiles(aFrame('engine-files', text)).files.map((file) => [
      parsePodmanContainers(file),
      parsePodmanNetwork(file),
      parseAardvark(file),
      parseCniResult(file),
      parseCniAddress(file),
      parseNerdctlMeta(file),
      parseNerdctlPorts(file),
    ]),
  'fd-links': (text) => parseFdLinks(aFrame('fd', text)),
  fdinfo: (text) => parseFdinfo(aFrame('fdinfo', text)),
  host: (text) => [parseUname(text), parseOsRelease(text), parseId(text), parseHidepid(aFrame('host', text))],
  frozen: (text) => [
    parseFrozenCgroups({ ...aFrame('frozen', text), key: '2 / /proc/1 0' }),
    parseFrozenCgroups({ ...aFrame('frozen', ''), key: text }),
    parseCgroupMembers(aFrame('cgroup', text)),
  ],
  'id-map': (text) => parseIdMaps(aFrame('id-map', text)),
  mountinfo: (text) => parseNamespaceMounts(aFrame('mountinfo', text)),
  'mount-tables': (text) =>
    forEachMountTable(aFrame('mountinfo', text), ({ lines }) => {
      const mounts = lines.flatMap(({ content }) => parseMount(content) ?? []);
      const isCovered = coverTest(mounts);
      for (const mount of mounts) isCovered(mount);
    }),
  'file-mounts': (text) => parseFileMounts(aFrame('mountinfo', text), ['/etc/hosts']),
  'name-files': (text) => {
    const { facts } = parseNameFiles(aFrame('name-file', text));
    const line = { text, evidence: { frame: 0, section: 'name-file' } };
    return [
      readResolvConf([...facts, line]),
      readHosts([...facts, line]),
      readLookUpOrder([...facts, line]),
      parseNameLinks(aFrame('name-link', text)),
      parseOddFiles(aFrame('name-odd', text)),
    ];
  },
  iptables: (text) => parseIptablesSave(aFrame('iptables', text), 'ip'),
  nft: (text) => parseNftRuleset(aFrame('nft', text)),
  net: (text) => parseNetBatch(aFrame('net', text, { stderr: text }), 'net:[1]'),
  'net-text': (text) => parseAddressText(aFrame('net-text', text), 'net:[1]', { detailed: true, names: new Set() }),
  'net-files': (text) => parseDeviceFiles(aFrame('net-files', text)),
  'proc-net': (text) => parseProcNet(aFrame('proc-net', text)),
  'route-files': (text) => [
    parseRouteFiles(aFrame('closed-net', text)),
    parseLocalAddresses(aFrame('closed-addresses', text)),
  ],
  'route-text': (text) => parseRouteText(aFrame('route-text', text), 'net:[1]', () => undefined),
  rule6: (text) => parseRules6(aFrame('rule6', text), 'net:[1]'),
  'ns-links': (text) => parseNamespaceLinks(aFrame('ns', text)),
  nsid: (text) => parseNetnsIds(aFrame('nsid', text)),
  ovsdb: (text) => parseOvsdbTable(aFrame('ovs', text)),
  'packet-sockets': (text) => parsePacketSockets(aFrame('socket', text)),
  ipvs: (text) => parseVirtualServices(aFrame('ipvs', text)),
  'line-limit': (text) => filesAtLineLimit(aFrame('socket', text), 'grep -aHm 3 ^'),
  refusals: (text) => parseRefusals(text),
  'rootlesskit-api': (text) => [
    parseRootlessKitInfo(aFrame('rootlesskit-info', text)),
    parseRootlessKitPorts(aFrame('rootlesskit-ports', text)),
  ],
  'rootlesskit-listing': (text) => parseListing(aFrame('rootlesskit', text)),
  machines: (text) => parseMachines(aFrame('machine', text)),
  'runtime-annotations': (text) => parseRuntimeAnnotations(aFrame('runtime-annotations', text)),
  'runtime-state': (text) => parseRuntimeState(aFrame('runtime-state', text), '/run/runc/x/state.json'),
  'bound-devices': (text) => parseBoundDevices(aFrame('ss', text)),
  sockets: (text) => parseSockets(aFrame('socket', text)),
  stat: (text) => parseStat(aFrame('stat', text)),
  label: (text) => parseSecurityLabels(aFrame('label', text)),
  status: (text) => parseStatus(aFrame('status', text)),
  subuid: (text) => parseSubordinateRanges(aFrame('host', text)),
  'unix-sockets': (text) => parseUnixSockets(aFrame('socket', text)),
};

const root = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'sources');
const honest = readdirSync(root).flatMap((folder) =>
  readdirSync(path.join(root, folder)).map((file) => sourceText(path.join(folder, file))),
);

/** Honest answers with characters changed, taken out, put in and doubled. */
const mutated = fc
  .tuple(
    fc.constantFrom(...honest),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 40 }), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 12 }),
  )
  .map(([text, cuts]) =>
    cuts.reduce((now, [at, length, put]) => {
      const from = at % (now.length + 1);
      return now.slice(0, from) + put + now.slice(from + length);
    }, text),
  );

describe.each(Object.entries(parsers))('%s', (name, parse) => {
  it('does not throw on any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), mutated), (text) => {
        parse(text);
      }),
      { numRuns: 300 },
    );
  });

  // Text made to send a parser back to the start again and again, alone and after what its lines begin with.
  const begins = ['', '/proc/1/stat:', `/proc/1/${name}:`, '/proc/1/mountinfo:9 1 0:4 ', '# /a\n', '[{"ifname":"'];
  const repeated = [
    '[',
    '[\n',
    '{"a":',
    '"',
    '\\',
    '(',
    ') ',
    ' - ',
    ' ',
    '\0',
    '1 ',
    '\\040',
    '/proc/1/ns',
    ':',
    '\n[{',
    'a',
  ];
  it('takes time in proportion to the text', () => {
    for (const begin of begins) {
      for (const piece of repeated) {
        const time = (length: number): number => {
          const text = begin + piece.repeat(length / piece.length);
          const before = process.cpuUsage();
          parse(text);
          const { user, system } = process.cpuUsage(before);
          return (user + system) / 1000;
        };
        // Milliseconds of the processor, for the machine may be busy. Eight times the text: sixty-four times the time
        // would be quadratic. Small times are all noise; what is quadratic is so every time.
        const growth = () => {
          const long = time(80_000);
          return long < 20 ? 0 : long / Math.max(1, Math.min(time(10_000), time(10_000)));
        };
        let least = growth();
        for (let again = 0; again < 20 && least >= 24; again += 1) least = Math.min(least, growth());
        expect(least, JSON.stringify(begin + piece)).toBeLessThan(24);
      }
    }
  });
});

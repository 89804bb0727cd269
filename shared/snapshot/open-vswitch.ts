// Bridges of Open vSwitch, put together from the tables of its database: a bridge has ports, a port has interfaces.
import type { OvsBridge, OvsInterface, OvsPort } from '../model/open-vswitch.ts';
import { parseOvsdbTable, type OvsdbRow } from '../parse/ovsdb.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';

/** Which `link` each has is for shared/resolve. */
export function readOpenVSwitch(frames: Frames, log: FindingLog): readonly OvsBridge[] {
  const tables = new Map<string, ReadonlyMap<string, OvsdbRow>>();
  const servers = new Set<string>();
  for (const frame of frames.of('ovs')) {
    servers.add(frame.key.slice(frame.key.indexOf(' ') + 1));
    const { facts, unparsable } = parseOvsdbTable(frame);
    log.unparsable(unparsable);
    tables.set(frame.key, new Map(facts.map((row) => [row.uuid, row])));
  }
  const rowsOf = (table: string, server: string) => tables.get(`${table} ${server}`) ?? new Map<string, OvsdbRow>();
  return [...servers].flatMap((server) => {
    // Each belongs to one: a table that says otherwise is none that Open vSwitch would write.
    const ports = new Map(rowsOf('Port', server));
    const take = (uuid: string): OvsdbRow | undefined => {
      const row = ports.get(uuid);
      ports.delete(uuid);
      return row;
    };
    const interfaces = rowsOf('Interface', server);
    return [...rowsOf('Bridge', server).values()].map((row): OvsBridge => {
      const failMode = row.texts('fail_mode')[0];
      return {
        id: `ovs-bridge:${row.uuid}`,
        name: row.texts('name')[0] ?? '',
        datapathType: row.texts('datapath_type')[0] || 'system',
        ...(failMode !== undefined && { failMode }),
        ports: row.texts('ports').flatMap((uuid) => portOf(take(uuid), interfaces) ?? []),
        evidence: [row.evidence],
      };
    });
  });
}

function portOf(row: OvsdbRow | undefined, interfaces: ReadonlyMap<string, OvsdbRow>): OvsPort | undefined {
  if (!row) return undefined;
  const [tag] = row.numbers('tag');
  const [vlanMode] = row.texts('vlan_mode');
  const [bondMode] = row.texts('bond_mode');
  return {
    name: row.texts('name')[0] ?? '',
    ...(tag !== undefined && { tag }),
    trunks: row.numbers('trunks'),
    ...(vlanMode !== undefined && { vlanMode }),
    ...(bondMode !== undefined && { bondMode }),
    interfaces: row.texts('interfaces').flatMap((uuid) => interfaceOf(interfaces.get(uuid)) ?? []),
    evidence: [row.evidence],
  };
}

function interfaceOf(row: OvsdbRow | undefined): OvsInterface | undefined {
  if (!row) return undefined;
  const [ofport] = row.numbers('ofport');
  const [ifindex] = row.numbers('ifindex');
  const [error] = row.texts('error');
  const peer = row.entry('options', 'peer');
  const remoteIp = row.entry('options', 'remote_ip');
  const key = row.entry('options', 'key');
  return {
    name: row.texts('name')[0] ?? '',
    type: row.texts('type')[0] || 'system',
    // -1: it could not be made; 0 of a patch or a tunnel: there is no device.
    ...(ofport !== undefined && ofport >= 0 && { ofport }),
    ...(ifindex !== undefined && ifindex > 0 && { ifindex }),
    ...(error && { error }),
    ...(peer !== undefined && { peer }),
    ...(remoteIp !== undefined && { remoteIp }),
    ...(key !== undefined && { key }),
    evidence: [row.evidence],
  };
}

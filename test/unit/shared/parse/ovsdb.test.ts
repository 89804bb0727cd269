import { describe, expect, it } from 'vitest';
import { parseOvsdbTable } from '../../../../shared/parse/ovsdb.ts';
import { aFrame, quoted, sourceText } from '../../../helpers/frames.ts';

const read = (text: string) => parseOvsdbTable(aFrame('ovs', text));
const uuid = (digit: string) => digit.repeat(8) + '-0000-0000-0000-000000000000';

describe('ovsdb-client dump', () => {
  it('gives rows with sets, maps and references, each at its place', () => {
    const frame = aFrame('ovs', sourceText('ovs/interface.json'));
    const { facts, unparsable } = parseOvsdbTable(frame);
    expect(unparsable).toEqual([]);
    const tunnel = facts.find((row) => row.texts('name')[0] === 'vx0');
    expect(tunnel?.texts('type')).toEqual(['vxlan']);
    expect(tunnel?.entry('options', 'remote_ip')).toBe('192.0.2.7');
    expect(tunnel?.entry('options', 'nothing')).toBeUndefined();
    for (const row of facts) {
      const text = quoted(frame, row.evidence);
      expect(text.startsWith(`[["uuid","${row.uuid}"]`)).toBe(true);
      expect(JSON.parse(text)).toContain(row.texts('name')[0]);
    }
    const ports = parseOvsdbTable(aFrame('ovs', sourceText('ovs/port.json'))).facts;
    expect(ports.find((row) => row.texts('name')[0] === 'port2')?.numbers('trunks')).toEqual([10, 20]);
    expect(ports.find((row) => row.texts('name')[0] === 'port1')?.numbers('tag')).toEqual([10]);
    expect(ports.find((row) => row.texts('name')[0] === 'bond0')?.texts('interfaces')).toHaveLength(2);
  });

  it('a row that has no UUID costs itself', () => {
    const { facts, unparsable } = read(
      `{"caption":"Port table","data":[["none","a"],[["uuid","${uuid('1')}"],"b"],7],"headings":["_uuid","name"]}\n`,
    );
    expect(facts.map((row) => row.texts('name'))).toEqual([['b']]);
    expect(unparsable).toHaveLength(2);
  });

  it('what is no table is said; nothing is nothing', () => {
    expect(read('{"data":').unparsable).toHaveLength(1);
    expect(read('{"data":[],"headings":["name"]}').unparsable).toHaveLength(1);
    expect(read('\n')).toEqual({ facts: [], unparsable: [] });
  });
});

// The host's own words behind a fact, cut to what says it.
import { hostFixture } from '../../../helpers/host-fixture.ts';
import { describe, expect, it } from 'vitest';
import { asWhom } from '../../../../shared/explain/as-whom.ts';
import { prove } from '../../../../shared/explain/prove.ts';
import { setJson } from '../../../../shared/explain/set-json.ts';
import type { Frame, Transcript } from '../../../../shared/model/transcript.ts';

const frame = (index: number, fields: Partial<Frame>): Frame => ({
  index,
  section: 'net',
  key: '',
  privilege: 'user',
  command: 'ip addr',
  output: '',
  stderr: '',
  status: 0,
  milliseconds: 10,
  ...fields,
});
const transcript = (...frames: readonly Frame[]): Transcript => ({ version: 1, frames, complete: true, problems: [] });
const id = frame(0, { section: 'host', key: 'id', output: 'uid=1000(ec2-user) gid=1000(ec2-user)\n' });

describe('the command', () => {
  it('says what ip was asked on its standard input, as one can type it', () => {
    const { transcript: recorded } = hostFixture('reference-host');
    const asked = recorded.frames.find(({ section }) => section === 'net');
    const proof = prove(recorded, { frame: asked?.index ?? -1, section: 'net' });
    expect(proof?.command).toBe(
      "printf '%s\\n' 'addr show' 'route show table all root 0.0.0.0/0' 'route show table all root ::/0' 'rule show' " +
        `'neigh show' 'nexthop show' 'neigh show proxy' 'netconf show' | ${asked?.command ?? ''}`,
    );
  });

  it('says no more than was asked, also where some of it failed', () => {
    const failed = frame(1, {
      output: '[]\n[]\n',
      command: 'ip -d -j -s -force -batch -',
      stderr: 'RTNETLINK answers: Operation not supported\nCommand failed -:2',
    });
    expect(prove(transcript(id, failed), { frame: 1, section: 'net' })?.command).toBe(
      "printf '%s\\n' 'addr show' 'route show table all root 0.0.0.0/0' 'route show table all root ::/0' | " +
        'ip -d -j -s -force -batch -',
    );
  });
});

describe('prove', () => {
  it('what was said on standard error, where the whole answer is meant', () => {
    const output = '[]\n[]\n';
    const failed = frame(1, { output, stderr: 'RTNETLINK answers: \u001bno\nDump terminated', status: 2 });
    const errorsOf = (line?: number) =>
      prove(transcript(id, failed), { frame: 1, section: 'net', ...(line === undefined ? {} : { line }) })?.errors;
    expect(errorsOf()).toEqual(['RTNETLINK answers: \ufffdno', 'Dump terminated']);
    expect(errorsOf(1)).toEqual([]);
    expect(prove(transcript(id), { frame: 0, section: 'host' })?.errors).toEqual([]);
  });

  it('a line, among its neighbours', () => {
    const output = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`).join('\n');
    const proof = prove(transcript(id, frame(1, { section: 'mountinfo', output, command: 'grep -aH ^' })), {
      frame: 1,
      section: 'mountinfo',
      line: 10,
    });
    expect(proof).toMatchObject({ command: 'grep -aH ^', asWhom: 'ec2-user', status: 0 });
    expect(proof?.lines.map((line) => line.from)).toEqual([7, 8, 9, 10, 11, 12, 13]);
    expect(proof?.lines.filter((line) => line.says)).toEqual([{ from: 10, text: 'line 10', says: true }]);
  });

  it('a line of /proc/PID/status, with the lines of that file that follow', () => {
    const lines = ['Name', 'Umask', 'State', 'Tgid', 'Ngid', 'Pid', 'PPid', 'TracerPid'].map(
      (name) => `/proc/7/status:${name}:\t1`,
    );
    const output = [...lines, '/proc/8/status:Name:\tx', '/proc/8/status:Umask:\t1'].join('\n');
    const proof = prove(transcript(frame(1, { section: 'status', output })), { frame: 1, section: 'status', line: 1 });
    expect(proof?.lines.map((line) => line.text)).toEqual(lines);
  });

  it('a piece of one line of JSON, set in several', () => {
    const one =
      '{"ifindex":2,"ifname":"eth0","addr_info":[{"family":"inet","local":"10.4.0.9"}],"flags":["UP","LOWER_UP"],"link_netnsid":0}';
    const output = `[${'{"ifindex":1}'},${one}]`;
    const from = output.indexOf(one);
    const proof = prove(transcript(id, frame(1, { output, privilege: 'userns:7' })), {
      frame: 1,
      section: 'net',
      line: 1,
      columns: [from, from + one.length],
    });
    expect(proof?.asWhom).toBe('ec2-user inside the user namespace of PID 7');
    expect(proof?.lines.every((line) => line.says && line.from === 1)).toBe(true);
    expect(proof?.lines.map((line) => line.text)).toEqual([
      '{',
      '  "ifindex": 2,',
      '  "ifname": "eth0",',
      '  "addr_info": [{ "family": "inet", "local": "10.4.0.9" }],',
      '  "flags": ["UP", "LOWER_UP"],',
      '  "link_netnsid": 0',
      '}',
    ]);
  });

  it('marks the members of an object that say it, nested lines with them', () => {
    const addresses = Array.from({ length: 3 }, (_, i) => ({ family: 'inet', local: `10.0.0.${i}`, scope: 'global' }));
    const output = JSON.stringify([{ ifindex: 2, ifname: 'eth0', mtu: 1500, link_index: 5, addr_info: addresses }]);
    const said = (members: readonly string[]) =>
      prove(
        transcript(frame(1, { output })),
        { frame: 1, section: 'net', line: 1, columns: [1, output.length - 1] },
        members,
      )
        ?.lines.filter(({ says }) => says)
        .map(({ text }) => text.trim());
    expect(said(['link_index', 'ifname'])).toEqual(['"ifname": "eth0",', '"link_index": 5,']);
    expect(said(['addr_info'])).toHaveLength(5);
    // None of them is there: then all of it is the evidence.
    expect(said(['master'])).toHaveLength(11);
    expect(said([])).toHaveLength(11);
  });
  it('a whole answer, where no line is named', () => {
    const proof = prove(transcript(frame(1, { output: 'a\nb\n' })), { frame: 1, section: 'net' });
    expect(proof?.lines).toEqual([
      { from: 1, text: 'a', says: true },
      { from: 2, text: 'b', says: true },
    ]);
  });

  it('arguments without the NULs between them', () => {
    const proof = prove(transcript(frame(1, { section: 'cmdline', output: '/proc/7/cmdline:a\0-b\0' })), {
      frame: 1,
      section: 'cmdline',
      line: 1,
    });
    expect(proof?.lines[0]?.text).toBe('/proc/7/cmdline:a -b');
  });

  it('nothing of another transcript', () => {
    expect(prove(transcript(frame(1, {})), { frame: 1, section: 'status', line: 1 })).toBeUndefined();
    expect(prove(transcript(frame(1, {})), { frame: 9, section: 'net', line: 1 })).toBeUndefined();
    expect(prove(transcript(frame(1, { output: 'a' })), { frame: 1, section: 'net', line: 5 })?.lines).toEqual([]);
  });
});

describe('asWhom', () => {
  it.each([
    ['user', 'ec2-user'],
    ['root', 'root (sudo)'],
    ['userns:122351', 'ec2-user inside the user namespace of PID 122351'],
  ] as const)('%s', (privilege, expected) => {
    expect(asWhom(privilege, 'ec2-user')).toBe(expected);
  });
});

describe('setJson', () => {
  it('leaves alone what is no JSON', () => {
    expect(setJson('net:[1]')).toEqual(['net:[1]']);
  });
  it('keeps in one line what fits', () => {
    expect(setJson('{"a":[1,{"b":null}],"c":{}}')).toEqual(['{ "a": [1, { "b": null }], "c": {} }']);
  });
});

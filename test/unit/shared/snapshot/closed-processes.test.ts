// Which network namespace a process is in whose links are closed, and what is not concluded.
import { describe, expect, it } from 'vitest';
import { describeText } from '../../../../shared/explain/describe-text.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import { summarise } from '../../../../shared/explain/summarise.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { nodeStyleName } from '../../../../shared/export/theme.ts';
import type { Frame } from '../../../../shared/model/transcript.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { contradictions } from '../../../helpers/contradictions.ts';
import { aFrame, aTranscript, sourceText } from '../../../helpers/frames.ts';
import { processFrames } from '../../../helpers/process-frames.ts';

/** As the fixtures have it: 73 is the shell, 54 and 68 are in network namespaces of their own. */
const closed = { inodes: null };
const closedPids = [1, 39, 54, 55, 68];
const refused = closedPids.map((pid) => `find: '/proc/${pid}/ns': Permission denied`).join('\n');
const processes = processFrames([
  { pid: 1, ppid: 0, name: 'systemd', ...closed },
  { pid: 39, name: 'sshd', ...closed },
  { pid: 54, name: 'nginx', ...closed },
  { pid: 55, ppid: 54, name: 'worker', ...closed },
  { pid: 68, name: 'nginx', ...closed },
  { pid: 73, name: 'sh', inodes: { net: 4026533139 } },
]).map((frame) => (frame.section === 'ns' ? { ...frame, stderr: refused } : frame));
const told = sourceText('closed/proc-net.txt');
const again = aFrame('proc-net', sourceText('closed/proc-net-again.txt'), { key: 'again' });
const files = [
  aFrame('closed-net', sourceText('closed/closed-net.txt'), {
    command: 'grep -aHm 1000 ^ /proc/54/net/dev /proc/68/net/dev /proc/54/net/route',
  }),
  aFrame('closed-addresses', sourceText('closed/closed-addresses.txt')),
  again,
];
const uname = (kernel: string): Frame => aFrame('host', `Linux h ${kernel} x86_64\n`, { key: 'uname' });

function seen(numbers = told, others: readonly Frame[] = files, kernel = '6.1.119', user = 'bob') {
  const transcript = aTranscript([
    uname(kernel),
    aFrame('host', `uid=${user === 'root' ? 0 : 1001}(${user}) gid=1(x)\n`, { key: 'id' }),
    aFrame('host', '73\n', { key: 'self' }),
    ...processes,
    aFrame('proc-net', numbers),
    ...others,
  ]);
  const model = resolveModel(assemble(transcript));
  expect(contradictions(model)).toEqual([]);
  const netnsOf = Object.fromEntries(model.processes.map(({ pid, namespaces }) => [pid, namespaces.net]));
  return { model, netnsOf };
}

const host = 'net:[4026533139]';
const one = 'net/dev:[4026533214]';
const other = 'net/dev:[4026533285]';

describe('a process whose links are closed', () => {
  it('is in the network namespace of a known one that has the same file', () => {
    const { model, netnsOf } = seen();
    expect(netnsOf).toEqual({ 1: host, 39: host, 54: one, 55: undefined, 68: other, 73: host });
    const [first] = model.processes;
    expect(first?.netnsBy).toMatchObject({
      rule: 'netns.proc-net-known',
      evidence: [{ line: 3 }, { line: 2 }, { line: 1 }],
    });
    expect(model.namespaces.find(({ id }) => id === host)?.processIds).toEqual([
      'process:1',
      'process:39',
      'process:73',
    ]);
    expect(model.host.initialNamespaces.net).toMatchObject({ id: host, certainty: 'certain' });
  });

  it('is with those that have the same file, whose number nobody is told', () => {
    const { model, netnsOf } = seen(`${told}/proc/55/net/dev 4026533214 \n`);
    expect(netnsOf[55]).toBe(one);
    const namespace = model.namespaces.find(({ id }) => id === one);
    expect(namespace).toMatchObject({ kind: 'net', name: 'ns of nginx[54]', procNet: { devInode: 4026533214 } });
    expect(namespace).not.toHaveProperty('inode');
    expect(namespace?.processIds).toEqual(['process:54', 'process:55']);
  });

  it('is still closed: of its other namespaces nothing is known, and that is counted', () => {
    const { model } = seen();
    expect(model.completeness.counts.processes).toEqual({ known: 1, of: 6 });
    const said = model.findings.find(({ rule }) => rule === 'gaps.processes-closed');
    expect(said?.values).toMatchObject({ count: 5, of: 6, placed: 4 });
    expect(said?.message).toContain('of 4 of them /proc/PID/net tells the network namespace');
  });

  it('says how that is known', () => {
    const facts = explain(seen().model, 'process:1')?.groups.flatMap((group) => group.facts) ?? [];
    expect(facts.find(({ label }) => label === 'network namespace')).toMatchObject({
      value: `${host} · shared with the host`,
      certainty: 'certain',
      rule: 'netns.proc-net-known',
      evidence: [{ section: 'proc-net' }, { section: 'proc-net' }, { section: 'proc-net' }],
    });
  });
});

describe('what is not concluded', () => {
  it('where the known one moved while it was asked', () => {
    const moved = told.replace(/net:\[4026533139\]\n$/, 'net:[4026533999]\n');
    expect(seen(moved).netnsOf).toMatchObject({ 1: 'net/dev:[4026533145]', 73: host });
  });

  it('where the answer broke off before it was asked again where the known one is', () => {
    const cut = told.split('\n').slice(0, -2).join('\n');
    expect(seen(cut).netnsOf).toMatchObject({ 1: 'net/dev:[4026533145]' });
  });

  it('where two known ones of one number are in two', () => {
    const line = '/proc/39/ns/net 1 net:[5]\n';
    expect(seen(`${line}${told}${line}`).netnsOf).toMatchObject({ 1: 'net/dev:[4026533145]' });
  });

  it('where who was asked for all has left, or was not asked again', () => {
    const gone = aFrame('proc-net', '/proc/54/net/dev 4026533145 \n/proc/68/net/dev 4026533285 \n', { key: 'again' });
    const { model, netnsOf } = seen(told, [...files.slice(0, 2), gone]);
    expect(netnsOf).toMatchObject({ 54: undefined, 68: other });
    expect(model.links.filter(({ netns }) => netns !== other)).toEqual([]);
    expect(seen(told, files.slice(0, 2)).netnsOf).toMatchObject({ 1: host, 54: undefined, 68: undefined });
  });

  it('before Linux 5.0, whose /proc/PID/net may be that of where the process was', () => {
    expect(seen(told, files, '4.18.0-553.el8').netnsOf).toEqual({
      ...{ 1: undefined, 39: undefined, 54: undefined, 55: undefined, 68: undefined, 73: host },
    });
    expect(seen(told, files, '5.10.230').netnsOf).toMatchObject({ 1: host });
  });

  it('of a transcript from before that was asked', () => {
    const { model } = seen('', []);
    expect(model.namespaces.filter(({ procNet }) => procNet)).toEqual([]);
    expect(model.findings.filter(({ kind }) => kind === 'unparsable')).toEqual([]);
    expect(model.findings.find(({ rule }) => rule === 'gaps.processes-closed')?.message).not.toContain('/proc/PID/net');
  });
});

describe('a network namespace that /proc/PID/net alone tells of', () => {
  const { model } = seen();

  it('has links with what stands there: no kind, no MTU, no other end, and none without an index', () => {
    const links = model.links.filter(({ netns }) => netns === one);
    expect(links.map(({ id, name, kind }) => [id, name, kind])).toEqual([
      [`link:${one}/1`, 'lo', 'loopback'],
      [`link:${one}/2`, 'eth0', 'unknown'],
      [`link:${one}/3`, 'down2', 'unknown'],
    ]);
    expect(links[1]?.addresses.map(({ local }) => local)).toContain('fd00:9::2');
    expect(model.relations.filter(({ from, to }) => `${from} ${to}`.includes('link:net/dev'))).toEqual([]);
    expect(model.findings.find(({ rule }) => rule === 'closed-net.index-not-told')).toMatchObject({
      subjects: [one],
      values: { example: 'down1' },
    });
    const labels = explain(model, `link:${one}/2`)?.groups.flatMap(({ facts }) => facts.map(({ label }) => label));
    expect(labels).not.toContain('MTU');
  });

  it('has addresses of its own, without the link, and routes with it', () => {
    const namespace = model.namespaces.find(({ id }) => id === one);
    expect(namespace?.procNet?.localAddresses.map(({ address }) => address)).toEqual([
      '10.9.0.0',
      '10.9.0.2',
      '127.0.0.1',
    ]);
    expect(model.routes.filter(({ netns, gateway }) => netns === one && gateway !== undefined)).toMatchObject([
      { destination: 'default', family: 'inet', link: `link:${one}/2` },
      { destination: '10.66.0.0/16', link: `link:${one}/2` },
      { destination: 'default', family: 'inet6', link: `link:${one}/2` },
    ]);
    const facts = explain(model, one)?.groups.flatMap((group) => group.facts) ?? [];
    expect(facts.filter(({ label }) => label === 'Local address').map(({ value }) => value)).toContain('10.9.0.2');
    expect(facts.filter(({ label }) => label.startsWith('Inode')).map(({ value }) => value)).toEqual([
      'closed to us',
      '4026533214',
    ]);
  });

  it('is counted as not listed, and said to be closed', () => {
    expect(model.completeness.counts.netns).toEqual({ known: 0, of: 3 });
    expect(model.findings.find(({ rule }) => rule === 'gaps.netns-closed')).toMatchObject({
      kind: 'not-permitted',
      subjects: [one, other],
      values: { count: 2, maybeAmong: 0 },
    });
    expect(model.findings.find(({ rule }) => rule === 'gaps.netns-not-entered')?.subjects).toEqual([host]);
    // iproute2 would not tell of what kind they are, not even root.
    expect(seen(told, files, '6.1.119', 'root').model.completeness.change).toBeUndefined();
    expect(model.completeness.change).toMatchObject({
      with: 'sudo',
      adds: [{ what: 'netns', count: 2 }, { what: 'processes' }],
    });
  });

  it('may be one that is known by its number alone', () => {
    const mount = aFrame('mountinfo', '/proc/73/mountinfo:9 1 0:4 net:[77] /run/netns/one rw - nsfs nsfs rw\n');
    const { model: doubled } = seen(`${told}/proc/55/net/dev 4026533214 \n`, [...files, mount]);
    expect(doubled.completeness.counts.netns).toEqual({ known: 0, of: 4, atMost: true });
    expect(summarise(doubled)).toContain('0 of at most 4 network namespaces');
    expect(doubled.findings.find(({ rule }) => rule === 'gaps.netns-closed')?.values).toMatchObject({ maybeAmong: 1 });
    expect(describeText(doubled)).toContain('netns one · net:[77] · no process seen');
    expect(explain(doubled, 'net:[77]')?.sentence).toContain('no process was seen in');
  });

  it('that was not asked is said not to have been', () => {
    const { model: more } = seen(`${told}/proc/55/net/dev 4026539999 \n`);
    expect(more.findings.find(({ rule }) => rule === 'closed-net.not-read')?.subjects).toEqual([
      'net/dev:[4026539999]',
    ]);
    expect(model.findings.some(({ rule }) => rule === 'closed-net.not-read')).toBe(false);
  });

  it('is a box of its own that says so', () => {
    const { nodes } = networkGraph(model);
    const box = nodes.find(({ id }) => id === one);
    expect(box).toMatchObject({ kind: 'netns', lines: [one, 'told by /proc/PID/net alone'] });
    expect(box && nodeStyleName(box)).toBe('unknown');
    expect(nodes.filter(({ parent }) => parent === one).map(({ label }) => label)).toEqual(['eth0', 'down2', 'nginx']);
    // Of 55 nothing is known.
    expect(nodes.find(({ id }) => id === 'unknown:processes')?.lines).toEqual(['1 process closed to bob']);
    expect(describeText(model)).toContain(`ns of nginx[54] · ${one} · 1 process`);
  });
});

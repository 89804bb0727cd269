// What /proc hides, and in how many words that is certain.
import { describe, expect, it } from 'vitest';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript } from '../../../helpers/frames.ts';

const always = ['/proc', '/proc/fs', '/proc/sys'];
const first = 'pid:[4026531836]';
/** `links` as the kernel counts: 2, the folders that are always there but /proc itself, and the processes. */
const links = (processes: number, shown: readonly number[], others: readonly number[] = [], pidNamespace = first) =>
  [
    `${2 + always.length - 1 + processes} links`,
    ...always,
    ...shown.map((pid) => `/proc/${pid}`),
    'others',
    ...others.map((pid) => `/proc/${pid}`),
    pidNamespace,
    '',
  ].join('\n');

const found = (hidepid: string, answer?: string, more: Parameters<typeof aTranscript>[0] = []) => {
  const mount = `23 28 0:21 / /proc rw - proc proc rw,hidepid=${hidepid}\n`;
  const { findings } = assemble(
    aTranscript([
      aFrame('host', mount, { key: 'proc-mount' }),
      aFrame('host', 'uid=1000(a)', { key: 'id' }),
      ...(answer === undefined ? [] : [aFrame('host', answer, { key: 'proc-links' })]),
      ...more,
    ]),
  );
  return findings.find(({ rule }) => rule === 'processes.hidden');
};
const said = (...args: Parameters<typeof found>) => found(...args)?.message.replace(/^\S+ is mounted with /, '');

describe('hidepid', () => {
  it('2: about so many, from where all PID namespaces are counted', () => {
    expect(said('invisible', links(172, [50, 51, 52]))).toBe(
      'hidepid=invisible: processes of other users do not show. They are about 169 of the 172 that the kernel has, its own threads included.',
    );
    expect(found('2', links(172, [50]))?.evidence).toHaveLength(2);
    expect(found('2', links(172, [50]))?.kind).toBe('hidden');
  });

  it('2: at most so many, from another PID namespace', () => {
    expect(said('2', links(172, [50], [], 'pid:[4026533406]'))).toBe(
      'hidepid=2: processes of other users do not show. They are at most about 171: of the 172 that the kernel has, those in other PID namespaces would not show here anyway.',
    );
  });

  it('4: one’s own that may not be traced are among them', () => {
    expect(said('ptraceable', links(9, [50]))).toContain('processes that this user may not trace do not show');
  });

  it('1: the folders of others are there to be counted', () => {
    expect(said('noaccess', links(172, [1, 7, 50], [1, 7]))).toBe(
      'hidepid=noaccess: 2 processes of other users show no more than their PID.',
    );
    expect(said('1', links(172, [7, 50], [7]))).toContain('1 process of other users shows no more than its PID.');
    expect(said('1')).toBe('hidepid=1: processes of other users show no more than their PID.');
  });

  it('says no number where none can be known', () => {
    const unknown = 'hidepid=2: processes of other users do not show. How many there are is not known.';
    expect(said('2')).toBe(unknown);
    expect(said('2', '')).toBe(unknown);
    // subset=pid: the folders that are always there do not show. Another kernel's: fewer links than processes.
    expect(said('2', `183 links\n/proc/50\nothers\n${first}\n`)).toBe(unknown);
    expect(said('2', links(0, [50, 51]))).toBe(unknown);
  });

  it('is no finding where it hides nothing from this user', () => {
    const status = aFrame('status', '/proc/1/status:Name:\tinit\n');
    expect(found('2', links(3, [1, 7, 50], [1, 7]), [status])).toBeUndefined();
    expect(found('1', links(3, [1, 7, 50], [1, 7]))).toBeDefined();
    expect(found('off', links(3, [50]))).toBeUndefined();
  });
});

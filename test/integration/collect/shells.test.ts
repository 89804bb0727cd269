// The script under every shell it promises, on this machine.
import { readFileSync, readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collectorScript } from '../../../electron/collect/collector-script.ts';
import { netCommands } from '../../../shared/parse/net/commands.ts';
import { parseNamespaceLinks } from '../../../shared/parse/ns-links.ts';
import type { Frame, Transcript } from '../../../shared/model/transcript.ts';
import { aboutHostOnly, asNobody, leftAfter, resultOf, shells, startScript } from '../../helpers/script-run.ts';

const given = 'a1'.repeat(16);
const frameOf = (transcript: Transcript, section: string, key = ''): Frame | undefined =>
  transcript.frames.find((frame) => frame.section === section && frame.key === key);
const own = readlinkSync('/proc/self/ns/net');

describe.runIf(process.platform === 'linux').each(shells)('the script under $name', ({ name, shell }) => {
  it('asks everything, leaves nothing behind and says nothing beside the transcript', async () => {
    const run = startScript(shell, { token: given });
    const { errors, status, transcript, bytes } = await resultOf(run);
    expect(errors).toBe('');
    expect(status).toBe(0);
    expect(transcript).toMatchObject({ complete: true, problems: [] });
    expect(bytes.subarray(0, 54).toString()).toBe(`nsatlas-transcript 1 ${given}\n`);
    expect(await leftAfter(run.mark, 0)).toEqual([]);
    expect(transcript.frames.every((frame) => frame.status !== undefined && frame.cut === undefined)).toBe(true);
    expect(transcript.frames.every((frame) => frame.privilege === 'user')).toBe(true);

    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    expect(frameOf(transcript, 'host', 'boot-id')?.output).toBe(bootId);
    expect(frameOf(transcript, 'host', 'netns-dir')?.command).toBe('ls -la /run/netns');
    expect(frameOf(transcript, 'status')?.output).toContain(`/proc/${process.pid}/status:Pid:\t${process.pid}\n`);
    const self = `/proc/${process.pid}/cmdline:${readFileSync(`/proc/${process.pid}/cmdline`, 'latin1')}`;
    expect(frameOf(transcript, 'cmdline')?.output).toContain(self.split('\n')[0]);

    const links = parseNamespaceLinks(frameOf(transcript, 'ns') ?? { index: 0, section: 'ns', output: '' });
    expect(links.unparsable).toEqual([]);
    const mine = links.facts.filter(({ pid, forChildren }) => pid === process.pid && !forChildren);
    expect(Object.fromEntries(mine.map(({ kind, id }) => [kind, id]))).toEqual(
      Object.fromEntries(
        ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'].map((kind) => [
          kind,
          readlinkSync(`/proc/self/ns/${kind}`),
        ]),
      ),
    );
    // A shell that has an ip of its own (BusyBox's has no JSON) takes the host's nevertheless.
    const net = frameOf(transcript, 'net', own);
    expect(net?.command).toMatch(/^(\/\S*\/)?ip -d -j -s -force -batch -$/);
    const answers = net?.output.trimEnd().split('\n') ?? [];
    expect(answers.map((line) => Array.isArray(JSON.parse(line)))).toEqual(netCommands.map(() => true));
  });

  it('sweeps once over all processes, and reads once what is the same in a whole namespace', async () => {
    const { transcript } = await resultOf(startScript(shell));
    const sweeps = transcript.frames.filter(({ section, privilege }) => section === 'ns' && privilege === 'user');
    // One readlink for each process would take ten times as long. BusyBox's find has no -printf.
    const sweep = name === 'BusyBox' ? /^(find|ls -l) / : /^find \/proc\/\[0-9\]\*\/ns -type l -printf '%p %l\\n'$/;
    expect(sweeps.map(({ command }) => command)).toEqual([expect.stringMatching(sweep)]);

    const links = parseNamespaceLinks(sweeps[0] ?? { index: 0, section: 'ns', output: '' }).facts;
    const namespaceOf = (kind: string) =>
      new Map(links.filter((link) => link.kind === kind && !link.forChildren).map(({ pid, id }) => [pid, id]));
    const readThrough = (section: string, file: RegExp): readonly number[] => {
      const lines = frameOf(transcript, section)?.output.matchAll(new RegExp(`^/proc/(\\d+)/${file.source}:`, 'gm'));
      return [...new Set([...(lines ?? [])].map(([, pid]) => Number(pid)))];
    };
    // Of this process, which has several threads in the same namespaces, none is told.
    expect(frameOf(transcript, 'threads')?.output ?? '').not.toContain(`/proc/${process.pid}/task/`);
    for (const [kind, pids] of [
      ['mnt', readThrough('mountinfo', /mountinfo/)],
      ['user', readThrough('id-map', /uid_map/)],
      ['net', readThrough('sockstat', /net\/sockstat/)],
    ] as const) {
      const namespaces = namespaceOf(kind);
      expect(pids.length).toBeGreaterThan(0);
      expect(pids.map((pid) => namespaces.get(pid)).sort(), kind).toEqual(
        [...new Set(pids.map((pid) => namespaces.get(pid)))].sort(),
      );
    }
  });

  it('does the same as nobody special, and says what was denied', async () => {
    const { errors, status, transcript } = await resultOf(startScript([...asNobody, ...shell]));
    expect(errors).toBe('');
    expect(status).toBe(0);
    expect(transcript).toMatchObject({ complete: true, problems: [] });
    expect(frameOf(transcript, 'ns')?.stderr).toContain('Permission denied');
    expect(frameOf(transcript, 'net', own)?.command).toMatch(/ip -d -j -s -force -batch -$/);
  });

  it('makes a token of its own when none is given, or one that is no token', async () => {
    for (const settings of [{}, { token: 'short' }, { token: "'$(id)'" }, { token: 'G'.repeat(32) }]) {
      const { bytes, transcript } = await resultOf(startScript(shell, settings, aboutHostOnly));
      expect(bytes.toString('latin1')).toMatch(/^nsatlas-transcript 1 [0-9a-f]{32}\n/);
      expect(transcript.complete).toBe(true);
    }
  });

  it('does nothing when it arrives in part', async () => {
    const part = (text: string) => text.slice(0, text.lastIndexOf('main'));
    const { bytes } = await resultOf(startScript(shell, {}, part));
    expect(bytes.toString()).toBe('');
  });
});

describe('the script', () => {
  it('has one function of a name', () => {
    const names = [...collectorScript.matchAll(/^(\w+)\(\)/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
  });

  it('has no here-document, which some shells write to /tmp, and redirects to nothing but descriptors and /dev/null', () => {
    const code = collectorScript.replace(/^\s*#.*$/gm, '');
    expect(code).not.toContain('<<');
    const targets = [...code.matchAll(/(?<![-=<>&])[0-9]?>{1,2}&?\s*("[^"]*"|[^\s;)&|]+)/g)].map(
      (match) => match[1] ?? '',
    );
    const outsideAwk = targets.filter((target) => !/^(\d|-'?|\/dev\/null|\/proc\/self\/fd\/0)$/.test(target));
    expect(outsideAwk).toEqual([]);
  });
});

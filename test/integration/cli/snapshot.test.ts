// From a transcript to a snapshot to what people keep: text, JSON, pictures.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../shared/model/model.ts';
import type { Trace } from '../../../shared/trace/path.ts';
import { ended, newCommandLine } from '../../helpers/command-line.ts';
import type { CommandLine } from '../../helpers/command-line.ts';
import { hostFixture, hostTranscript } from '../../helpers/host-fixture.ts';
import { schemaErrors } from '../../helpers/validate-model.ts';

let cli: CommandLine;
const inFolder = (name: string): string => path.join(cli.folder, name);
const reference = hostTranscript('reference-host');

beforeAll(async () => {
  cli = await newCommandLine();
  await writeFile(inFolder('transcript'), reference);
  const collected = await cli.run(['collect', '--transcript', 'transcript', '-o', 'host.nsatlas']);
  expect(collected).toEqual({
    status: 3,
    stdout: Buffer.alloc(0),
    stderr: expect.stringMatching(
      new RegExp(
        '^host\\.nsatlas: ip-172-31-40-91, \\d+ processes, 4 network namespaces, 2 containers, \\d+ kB\n' +
          'Seen: 4 of 5 network namespaces, \\d+ of \\d+ processes’ namespaces\\. With sudo: \\d+ more processes’ .*\\.\n' +
          'Not seen: \\d+ not permitted\\. Which: nsatlas show host\\.nsatlas\n$',
      ),
    ) as string,
  });
});
afterAll(() => cli.clear());

describe('a snapshot', () => {
  it('is for its owner alone', async () => {
    expect((await stat(inFolder('host.nsatlas'))).mode & 0o777).toBe(0o600);
  });
  it('is the same through pipes', async () => {
    const { status, stdout } = await cli.run(['collect', '--transcript', '-', '-o', '-'], reference);
    expect(status).toBe(3);
    expect(stdout).toEqual(await readFile(inFolder('host.nsatlas')));
    expect(await cli.run(['show', '-'], stdout)).toEqual(await cli.run(['show', 'host.nsatlas']));
  });
  it('takes the place of another one, through a symbolic link too, and leaves no draft', async () => {
    await writeFile(inFolder('old.nsatlas'), 'old');
    await symlink('old.nsatlas', inFolder('link'));
    await cli.run(['collect', '--transcript', 'transcript', '-o', 'link']);
    expect(await readFile(inFolder('old.nsatlas'))).toEqual(await readFile(inFolder('host.nsatlas')));
    expect((await readdir(cli.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
  it('that broke off is kept, and says so', async () => {
    const half = reference.subarray(0, reference.length / 2);
    const { status, stderr } = await cli.run(['collect', '--transcript', '-', '-o', 'half.nsatlas'], half);
    expect(status).toBe(3);
    expect(stderr).toContain('\nIt is not whole. The transcript ends before the script was through.\n');
    expect((await cli.run(['show', 'half.nsatlas'])).stdout.toString()).toContain('The run broke off');
  });
  it('is not made when the run is stopped', async () => {
    const child = cli.start(['collect', '--transcript', '-', '-o', 'stopped.nsatlas']);
    const end = ended(child);
    // More than a pipe holds: once it is through, the program runs and reads.
    await new Promise((resolve) => child.stdin.on('error', resolve).write(Buffer.alloc(4_000_000, '\n'), resolve));
    child.kill('SIGINT');
    expect(await end).toEqual({ status: 130, stdout: Buffer.alloc(0), stderr: 'nsatlas: stopped\n' });
    await expect(stat(inFolder('stopped.nsatlas'))).rejects.toThrow('ENOENT');
  });
});

describe('show', () => {
  const show = async (...args: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await cli.run(['show', ...args]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout.toString();
  };

  it('prints what the article asks for', async () => {
    const text = await show('host.nsatlas');
    expect(text).toContain('↔ eth0 in nginx-d8e2d  port of nerdctl0\n');
    expect(text).toMatch(/tap0 {2}tap {2}UP {2}10\.0\.2\.100\/24 .* served by slirp4netns\[\d+] \(inferred\)/);
    expect(text).toMatch(/127\.0\.0\.1:8080\/tcp {2}rootlesskit\[\d+] → nginx-d8e2d 10\.4\.0\.9:80/);
  });
  it('prints the model as its schema says', async () => {
    const model = JSON.parse(await show('host.nsatlas', '--format', 'json')) as Model;
    expect(schemaErrors(model)).toEqual([]);
    expect(model.containers.map(({ name }) => name).sort()).toEqual(['nginx-d8e2d', 'redis-3f1c9']);
  });
  it('lets no word of the host command the terminal', async () => {
    const name = 'ip\u001b]0;owned\u0007\u009b31m\u202e';
    const hostile = Buffer.from(Buffer.from(reference).toString().replace('Linux ip-172-31-40-91', `Linux ${name}`));
    const { stderr } = await cli.run(['collect', '--transcript', '-', '-o', 'hostile.nsatlas'], hostile);
    const [text, json] = [await show('hostile.nsatlas'), await show('hostile.nsatlas', '--format', 'json')];

    for (const said of [stderr, text, json]) expect(said).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    expect(text).toMatch(/^ip\\x1b\]0;owned\\x07\\x9b31m\\u202e · /);
    expect((JSON.parse(json) as Model).host.hostname).toBe(name);
  });
  it('ends quietly when its reader has seen enough', async () => {
    const child = cli.start(['show', 'host.nsatlas', '--format', 'json']);
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const [status] = (await once(child, 'close')) as [number | null];
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('trace', () => {
  const trace = (...args: readonly string[]): ReturnType<CommandLine['run']> =>
    cli.run(['trace', 'host.nsatlas', ...args]);

  it('prints the way of a published port, hop by hop', async () => {
    const { status, stdout, stderr } = await trace('host', '127.0.0.1:8080');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const text = stdout.toString();
    expect(text).toMatch(/^From host to 127\.0\.0\.1:8080 tcp\n\nDelivered: /);
    expect(text).toContain('Destination rewritten: 127.0.0.1:8080 → 10.4.0.9:80\n');
  });
  it('and as JSON, with where the host says it', async () => {
    const { stdout } = await trace('redis-3f1c9', 'internet', '--port', '443', '--json');
    const { paths } = JSON.parse(stdout.toString()) as Pick<Trace, 'paths'>;
    expect(paths.map(({ end }) => end)).toEqual(['leaves']);
    expect(paths[0]?.hops[1]).toMatchObject({
      event: { kind: 'routed', destination: 'default' },
      certainty: 'certain',
    });
    expect(paths[0]?.hops[1]?.evidence.length).toBeGreaterThan(0);
  });
  it.each([
    [['nobody', 'internet'], 'could not trace: nobody: There is no nobody in the snapshot.'],
    [['outside', 'nobody'], 'could not trace: nobody: There is no nobody in the snapshot.'],
    [
      ['10.4.0.9', 'internet'],
      'could not trace: 10.4.0.9: 10.4.0.9 is an address: a packet begins in a network namespace.',
    ],
  ])('%j is refused in words', async (args, message) => {
    const { status, stdout, stderr } = await trace(...args);
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 1, stdout: '' });
    expect(stderr.split('\n')[0]).toBe(`nsatlas: ${message}`);
  });
});

describe('export', () => {
  const picture = async (name: string, ...options: readonly string[]): Promise<Buffer> => {
    const made = await cli.run(['export', 'host.nsatlas', '-o', name, ...options]);
    expect(made).toEqual({ status: 0, stdout: Buffer.alloc(0), stderr: '' });
    return readFile(inFolder(name));
  };
  const sizeOfPng = (png: Buffer): readonly [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)];

  it('writes an SVG with title and legend, light, without loopback', async () => {
    const svg = (await picture('a.svg')).toString();
    const { containers } = hostFixture('reference-host').truth;
    const texts = ['Network namespaces of ip-172-31-40-91', 'data-id="legend"', '#ffffff'];
    for (const text of [...texts, ...containers.map(({ veth }) => veth.name)]) expect(svg).toContain(text);
    expect(svg).not.toContain('>lo<');
    const { stdout } = await cli.run(['export', 'host.nsatlas', '-o', '-', '--format', 'svg']);
    expect(stdout.toString()).toBe(svg);
  });
  it('writes it otherwise when told', async () => {
    const options = ['--theme', 'dark', '--background', 'transparent', '--no-legend', '--no-title', '--show-loopback'];
    const svg = (await picture('b.svg', ...options)).toString();
    expect(svg).toContain('>lo<');
    expect(svg).not.toContain('data-id="legend"');
    expect(svg.match(/Network namespaces of/g)).toHaveLength(1); // the <title>, which is not drawn
    expect(svg).not.toContain('fill="#0e1218"/>');
  });
  it('draws a PNG from it at any scale', async () => {
    const svg = (await picture('c.svg')).toString();
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    const png = await picture('c.png', '--scale', '0.5');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(sizeOfPng(png)).toEqual([Math.ceil(Number(width) / 2), Math.ceil(Number(height) / 2)]);
    expect(sizeOfPng(await picture('d.png'))).toEqual([Number(width) * 2, Number(height) * 2]);
  });
});

describe('the script', () => {
  it('run by hand on this machine gives a transcript that can be collected', async () => {
    const script = await cli.run(['script']);
    expect(script).toMatchObject({ status: 0, stderr: '' });
    const transcript = await new Promise<string>((resolve, reject) => {
      const options = { maxBuffer: 256 * 1024 * 1024 };
      const shell = execFile('sh', ['-s'], options, (error, stdout) => (error ? reject(error) : resolve(stdout)));
      shell.stdin?.end(script.stdout);
    });
    const collected = await cli.run(['collect', '--transcript', '-', '-o', 'here.nsatlas'], transcript);
    expect([0, 3]).toContain(collected.status);
    const shown = await cli.run(['show', 'here.nsatlas', '--format', 'json']);
    const model = JSON.parse(shown.stdout.toString()) as Model;
    expect(schemaErrors(model)).toEqual([]);
    expect(model.processes.some(({ pid }) => pid === process.pid)).toBe(true);
  });
});

// What goes wrong is one line of what and one of what to do, on standard error, and an exit status.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCommandLine } from '../../helpers/command-line.ts';
import type { CommandLine, Ended } from '../../helpers/command-line.ts';
import { hostTranscript } from '../../helpers/host-fixture.ts';

let cli: CommandLine;
beforeAll(async () => {
  cli = await newCommandLine();
  await writeFile(path.join(cli.folder, 'transcript'), hostTranscript('reference-host'));
  await writeFile(path.join(cli.folder, 'text'), 'not ours\n');
  await mkdir(path.join(cli.folder, 'folder'));
  await cli.run(['collect', '--transcript', 'transcript', '-o', 'host.nsatlas']);
});
afterAll(() => cli.clear());

const failed = (status: number, what: string, advice: string): Ended => ({
  status,
  stdout: Buffer.alloc(0),
  stderr: `nsatlas: ${what}\n  ${advice}\n`,
});

describe('wrong usage has status 2', () => {
  it.each([
    ['', 'There is no command.', '--help'],
    ['draw', 'There is no command draw. There are: collect, script, show, trace, capture, export.', '--help'],
    ['collect --local', 'Where to? Give -o FILE (-o - is standard output).', 'collect --help'],
    ['show host.nsatlas --json', 'There is no option --json.', 'show --help'],
    [
      'export host.nsatlas -o x.pdf',
      'SVG or PNG? x.pdf does not say: let it end in .svg or .png, or give --format.',
      'export --help',
    ],
  ])('nsatlas %s', async (line, what, help) => {
    const args = line.split(' ').filter((word) => word !== '');
    expect(await cli.run(args)).toEqual(failed(2, what, `How it is written: nsatlas ${help}`));
  });
});

it('a name without an address is what is wrong, not the login', async () => {
  const { status, stderr } = await cli.run(['collect', 'bob@no-such-host.invalid', '-o', 'x.nsatlas']);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^nsatlas: could not connect to bob@no-such-host\.invalid port 22: The name no-such-host\.invalid has no address/,
  );
  expect(stderr).toContain('Check the spelling');
});

describe('what could not be done has status 1', () => {
  const files = 'Check the path, and that you may read it.';
  it.each([
    ['show nowhere.nsatlas', 'could not open nowhere.nsatlas: There is no such file or folder.', files],
    ['show folder', 'could not open folder: It is a folder.', files],
    [
      'show text',
      'could not open text: It is no nsatlas snapshot, or it is not whole (incorrect header check).',
      'Choose a file that nsatlas saved (*.nsatlas), or take another copy of it.',
    ],
    [
      'show transcript',
      'could not open transcript: It is a transcript, not a snapshot.',
      'Make a snapshot of it first: nsatlas collect --transcript transcript -o host.nsatlas',
    ],
    [
      'collect --transcript text -o x',
      'could not read the transcript in text: There is no transcript in it.',
      'Give what the script printed: nsatlas script > collect.sh; sh collect.sh > FILE',
    ],
    [
      'collect --transcript - -o x',
      'could not read the transcript in standard input: It is empty.',
      'Give what the script printed: nsatlas script > collect.sh; sh collect.sh > FILE',
    ],
    ['collect --local -o folder', 'could not write folder: It is a folder.', 'Name a file in it.'],
    [
      'collect anna@127.0.0.1 -o x',
      'could not log in as anna@127.0.0.1: There is no key to show, no agent (SSH_AUTH_SOCK), and no terminal to ask for a password.',
      'Name a private key: -i KEY',
    ],
    [
      'collect anna@127.0.0.1 -i none -o x',
      'could not read the private key none: There is no such file.',
      'Choose the key file again, or let an ssh agent hold the key.',
    ],
    [
      'export host.nsatlas -o x.png --scale 900',
      expect.stringMatching(/^could not draw x\.png: A PNG of \d+ × \d+ pixels is too large to draw\.$/),
      expect.stringMatching(/^The largest possible scale for this picture is [\d.]+\. /),
    ],
  ])('nsatlas %s', async (line, what: unknown, advice: unknown) => {
    const { status, stdout, stderr } = await cli.run(line.split(' '));
    const [first, second, ...more] = stderr.split('\n');
    expect({ status, stdout: stdout.toString(), more }).toEqual({ status: 1, stdout: '', more: [''] });
    expect(first?.replace(/^nsatlas: /, '')).toEqual(what);
    expect(second?.replace(/^ {2}/, '')).toEqual(advice);
    await expect(stat(path.join(cli.folder, 'x'))).rejects.toThrow('ENOENT');
  });
  it('a folder that is not there is said before anybody is asked', async () => {
    const folder = path.join(cli.folder, 'none');
    const made = await cli.run(['collect', '--local', '-o', 'none/x.nsatlas']);
    const what = 'could not write none/x.nsatlas: There is no such file or folder.';
    expect(made).toEqual(failed(1, what, `Make the folder first: mkdir -p '${folder}'`));
  });
  it('a snapshot that is not whole', async () => {
    const whole = await readFile(path.join(cli.folder, 'host.nsatlas'));
    const { status, stderr } = await cli.run(['show', '-'], whole.subarray(0, whole.length / 2));
    expect(status).toBe(1);
    expect(stderr).toContain('could not open standard input: It is no nsatlas snapshot, or it is not whole');
  });
});

it('help and version are results', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  expect(await cli.run(['--version'])).toEqual({ status: 0, stdout: Buffer.from(`nsatlas ${version}\n`), stderr: '' });
  const general = await cli.run(['--help']);
  expect(general).toMatchObject({ status: 0, stderr: '' });
  expect(general.stdout.toString()).toContain('Usage: nsatlas COMMAND');
  expect(await cli.run(['help'])).toEqual(general);
  expect((await cli.run(['export', '-h'])).stdout.toString()).toContain('--show-loopback');
});

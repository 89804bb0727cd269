// The rows about the first picture: what somebody waits for who has a host's name and nothing else. Both are programs of
// their own, started cold: the built command line against plotnetcfg on the host and Graphviz here.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newCommandLine } from '../helpers/command-line.ts';
import type { CommandLine } from '../helpers/command-line.ts';
import { runCommand, runOrThrow } from '../lab/run-command.ts';
import { inTurn, timed } from './in-turn.ts';
import type { ManyNetworks } from './many-networks.ts';
import { withManyNetworks } from './many-networks.ts';
import type { Measured } from './rows.ts';

/** Milliseconds that Graphviz may draw; on a host with 1,000 network namespaces it may want minutes. */
const patience = 30_000;

export async function measurePicture(tell: (measured: Measured) => void): Promise<void> {
  await ensureGraphviz();
  const commandLine = await newCommandLine();
  try {
    for (const [row, netns] of [
      ['picture-300', 300],
      ['picture-1000', 1000],
    ] as const)
      await withManyNetworks([netns], async (host) => {
        if (host !== undefined) tell(await firstPicture(row, host, commandLine));
      });
  } finally {
    await commandLine.clear();
  }
}

async function firstPicture(
  row: 'picture-300' | 'picture-1000',
  one: ManyNetworks,
  commandLine: CommandLine,
): Promise<Measured> {
  const compared = await inTurn(
    () => timed(() => byCommandLine(one, commandLine)),
    () => timed(() => byPlotnetcfg(one, commandLine.folder)),
  );
  const note =
    compared.theirs >= patience ? 'dot was ended after 30 s without a picture: the ratio is an upper limit' : '';
  return { row, unit: 'ms', ...compared, ...(note !== '' && { note }) };
}

async function byCommandLine(one: ManyNetworks, commandLine: CommandLine): Promise<void> {
  const { user, host, port } = one.target;
  const login = ['-p', String(port), '-i', one.keyFile, '--known-hosts', one.knownHostsFile];
  await successOf(commandLine, ['collect', `${user}@${host}`, ...login, '-o', 'host.nsatlas'], [0, 3]);
  await successOf(commandLine, ['export', 'host.nsatlas', '-o', 'host.svg'], [0]);
}

async function successOf(commandLine: CommandLine, args: readonly string[], good: readonly number[]): Promise<void> {
  const { status, stderr } = await commandLine.run(args);
  if (status === null || !good.includes(status)) throw new Error(`nsatlas ${args[0] ?? ''}: ${status}: ${stderr}`);
}

async function byPlotnetcfg({ host, plotnetcfg }: ManyNetworks, folder: string): Promise<void> {
  const { status, stdout, stderr } = await host.execAs('root', plotnetcfg);
  if (status !== 0) throw new Error(`plotnetcfg: ${status}: ${stderr}`);
  const dot = path.join(folder, 'plotnetcfg.dot');
  writeFileSync(dot, stdout);
  const drawn = await runCommand('dot', ['-Tsvg', '-o', path.join(folder, 'plotnetcfg.svg'), dot], {
    timeoutMs: patience,
  });
  // Ended by our limit: what it took until then counts, to its favour.
  if (drawn.status !== 0 && drawn.status !== null) throw new Error(`dot: ${drawn.status}: ${drawn.stderr}`);
}

async function ensureGraphviz(): Promise<void> {
  if (existsSync('/usr/bin/dot')) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runOrThrow('apt-get', ['update', '-q'], { env, timeoutMs: 300_000 });
  await runOrThrow('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'graphviz'], {
    env,
    timeoutMs: 300_000,
  });
}

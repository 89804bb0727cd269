// Lends a program of this machine to a bare host, whose Debian is another: with its own loader and libraries, so that
// neither side's versions matter.
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { runOrThrow } from '../run-command.ts';
import type { BareHost } from './bare-host.ts';

/** Folder of the host where programs are lent to it. */
export const lent = '/usr/local/lib/lent';

/** Copies files of this machine to `lent`, each by its own name. */
export function lendFiles(host: BareHost, files: readonly string[]): void {
  const folder = `/proc/${host.initPid}/root${lent}`;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  for (const file of files) copyFileSync(file, path.join(folder, path.basename(file)));
}

/** `ldd` says `libc.so.6 => /lib/…/libc.so.6 (0x…)`, and the loader without an arrow. Returns the words that run it there. */
export async function lendProgram(host: BareHost, program: string): Promise<readonly string[]> {
  const needs = await runOrThrow('ldd', [program]);
  const libraries = [...needs.matchAll(/(?:=> )?(\/\S+) \(0x/g)].flatMap((match) => match[1] ?? []);
  const loader = libraries.find((library) => path.basename(library).startsWith('ld-'));
  if (loader === undefined) throw new Error(`${program} says nothing of its loader:\n${needs}`);
  lendFiles(host, [program, ...libraries]);
  return [path.join(lent, path.basename(loader)), '--library-path', lent, path.join(lent, path.basename(program))];
}

/** Prints a line for each file that `-Mthreads -MSocket` takes: where perl looks for it in its folders, and where it is here. */
const filesOfThreads = `
  print "$_ $INC{$_}\\n" for keys %INC;
  /(auto\\/.*)/ and print "$1 $_\\n" for @DynaLoader::dl_shared_objects`;

/**
 * perl with threads (and sockets), which the host's own has not: nothing else at hand runs one thread in a namespace of its own. Returns
 * the words that run it, to be run with PERL5LIB=`lent`.
 */
export async function lendThreadedPerl(host: BareHost): Promise<readonly string[]> {
  const words = await lendProgram(host, '/usr/bin/perl');
  const files = await runOrThrow('/usr/bin/perl', ['-Mthreads', '-MSocket', '-MDynaLoader', '-e', filesOfThreads]);
  for (const line of files.trim().split('\n')) {
    const [name = '', file = ''] = line.split(' ');
    const target = path.join(`/proc/${host.initPid}/root${lent}`, name);
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o755 });
    copyFileSync(file, target);
  }
  return words;
}

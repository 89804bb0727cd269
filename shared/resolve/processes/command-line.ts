// Reading argument vectors: what every rule about a command line shares.
import type { UnresolvedProcess } from '../../model/entities.ts';

/** Last part of argv[0]; empty for kernel threads and zombies. */
export function program(process: { readonly argv: readonly string[] }): string {
  return process.argv[0]?.split('/').at(-1) ?? '';
}

/** Value of `--name=value`, `--name value`, `-name=value` or `-name value`; the first of several. */
export function option(argv: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [i, word] of argv.entries()) {
    for (const name of names) {
      if (word === name) return argv[i + 1];
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  }
  return undefined;
}

/** What is neither an option nor the value of one of `valued`. */
export function operands(argv: readonly string[], valued: readonly string[]): readonly string[] {
  const rest: string[] = [];
  for (let i = 1; i < argv.length; i += 1) {
    const word = argv[i] ?? '';
    if (word === '--') return [...rest, ...argv.slice(i + 1)];
    if (word.startsWith('-') && word.length > 1) {
      if (valued.includes(word)) i += 1;
    } else rest.push(word);
  }
  return rest;
}

export const sameArguments = (a: UnresolvedProcess, b: UnresolvedProcess): boolean =>
  a.argv.length === b.argv.length && a.argv.every((word, i) => i === 0 || word === b.argv[i]);

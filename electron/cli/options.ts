// One option or one word of a command line: what it may be, and what is said when it is not.
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import type { CommandName } from './command.ts';
import { UsageError } from './failure.ts';

type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;
type Options = NonNullable<ParseArgsConfig['options']>;

/** Throws UsageError. */
export function parse<const T extends Options>(command: CommandName, args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(parseProblem(error instanceof Error ? error.message : String(error)), command);
  }
}

/** Node's words for it, in ours where there is something to say better: "Option '-o, --output <value>' argument missing". */
function parseProblem(said: string): string {
  const unknown = /^Unknown option '([^']*)'/.exec(said)?.[1];
  if (unknown !== undefined) return `There is no option ${unknown}.`;
  const missing = /^Option '([^']*?)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(said)?.[1];
  if (missing !== undefined) return `${missing} needs a value.`;
  const unwanted = /^Option '([^']*)' does not take an argument/.exec(said)?.[1];
  return unwanted === undefined ? said : `${unwanted} takes no value.`;
}

export function only(command: CommandName, positionals: readonly string[], what: string): string {
  const [first, second] = positionals;
  if (first === undefined || first === '') throw new UsageError(`${command} needs ${what}.`, command);
  if (second !== undefined) throw new UsageError(`${command} takes ${what} and nothing more: ${second}?`, command);
  return first;
}

export function oneOf<T extends string>(command: CommandName, option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${option} is ${allowed.join(' or ')}, not ${value}.`, command);
  return found;
}

export function wholeNumber(command: CommandName, option: string, written: string, most: number): number {
  const number = Number(written);
  if (!/^\d+$/.test(written) || number < 1 || number > most)
    throw new UsageError(`--${option} is a number from 1 to ${most}, not ${written}.`, command);
  return number;
}

export function portNumber(command: CommandName, written: string): number {
  return wholeNumber(command, 'port', written, 65535);
}

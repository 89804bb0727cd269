// What the words of a command line ask for. Pure: no file is looked at here.
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import type { SudoMode } from '../../shared/ipc/contract.ts';
import { readDestination } from './destination.ts';
import type { Destination } from './destination.ts';
import { UsageError } from './failure.ts';

export const commandNames = ['collect', 'script', 'show', 'trace', 'export'] as const;
export type CommandName = (typeof commandNames)[number];

export type Source =
  | ({ readonly from: 'host'; readonly sudo: SudoMode } & Destination & SshOptions)
  | { readonly from: 'local'; readonly sudo: SudoMode }
  /** A file the script's output was kept in; `-` is standard input. */
  | { readonly from: 'transcript'; readonly file: string };

export interface SshOptions {
  readonly port: number;
  readonly keyFile: string | undefined;
  /** Instead of the user's and nsatlas's own. */
  readonly knownHostsFile: string | undefined;
  readonly acceptNewHostKey: boolean;
}

export interface CollectCommand {
  readonly name: 'collect';
  readonly source: Source;
  /** A path; `-` is standard output. */
  readonly output: string;
}

export interface ShowCommand {
  readonly name: 'show';
  readonly file: string;
  readonly format: 'text' | 'json';
}

export interface TraceCommand {
  readonly name: 'trace';
  readonly file: string;
  /** As they are written; what they mean, the snapshot says. */
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp' | undefined;
  readonly port: number | undefined;
  readonly format: 'text' | 'json';
}

export interface ExportCommand {
  readonly name: 'export';
  readonly file: string;
  readonly output: string;
  readonly format: 'svg' | 'png';
  readonly theme: 'light' | 'dark';
  readonly background: 'theme' | 'transparent';
  /** Pixels of a PNG for one unit of the SVG. */
  readonly scale: number;
  readonly legend: boolean;
  readonly title: boolean;
  readonly loopback: boolean;
}

export type Command =
  | { readonly name: 'help'; readonly about: CommandName | undefined }
  | { readonly name: 'version' }
  | { readonly name: 'script' }
  | CollectCommand
  | ShowCommand
  | TraceCommand
  | ExportCommand;

/** `args`: without the program's own name. Throws UsageError. */
export function readArguments(args: readonly string[]): Command {
  const [first, ...rest] = args;
  switch (first) {
    case undefined:
      throw new UsageError('There is no command.');
    case '-h':
    case '--help':
    case 'help':
      return { name: 'help', about: rest[0] === undefined ? undefined : commandName(rest[0]) };
    case '-V':
    case '--version':
    case 'version':
      return { name: 'version' };
    default:
  }
  const name = commandName(first);
  // Asked for help, nothing else on the line matters.
  const end = rest.indexOf('--');
  if (rest.slice(0, end === -1 ? undefined : end).some((word) => word === '-h' || word === '--help'))
    return { name: 'help', about: name };
  return commands[name](rest);
}

function commandName(word: string): CommandName {
  const name = commandNames.find((one) => one === word);
  if (name !== undefined) return name;
  if (word.startsWith('-')) throw new UsageError(`A command comes first, not ${word}: ${commandNames.join(', ')}.`);
  throw new UsageError(`There is no command ${word}. There are: ${commandNames.join(', ')}.`);
}

const commands: Readonly<Record<CommandName, (args: readonly string[]) => Command>> = {
  collect: readCollect,
  script: (args) => {
    const { positionals } = parse('script', args, {});
    if (positionals.length > 0) throw new UsageError(`script takes no arguments.`, 'script');
    return { name: 'script' };
  },
  show: (args) => {
    const { values, positionals } = parse('show', args, { format: { type: 'string' } });
    const format = oneOf('show', 'format', values.format ?? 'text', ['text', 'json'] as const);
    return { name: 'show', file: only('show', positionals, 'a snapshot FILE'), format };
  },
  trace: readTrace,
  export: readExport,
};

function readCollect(args: readonly string[]): CollectCommand {
  const { values, positionals } = parse('collect', args, {
    port: { type: 'string', short: 'p' },
    identity: { type: 'string', short: 'i' },
    'known-hosts': { type: 'string' },
    'accept-new-host-key': { type: 'boolean' },
    sudo: { type: 'string' },
    local: { type: 'boolean' },
    transcript: { type: 'string' },
    output: { type: 'string', short: 'o' },
  });
  const usage = (message: string): UsageError => new UsageError(message, 'collect');
  const overSsh = ['port', 'identity', 'known-hosts', 'accept-new-host-key'] as const;
  const refuse = (options: readonly (keyof typeof values)[], source: string): void => {
    const given = options.find((option) => values[option] !== undefined);
    if (given !== undefined) throw usage(`--${given} means nothing with ${source}.`);
  };
  const { local, transcript, output } = values;
  const sources = positionals.length + (local === true ? 1 : 0) + (transcript === undefined ? 0 : 1);
  if (sources !== 1)
    throw usage(
      sources === 0
        ? 'Whom to ask? Give [user@]host, --local or --transcript FILE.'
        : 'One at a time: [user@]host, --local or --transcript FILE.',
    );
  if (output === undefined || output === '') throw usage('Where to? Give -o FILE (-o - is standard output).');
  const sudo = oneOf('collect', 'sudo', values.sudo ?? 'never', ['never', 'try', 'ask'] as const);
  if (transcript !== undefined) {
    refuse([...overSsh, 'sudo'], '--transcript');
    return { name: 'collect', source: { from: 'transcript', file: transcript }, output };
  }
  if (local === true) {
    refuse(overSsh, '--local');
    return { name: 'collect', source: { from: 'local', sudo }, output };
  }
  const port = portNumber('collect', values.port ?? '22');
  const source = {
    from: 'host',
    ...readDestination(positionals[0] ?? ''),
    port,
    sudo,
    keyFile: values.identity,
    knownHostsFile: values['known-hosts'],
    acceptNewHostKey: values['accept-new-host-key'] ?? false,
  } as const;
  return { name: 'collect', source, output };
}

function readTrace(args: readonly string[]): TraceCommand {
  const { values, positionals } = parse('trace', args, {
    protocol: { type: 'string' },
    port: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [file, from, to, more] = positionals;
  if (file === undefined || from === undefined || to === undefined)
    throw new UsageError('trace needs a snapshot FILE, FROM and TO.', 'trace');
  if (more !== undefined) throw new UsageError(`trace takes FILE, FROM and TO and nothing more: ${more}?`, 'trace');
  const { protocol } = values;
  return {
    name: 'trace',
    file,
    from,
    to,
    protocol:
      protocol === undefined ? undefined : oneOf('trace', 'protocol', protocol, ['tcp', 'udp', 'icmp'] as const),
    port: values.port === undefined ? undefined : portNumber('trace', values.port),
    format: values.json === true ? 'json' : 'text',
  };
}

function portNumber(command: CommandName, written: string): number {
  const port = Number(written);
  if (!/^\d+$/.test(written) || port < 1 || port > 65535)
    throw new UsageError(`--port is a number from 1 to 65535, not ${written}.`, command);
  return port;
}

function readExport(args: readonly string[]): ExportCommand {
  const { values, positionals } = parse('export', args, {
    output: { type: 'string', short: 'o' },
    format: { type: 'string' },
    theme: { type: 'string' },
    background: { type: 'string' },
    scale: { type: 'string' },
    'no-legend': { type: 'boolean' },
    'no-title': { type: 'boolean' },
    'show-loopback': { type: 'boolean' },
  });
  const usage = (message: string): UsageError => new UsageError(message, 'export');
  const { output } = values;
  if (output === undefined || output === '') throw usage('Where to? Give -o FILE.svg or -o FILE.png.');
  const ending = /\.([^./\\]+)$/.exec(output)?.[1]?.toLowerCase();
  const told = values.format ?? (ending === 'svg' || ending === 'png' ? ending : undefined);
  if (told === undefined)
    throw usage(`SVG or PNG? ${output} does not say: let it end in .svg or .png, or give --format.`);
  const format = oneOf('export', 'format', told, ['svg', 'png'] as const);
  if (format === 'svg' && values.scale !== undefined) throw usage('--scale is for PNG: an SVG has any size.');
  const scale = Number(values.scale ?? '2');
  if (!Number.isFinite(scale) || scale <= 0) throw usage(`--scale is a number above 0, not ${values.scale ?? ''}.`);
  return {
    name: 'export',
    file: only('export', positionals, 'a snapshot FILE'),
    output,
    format,
    theme: oneOf('export', 'theme', values.theme ?? 'light', ['light', 'dark'] as const),
    background: oneOf('export', 'background', values.background ?? 'theme', ['theme', 'transparent'] as const),
    scale,
    legend: values['no-legend'] !== true,
    title: values['no-title'] !== true,
    loopback: values['show-loopback'] === true,
  };
}

function parse<const T extends NonNullable<ParseArgsConfig['options']>>(
  command: CommandName,
  args: readonly string[],
  options: T,
) {
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

function only(command: CommandName, positionals: readonly string[], what: string): string {
  const [first, second] = positionals;
  if (first === undefined || first === '') throw new UsageError(`${command} needs ${what}.`, command);
  if (second !== undefined) throw new UsageError(`${command} takes ${what} and nothing more: ${second}?`, command);
  return first;
}

function oneOf<T extends string>(command: CommandName, option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${option} is ${allowed.join(' or ')}, not ${value}.`, command);
  return found;
}

// What the words of a command line ask for. Pure: no file is looked at here.
import { commandNames } from './command.ts';
import type {
  CaptureCommand,
  CollectCommand,
  Command,
  CommandName,
  ExportCommand,
  HostOrLocal,
  TraceCommand,
} from './command.ts';
import { readDestination } from './destination.ts';
import { UsageError } from './failure.ts';
import { oneOf, only, parse, portNumber, wholeNumber } from './options.ts';

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
  capture: readCapture,
  export: readExport,
};

/** Options of those commands that ask a host. */
const hostOptions = {
  port: { type: 'string', short: 'p' },
  identity: { type: 'string', short: 'i' },
  'known-hosts': { type: 'string' },
  'accept-new-host-key': { type: 'boolean' },
  sudo: { type: 'string' },
  local: { type: 'boolean' },
} as const;
const overSsh = ['port', 'identity', 'known-hosts', 'accept-new-host-key'] as const;

type HostValues = Readonly<
  Partial<Record<'port' | 'identity' | 'known-hosts' | 'sudo', string>> &
    Partial<Record<'accept-new-host-key' | 'local', boolean>>
>;

function readCollect(args: readonly string[]): CollectCommand {
  const { values, positionals } = parse('collect', args, {
    ...hostOptions,
    transcript: { type: 'string' },
    output: { type: 'string', short: 'o' },
  });
  const { local, transcript } = values;
  const sources = positionals.length + (local === true ? 1 : 0) + (transcript === undefined ? 0 : 1);
  if (sources !== 1)
    throw new UsageError(
      sources === 0
        ? 'Whom to ask? Give [user@]host, --local or --transcript FILE.'
        : 'One at a time: [user@]host, --local or --transcript FILE.',
      'collect',
    );
  const output = outputFile('collect', values.output);
  if (transcript === undefined) return { name: 'collect', source: readHost('collect', positionals[0], values), output };
  refuse('collect', [...overSsh, 'sudo'], values, '--transcript');
  return { name: 'collect', source: { from: 'transcript', file: transcript }, output };
}

function readHost(command: CommandName, destination: string | undefined, values: HostValues): HostOrLocal {
  const sudo = oneOf(command, 'sudo', values.sudo ?? 'never', ['never', 'try', 'ask'] as const);
  if (values.local === true) {
    refuse(command, overSsh, values, '--local');
    return { from: 'local', sudo };
  }
  return {
    from: 'host',
    ...readDestination(destination ?? '', command),
    port: portNumber(command, values.port ?? '22'),
    sudo,
    keyFile: values.identity,
    knownHostsFile: values['known-hosts'],
    acceptNewHostKey: values['accept-new-host-key'] ?? false,
  };
}

function refuse(command: CommandName, options: readonly (keyof HostValues)[], values: HostValues, with_: string): void {
  const given = options.find((option) => values[option] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} means nothing with ${with_}.`, command);
}

function outputFile(command: CommandName, output: string | undefined): string {
  if (output === undefined || output === '')
    throw new UsageError('Where to? Give -o FILE (-o - is standard output).', command);
  return output;
}

function readCapture(args: readonly string[]): CaptureCommand {
  const { values, positionals } = parse('capture', args, {
    ...hostOptions,
    netns: { type: 'string' },
    container: { type: 'string' },
    pid: { type: 'string' },
    interface: { type: 'string' },
    filter: { type: 'string' },
    packets: { type: 'string' },
    seconds: { type: 'string' },
    bytes: { type: 'string' },
    snaplen: { type: 'string' },
    'include-own': { type: 'boolean' },
    snapshot: { type: 'string' },
    output: { type: 'string', short: 'o' },
  });
  const usage = (message: string): UsageError => new UsageError(message, 'capture');
  if (positionals.length + (values.local === true ? 1 : 0) !== 1)
    throw usage(
      positionals.length > 1
        ? `capture takes one [user@]host, and options: ${positionals[1]}? A filter is --filter EXPRESSION.`
        : 'On which host? Give [user@]host or --local, one of them.',
    );
  const places = (['netns', 'container', 'pid'] as const).flatMap((by) => {
    const text = values[by];
    return text === undefined ? [] : [{ by, text }];
  });
  if (places.length > 1) throw usage('One place at a time: --netns, --container or --pid.');
  const { filter = '', snapshot } = values;
  if (filter.includes('\0')) throw usage('--filter is text.');
  const number = (option: 'packets' | 'seconds' | 'bytes' | 'snaplen', most: number): number | undefined =>
    values[option] === undefined ? undefined : wholeNumber('capture', option, values[option], most);
  return {
    name: 'capture',
    source: readHost('capture', positionals[0], values),
    snapshot,
    place: places[0],
    interface: values.interface,
    filter,
    packets: number('packets', 2_147_483_647),
    // As long as a timer can be.
    seconds: number('seconds', 2_147_483),
    bytes: number('bytes', Number.MAX_SAFE_INTEGER),
    snaplen: number('snaplen', 262_144),
    includeOwn: values['include-own'] ?? false,
    output: outputFile('capture', values.output),
  };
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

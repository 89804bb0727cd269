import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../../electron/cli/arguments.ts';
import { commandNames } from '../../../../electron/cli/command.ts';
import { UsageError } from '../../../../electron/cli/failure.ts';
import { help } from '../../../../electron/cli/help.ts';

const read = (line: string): unknown => readArguments(line.split(' ').filter((word) => word !== ''));

/** The message and whose help it names. */
function refusal(args: readonly string[]): readonly [string, string | undefined] {
  try {
    readArguments(args);
  } catch (error) {
    if (error instanceof UsageError) return [error.message, error.command];
    throw error;
  }
  throw new Error('It was accepted.');
}

const host = {
  from: 'host',
  user: undefined,
  host: 'web1',
  port: 22,
  sudo: 'never',
  keyFile: undefined,
  knownHostsFile: undefined,
  acceptNewHostKey: false,
};

describe('collect', () => {
  it('asks a host over SSH, as the login user, at port 22', () => {
    expect(read('collect web1 -o web1.nsatlas')).toEqual({ name: 'collect', source: host, output: 'web1.nsatlas' });
  });
  it('takes every option of the way there, before and after the host', () => {
    const source = {
      ...host,
      user: 'ec2-user',
      host: '192.0.2.1',
      port: 2222,
      sudo: 'ask',
      keyFile: 'key.pem',
      knownHostsFile: 'hosts',
      acceptNewHostKey: true,
    };
    const expected = { name: 'collect', source, output: '-' };
    const options = '--known-hosts hosts --accept-new-host-key --sudo ask -o -';
    expect(read(`collect -p 2222 -i key.pem ec2-user@192.0.2.1 ${options}`)).toEqual(expected);
    expect(read(`collect ec2-user@192.0.2.1 -p2222 --identity=key.pem ${options}`)).toEqual(expected);
  });
  it('asks this machine, with sudo when told', () => {
    expect(read('collect --local --sudo try -o x')).toMatchObject({ source: { from: 'local', sudo: 'try' } });
  });
  it('takes a transcript from a file or from standard input', () => {
    expect(read('collect --transcript t.txt -o x')).toMatchObject({ source: { from: 'transcript', file: 't.txt' } });
    expect(read('collect --transcript - -o x')).toMatchObject({ source: { from: 'transcript', file: '-' } });
  });
  it.each([
    ['collect -o x', 'Whom to ask? Give [user@]host, --local or --transcript FILE.'],
    ['collect a b -o x', 'One at a time: [user@]host, --local or --transcript FILE.'],
    ['collect a --local -o x', 'One at a time: [user@]host, --local or --transcript FILE.'],
    ['collect --local --transcript t -o x', 'One at a time: [user@]host, --local or --transcript FILE.'],
    ['collect a', 'Where to? Give -o FILE (-o - is standard output).'],
    ['collect a -o', '-o, --output needs a value.'],
    ['collect a -o --local', '-o needs a value.'],
    ['collect a -p 0 -o x', '--port is a number from 1 to 65535, not 0.'],
    ['collect a -p 65536 -o x', '--port is a number from 1 to 65535, not 65536.'],
    ['collect a -p 2e3 -o x', '--port is a number from 1 to 65535, not 2e3.'],
    ['collect a --sudo always -o x', '--sudo is never or try or ask, not always.'],
    ['collect --local -i key -o x', '--identity means nothing with --local.'],
    ['collect --transcript t --sudo try -o x', '--sudo means nothing with --transcript.'],
    ['collect a --local=yes -o x', '--local takes no value.'],
    ['collect a --foo -o x', 'There is no option --foo.'],
    ['collect a:2222 -o x', 'The port is an option of its own: -p 2222.'],
  ])('refuses: %s', (line, message) => {
    expect(refusal(line.split(' '))).toEqual([message, 'collect']);
  });
});

describe('show', () => {
  it('shows text unless told', () => {
    expect(read('show a.nsatlas')).toEqual({ name: 'show', file: 'a.nsatlas', format: 'text' });
    expect(read('show --format json -')).toEqual({ name: 'show', file: '-', format: 'json' });
  });
  it.each([
    ['show', 'show needs a snapshot FILE.'],
    ['show a b', 'show takes a snapshot FILE and nothing more: b?'],
    ['show a --format xml', '--format is text or json, not xml.'],
  ])('refuses: %s', (line, message) => {
    expect(refusal(line.split(' '))).toEqual([message, 'show']);
  });
});

describe('trace', () => {
  it('takes a snapshot, from and to', () => {
    const usual = { name: 'trace', file: 'a', from: 'nginx', to: 'internet', format: 'text' };
    expect(read('trace a nginx internet')).toEqual({ ...usual, protocol: undefined, port: undefined });
    expect(read('trace a nginx internet --protocol udp --port 53 --json')).toEqual({
      ...usual,
      protocol: 'udp',
      port: 53,
      format: 'json',
    });
  });
  it.each([
    ['trace a nginx', 'trace needs a snapshot FILE, FROM and TO.'],
    ['trace a b c d', 'trace takes FILE, FROM and TO and nothing more: d?'],
    ['trace a b c --port 0', '--port is a number from 1 to 65535, not 0.'],
    ['trace a b c --protocol sctp', '--protocol is tcp or udp or icmp, not sctp.'],
  ])('%s', (line, message) => {
    expect(refusal(line.split(' '))).toEqual([message, 'trace']);
  });
});

describe('capture', () => {
  const usual = {
    name: 'capture',
    source: host,
    snapshot: undefined,
    place: undefined,
    interface: undefined,
    filter: '',
    packets: undefined,
    seconds: undefined,
    bytes: undefined,
    snaplen: undefined,
    includeOwn: false,
    output: 'x.pcap',
  };
  it('everything in the host’s own network namespace, unless told', () => {
    expect(read('capture web1 -o x.pcap')).toEqual(usual);
    expect(read('capture --local --sudo try -o x.pcap')).toEqual({ ...usual, source: { from: 'local', sudo: 'try' } });
  });
  it('takes every option', () => {
    const limits = '--packets 10 --seconds 60 --bytes 1000000 --snaplen 96';
    const words = `capture web1 -o - --include-own --snapshot a.nsatlas ${limits} --netns net:[4026532182]`.split(' ');
    expect(readArguments([...words, '--filter', 'tcp port 80', '--interface=-r'])).toEqual({
      ...usual,
      snapshot: 'a.nsatlas',
      place: { by: 'netns', text: 'net:[4026532182]' },
      interface: '-r',
      filter: 'tcp port 80',
      packets: 10,
      seconds: 60,
      bytes: 1_000_000,
      snaplen: 96,
      includeOwn: true,
      output: '-',
    });
    expect(read('capture web1 --pid 12 -o x')).toMatchObject({ place: { by: 'pid', text: '12' } });
    expect(read('capture web1 --container a -o x')).toMatchObject({ place: { by: 'container', text: 'a' } });
  });
  it.each([
    ['capture -o x', 'On which host? Give [user@]host or --local, one of them.'],
    ['capture a --local -o x', 'On which host? Give [user@]host or --local, one of them.'],
    ['capture a icmp -o x', 'capture takes one [user@]host, and options: icmp? A filter is --filter EXPRESSION.'],
    ['capture a', 'Where to? Give -o FILE (-o - is standard output).'],
    ['capture a --pid 1 --netns host -o x', 'One place at a time: --netns, --container or --pid.'],
    ['capture a --packets 0 -o x', '--packets is a number from 1 to 2147483647, not 0.'],
    ['capture a --seconds 1.5 -o x', '--seconds is a number from 1 to 2147483, not 1.5.'],
    ['capture a --snaplen 300000 -o x', '--snaplen is a number from 1 to 262144, not 300000.'],
    ['capture --local -p 22 -o x', '--port means nothing with --local.'],
    ['capture a:22 -o x', 'The port is an option of its own: -p 22.'],
  ])('refuses: %s', (line, message) => {
    expect(refusal(line.split(' '))).toEqual([message, 'capture']);
  });
});

describe('export', () => {
  const usual = { theme: 'light', background: 'theme', scale: 2, legend: true, title: true, loopback: false };
  it('knows the format by the name', () => {
    const picture = { name: 'export', file: 'a', ...usual };
    expect(read('export a -o x.svg')).toEqual({ ...picture, output: 'x.svg', format: 'svg' });
    expect(read('export a -o X.PNG')).toEqual({ ...picture, output: 'X.PNG', format: 'png' });
    expect(read('export a -o - --format png')).toEqual({ ...picture, output: '-', format: 'png' });
  });
  it('takes every option of the picture', () => {
    const options = '--theme dark --background transparent --scale 1.5 --no-legend --no-title --show-loopback';
    const expected = { theme: 'dark', background: 'transparent', scale: 1.5, legend: false, title: false };
    expect(read(`export a -o x.png ${options}`)).toMatchObject({ ...expected, loopback: true });
  });
  it.each([
    ['export a', 'Where to? Give -o FILE.svg or -o FILE.png.'],
    ['export -o x.svg', 'export needs a snapshot FILE.'],
    ['export a -o x.jpg', 'SVG or PNG? x.jpg does not say: let it end in .svg or .png, or give --format.'],
    [
      'export a -o folder.svg/x',
      'SVG or PNG? folder.svg/x does not say: let it end in .svg or .png, or give --format.',
    ],
    ['export a -o x.svg --scale 2', '--scale is for PNG: an SVG has any size.'],
    ['export a -o x.png --scale 0', '--scale is a number above 0, not 0.'],
    ['export a -o x.png --scale big', '--scale is a number above 0, not big.'],
    ['export a -o x.svg --theme blue', '--theme is light or dark, not blue.'],
  ])('refuses: %s', (line, message) => {
    expect(refusal(line.split(' '))).toEqual([message, 'export']);
  });
});

describe('everything else', () => {
  it('prints the script, the version, help', () => {
    expect(read('script')).toEqual({ name: 'script' });
    expect(read('--version')).toEqual({ name: 'version' });
    expect(read('--help')).toEqual({ name: 'help', about: undefined });
    expect(read('help export')).toEqual({ name: 'help', about: 'export' });
    expect(read('collect --no-such -h')).toEqual({ name: 'help', about: 'collect' });
  });
  it.each([
    ['', 'There is no command.'],
    ['shwo x', 'There is no command shwo. There are: collect, script, show, trace, capture, export.'],
    ['-o x collect', 'A command comes first, not -o: collect, script, show, trace, capture, export.'],
    ['help me', 'There is no command me. There are: collect, script, show, trace, capture, export.'],
  ])('refuses: %s', (line, message) => {
    expect(refusal(line.split(' ').filter((word) => word !== ''))).toEqual([message, undefined]);
  });
});

describe('help', () => {
  it.each([undefined, ...commandNames])('of %s fits a terminal of 80 columns', (name) => {
    const lines = help(name).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.at(-1)).toBe('');
  });
  it('names every option', () => {
    const collect = ['-p', '-i', '-o', '--known-hosts', '--accept-new-host-key', '--sudo', '--local', '--transcript'];
    for (const option of collect) expect(help('collect')).toContain(option);
    const picture = ['-o', '--theme', '--background', '--scale', '--no-legend', '--no-title', '--show-loopback'];
    for (const option of picture) expect(help('export')).toContain(option);
    expect(help('show')).toContain('--format');
  });
});

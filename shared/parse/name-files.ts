// Files about names of many processes, from `grep -aHvE '^[[:space:]]*([#;]|$)'`: comments and empty lines are left out.
//
//   /proc/9/root/etc/resolv.conf:nameserver 10.0.2.3
//   /proc/9/root/run/systemd/resolve/stub-resolv.conf:nameserver 127.0.0.53     where /etc/resolv.conf is a link to it
//
// resolv.conf(5): a keyword at the beginning of its line. Of `search` and `domain` the last one counts; of `nameserver`
// and `options` all do. hosts(5): an address, then names; `#` ends a line. nsswitch.conf(5): `hosts: files dns`.
import type { HostsEntry, Nameserver } from '../model/name-resolution.ts';
import type { Evidence } from '../model/evidence.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';

/** One line of a file below the root directory of a process. */
export interface NameFileLine {
  readonly pid: number;
  /** `/etc/resolv.conf`, as it was read: symbolic links are followed. */
  readonly path: string;
  readonly text: string;
  readonly evidence: Evidence;
}

export function parseNameFiles(source: Source): Parsed<NameFileLine> {
  const facts: NameFileLine[] = [];
  const foreign: Unparsable[] = [];
  const unparsable = forEachProcLine(source, ({ pid, file, content, line }) => {
    if (file.startsWith('root/')) {
      facts.push({ pid, path: file.slice('root'.length), text: content, evidence: evidenceAt(source, line) });
    } else foreign.push(unparsableAt(source, line, content));
  });
  return { facts, unparsable: [...unparsable, ...foreign] };
}

/** What a symbolic link leads to, both below the root directory of one process. */
export interface NameLink {
  readonly pid: number;
  readonly path: string;
  readonly leadsTo: string;
  readonly evidence: Evidence;
}

/** `/proc/9/root/etc/resolv.conf /proc/9/root/run/systemd/resolve/stub-resolv.conf` */
export function parseNameLinks(source: Source): Parsed<NameLink> {
  const facts: NameLink[] = [];
  const unparsable: Unparsable[] = [];
  source.output.split('\n').forEach((text, index) => {
    if (text === '') return;
    const match = linkPattern.exec(text);
    if (match?.[2] === undefined || match[3] === undefined) unparsable.push(unparsableAt(source, index + 1, text));
    else {
      const evidence = evidenceAt(source, index + 1);
      facts.push({ pid: Number(match[1]), path: match[2], leadsTo: match[3], evidence });
    }
  });
  return { facts, unparsable };
}

const linkPattern = /^\/proc\/(\d+)\/root(\/\S+) \/proc\/\1\/root(\/\S+)$/;

/** Files that were not read, from `ls -ldn`: too large, or no ordinary file. */
export interface OddFile {
  readonly pid: number;
  readonly path: string;
  /** The whole line. */
  readonly text: string;
  readonly isFile: boolean;
  readonly evidence: Evidence;
}

export function parseOddFiles(source: Source): Parsed<OddFile> {
  const facts: OddFile[] = [];
  const unparsable: Unparsable[] = [];
  source.output.split('\n').forEach((text, index) => {
    if (text === '') return;
    const match = oddPattern.exec(text);
    if (match?.[2] === undefined) unparsable.push(unparsableAt(source, index + 1, text));
    else {
      const evidence = evidenceAt(source, index + 1);
      facts.push({ pid: Number(match[1]), path: match[2], text, isFile: text.startsWith('-'), evidence });
    }
  });
  return { facts, unparsable };
}

const oddPattern = /^[-bcdlps]\S* .* \/proc\/(\d+)\/root(\/\S+)$/;

type Line = Pick<NameFileLine, 'text' | 'evidence'>;

export interface ResolvConf {
  readonly nameservers: readonly Nameserver[];
  readonly search: readonly string[];
  readonly options: readonly string[];
  readonly unparsable: readonly Unparsable[];
}

export function readResolvConf(lines: readonly Line[]): ResolvConf {
  const nameservers: Nameserver[] = [];
  let search: readonly string[] = [];
  const options: string[] = [];
  const unparsable: Unparsable[] = [];
  for (const { text, evidence } of lines) {
    const [keyword, ...words] = text
      .replace(/[ \t][#;].*$/, '')
      .trimEnd()
      .split(/[ \t]+/);
    const [first] = words;
    if (keyword === 'nameserver' && first !== undefined) nameservers.push({ address: first, evidence: [evidence] });
    else if (keyword === 'search') search = words;
    else if (keyword === 'domain' && first !== undefined) search = [first];
    else if (keyword === 'options') options.push(...words);
    else if (keyword !== 'sortlist') unparsable.push({ evidence, text: text.slice(0, 160) });
  }
  return { nameservers, search, options, unparsable };
}

export function readHosts(lines: readonly Line[]): {
  readonly hosts: readonly HostsEntry[];
  readonly unparsable: readonly Unparsable[];
} {
  const hosts: HostsEntry[] = [];
  const unparsable: Unparsable[] = [];
  for (const { text, evidence } of lines) {
    const [address, ...names] = text
      .replace(/#.*$/, '')
      .trim()
      .split(/[ \t]+/);
    if (address !== undefined && addressPattern.test(address) && names.length > 0) {
      hosts.push({ address, names, evidence: [evidence] });
    } else unparsable.push({ evidence, text: text.slice(0, 160) });
  }
  return { hosts, unparsable };
}

const addressPattern = /^[0-9a-fA-F:.]+(%\S+)?$/;

/** The sources of the line `hosts:`; what stands in brackets between them is kept. */
export function readLookUpOrder(lines: readonly Line[]): readonly string[] | undefined {
  const line = lines.map(({ text }) => /^[ \t]*hosts:(.*)$/.exec(text)?.[1]).find((rest) => rest !== undefined);
  return line
    ?.replace(/#.*$/, '')
    .trim()
    .split(/[ \t]+/);
}

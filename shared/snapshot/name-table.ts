// How the processes of each mount namespace find names, and what each UTS namespace is called.
import { parseNamespaceId, processId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Evidence } from '../model/evidence.ts';
import type { NameFile, NameResolution } from '../model/name-resolution.ts';
import type { Frame } from '../model/transcript.ts';
import { parseFileMounts } from '../parse/file-mounts.ts';
import type { FileMount } from '../parse/file-mounts.ts';
import { parseHostname } from '../parse/hostname.ts';
import {
  parseNameFiles,
  parseNameLinks,
  parseOddFiles,
  readHosts,
  readLookUpOrder,
  readResolvConf,
} from '../parse/name-files.ts';
import type { NameFileLine, NameLink } from '../parse/name-files.ts';
import type { Parsed } from '../parse/parsed.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import type { ProcessRow } from './process-table.ts';

type Rows = ReadonlyMap<number, ProcessRow>;

const etcFiles = ['/etc/resolv.conf', '/etc/hosts', '/etc/hostname', '/etc/nsswitch.conf'] as const;
/** systemd-resolved's list of the nameservers it asks itself. */
const upstreamFile = '/run/systemd/resolve/resolv.conf';

export function readNameResolution(frames: Frames, log: FindingLog, rows: Rows): readonly NameResolution[] {
  const read = <T>(section: string, parse: (frame: Frame) => Parsed<T>): readonly T[] =>
    frames.of(section).flatMap((frame) => {
      const { facts, unparsable } = parse(frame);
      log.unparsable(unparsable);
      return facts;
    });
  reportNotAsked(frames, log, rows);
  for (const { pid, path, text, isFile, evidence } of read('name-odd', parseOddFiles)) {
    log.add({
      rule: isFile ? 'names.large-file' : 'names.no-file',
      kind: isFile ? 'too-large' : 'not-supported',
      cause: path,
      subject: rows.get(pid)?.namespaces.mnt ?? processId(pid),
      values: { path },
      example: text,
      evidence: [evidence],
    });
  }
  const lines = byProcess(read('name-file', parseNameFiles));
  const links = byProcess(read('name-link', parseNameLinks));
  const mounts = byProcess(read('mountinfo', (frame) => parseFileMounts(frame, etcFiles)));
  const found = new Map<NamespaceId, NameResolution>();
  for (const [pid, ofProcess] of lines) {
    const mountNamespace = rows.get(pid)?.namespaces.mnt;
    if (mountNamespace === undefined || found.has(mountNamespace)) continue;
    const names = resolutionOf(pid, mountNamespace, ofProcess, links.get(pid) ?? [], mounts.get(pid) ?? [], log);
    found.set(mountNamespace, names);
  }
  return [...found.values()];
}

function resolutionOf(
  pid: number,
  mountNamespace: NamespaceId,
  lines: readonly NameFileLine[],
  links: readonly NameLink[],
  mounts: readonly FileMount[],
  log: FindingLog,
): NameResolution {
  const linkAt = (path: string) => links.find((link) => link.path === path);
  const linesOf = (path: string) => lines.filter((line) => line.path === (linkAt(path)?.leadsTo ?? path));
  const told = <T extends Pick<Parsed<unknown>, 'unparsable'>>(file: T): T => {
    log.unparsable(file.unparsable, mountNamespace);
    return file;
  };
  const [resolv, hosts, hostname, nsswitch] = etcFiles;
  const { nameservers, search, options } = told(readResolvConf(linesOf(resolv)));
  const asksItself = linkAt(resolv)?.leadsTo === upstreamFile;
  const upstream = asksItself ? [] : readResolvConf(linesOf(upstreamFile)).nameservers;
  const name = linesOf(hostname)[0]?.text.trim();
  const lookUp = readLookUpOrder(linesOf(nsswitch));
  const files = etcFiles.flatMap((path): readonly NameFile[] => {
    const link = linkAt(path);
    const mount = mounts.find(({ mountPoint }) => mountPoint === (link?.leadsTo ?? path));
    const evidence = [linesOf(path)[0]?.evidence, link?.evidence, mount?.evidence].filter(isThere);
    if (evidence.length === 0) return [];
    return [
      {
        path,
        ...(link && { leadsTo: link.leadsTo }),
        ...(mount && { mountedFrom: mount.root }),
        evidence,
      },
    ];
  });
  return {
    mountNamespace,
    readThrough: processId(pid),
    ...{ nameservers, search, options, upstream },
    hosts: told(readHosts(linesOf(hosts))).hosts,
    ...(name !== undefined && name !== '' && { hostname: name }),
    ...(lookUp !== undefined && { lookUp }),
    files,
    evidence: files.flatMap(({ evidence }) => evidence.slice(0, 1)),
  };
}

const isThere = (evidence: Evidence | undefined): evidence is Evidence => evidence !== undefined;

/** Hosts with very many mount namespaces are asked for the first ones only. */
function reportNotAsked(frames: Frames, log: FindingLog, rows: Rows): void {
  const [frame] = frames.of('name-root');
  if (!frame) return;
  const asked = new Set([...frame.command.matchAll(/\/proc\/(\d+)\/root\/etc/g)].map((match) => Number(match[1])));
  if (asked.size < mostMountNamespaces) return;
  const known = new Set([...asked].map((pid) => rows.get(pid)?.namespaces.mnt));
  for (const { namespaces } of rows.values()) {
    if (namespaces.mnt === undefined || known.has(namespaces.mnt)) continue;
    const evidence = [{ frame: frame.index, section: frame.section }];
    const limit = mostMountNamespaces;
    log.add({ rule: 'names.not-asked', kind: 'too-large', subject: namespaces.mnt, values: { limit }, evidence });
  }
}

/** As electron/collect/remote/names.sh has them. */
const mostMountNamespaces = 256;
const mostUtsNamespaces = 64;

/** Of UTS namespaces; that of the collector's own was told by uname. */
export function readHostnames(
  frames: Frames,
  log: FindingLog,
  rows: Rows,
  collectorPid: number | undefined,
): ReadonlyMap<NamespaceId, { readonly hostname: string; readonly evidence: Evidence }> {
  const names = new Map<NamespaceId, { readonly hostname: string; readonly evidence: Evidence }>();
  const uname = frames.one('host', 'uname');
  const own = collectorPid === undefined ? undefined : rows.get(collectorPid)?.namespaces.uts;
  const ownName = uname?.output.split(' ')[1];
  if (own !== undefined && uname && ownName !== undefined && ownName !== '') {
    names.set(own, { hostname: ownName, evidence: { frame: uname.index, section: uname.section } });
  }
  const asked = frames.of('hostname');
  for (const frame of asked) {
    const uts = parseNamespaceId(frame.key);
    const hostname = parseHostname(frame.output);
    if (uts?.kind !== 'uts' || hostname === undefined) continue;
    names.set(uts.id, { hostname, evidence: { frame: frame.index, section: frame.section, line: 1 } });
  }
  const last = asked.at(-1);
  if (last && asked.length >= mostUtsNamespaces) {
    const known = new Set(asked.map(({ key }) => key));
    for (const { namespaces } of rows.values()) {
      if (namespaces.uts === undefined || namespaces.uts === own || known.has(namespaces.uts)) continue;
      const evidence = [{ frame: last.index, section: last.section }];
      const values = { limit: mostUtsNamespaces };
      log.add({ rule: 'names.hostname-not-asked', kind: 'too-large', subject: namespaces.uts, values, evidence });
    }
  }
  return names;
}

function byProcess<T extends { readonly pid: number }>(facts: readonly T[]): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const one of facts) {
    const group = groups.get(one.pid);
    if (group) group.push(one);
    else groups.set(one.pid, [one]);
  }
  return groups;
}

// Which host keys are known, and what to think of one that a host shows.
//
// Format (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): one key per line, fields separated by blanks:
//   [@revoked|@cert-authority] HOSTS TYPE BASE64 [comment]
// HOSTS is a comma list of patterns with * and ?, a leading ! excludes; a port other than 22 is written [host]:port;
// or one hashed name, |1|base64(salt)|base64(HMAC-SHA1(salt, name)). Lines that begin with # are comments.
// Semantics are those of OpenSSH's hostfile.c and sshconnect.c (check_host_key). Certificates are not supported, so
// @cert-authority lines vouch for nothing here.
import { createHmac } from 'node:crypto';

export interface KnownHost {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  readonly hosts: string;
  readonly keyType: string;
  /** SSH wire format. */
  readonly key: Buffer;
}

export type HostKeyVerdict =
  | { readonly kind: 'known'; readonly entry: KnownHost }
  | { readonly kind: 'unknown' }
  /** `entry` is the first line that names this host with another key. */
  | { readonly kind: 'changed'; readonly entry: KnownHost }
  | { readonly kind: 'revoked'; readonly entry: KnownHost };

/** Lines that make no sense are left out, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const fields = line.trim().split(/[ \t]+/);
    if (fields[0] === '' || fields[0]?.startsWith('#')) return [];
    const marker = fields[0]?.startsWith('@') ? fields.shift()?.slice(1) : undefined;
    if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return [];
    const [hosts, keyType, base64] = fields;
    if (hosts === undefined || keyType === undefined || base64 === undefined) return [];
    return [{ file, line: index + 1, marker, hosts, keyType, key: Buffer.from(base64, 'base64') }];
  });
}

/** The name a host goes by in these files. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Does the HOSTS field name this host? */
export function namesHost(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return hashedNameIs(hosts, name);
  const patterns = hosts.toLowerCase().split(',');
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern, name));
}

/** Key types known for a host; those of revoked keys and authorities do not count. */
export function knownKeyTypes(entries: readonly KnownHost[], host: string, port: number): readonly string[] {
  const name = knownHostsName(host, port);
  const own = entries.filter((entry) => entry.marker === undefined && namesHost(entry.hosts, name));
  return [...new Set(own.map((entry) => entry.keyType))];
}

/**
 * A host with an own port that is not in the files under that port counts as known when its plain name is there with
 * the same key, but never as changed because of that name: another machine may answer there.
 */
export function judgeHostKey(
  entries: readonly KnownHost[],
  host: string,
  port: number,
  key: Uint8Array,
): HostKeyVerdict {
  const name = knownHostsName(host, port);
  const own = entries.filter((entry) => namesHost(entry.hosts, name));
  const plain = port === 22 ? [] : entries.filter((entry) => namesHost(entry.hosts, knownHostsName(host, 22)));
  const same = (entry: KnownHost): boolean => entry.key.equals(key);
  const revoked = [...own, ...plain].find((entry) => entry.marker === 'revoked' && same(entry));
  if (revoked !== undefined) return { kind: 'revoked', entry: revoked };
  const plainly = (entry: KnownHost): boolean => entry.marker === undefined;
  const known = own.filter(plainly).find(same);
  if (known !== undefined) return { kind: 'known', entry: known };
  const other = own.find(plainly);
  if (other !== undefined) return { kind: 'changed', entry: other };
  const elsewhere = plain.filter(plainly).find(same);
  return elsewhere === undefined ? { kind: 'unknown' } : { kind: 'known', entry: elsewhere };
}

/** Other names the same key is known by; hashed names cannot be told. */
export function namesOfKey(entries: readonly KnownHost[], key: Uint8Array): readonly string[] {
  const same = entries.filter((entry) => entry.marker === undefined && entry.key.equals(key));
  return [...new Set(same.flatMap((entry) => (entry.hosts.startsWith('|') ? [] : entry.hosts.split(','))))];
}

/** One line to append, newline included. */
export function knownHostsLine(host: string, port: number, keyType: string, key: Uint8Array): string {
  return `${knownHostsName(host, port)} ${keyType} ${Buffer.from(key).toString('base64')}\n`;
}

function hashedNameIs(hosts: string, name: string): boolean {
  const [, version, salt, hash] = hosts.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

/** `*`: any characters; `?`: exactly one; everything else, brackets too, stands for itself. */
function matches(pattern: string, name: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 's').test(name);
}

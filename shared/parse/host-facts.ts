// The small answers about the host itself, section `host`. Each is a line or a few; `undefined` when it has not the form.
import { firstLine } from './lines.ts';

/** `uname -s -n -r -m`: `Linux ip-172-31-40-91 6.1.112-124.190.amzn2023.x86_64 x86_64` */
export function parseUname(
  output: string,
): { readonly hostname: string; readonly kernel: string; readonly architecture: string } | undefined {
  const [system, hostname, kernel, architecture] = firstLine(output)?.split(' ') ?? [];
  return system && hostname && kernel && architecture ? { hostname, kernel, architecture } : undefined;
}

/** PRETTY_NAME of os-release(5): `PRETTY_NAME="Amazon Linux 2023"`, shell quoting. */
export function parseOsRelease(output: string): string | undefined {
  const line = output.split('\n').findLast((text) => text.startsWith('PRETTY_NAME='));
  const value = line?.slice('PRETTY_NAME='.length).trim() ?? '';
  const quoted = /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
  return quoted.replace(/\\(["'`$\\])/g, '$1') || undefined;
}

/** `id`: `uid=1000(ec2-user) gid=1000(ec2-user) groups=…`; an account without a name has no brackets. */
export function parseId(output: string): { readonly uid: number; readonly name: string } | undefined {
  const match = /^uid=(\d+)(?:\(([^)]*)\))?/.exec(output);
  return match ? { uid: Number(match[1]), name: match[2] ?? match[1] ?? '' } : undefined;
}

/** What sudo tells of who called it: SUDO_UID and SUDO_USER, `1000 ec2-user`. */
export function parseLogin(output: string): { readonly uid: number; readonly name: string } | undefined {
  const match = /^(\d+) (\S.*)$/.exec(firstLine(output) ?? '');
  return match?.[2] === undefined ? undefined : { uid: Number(match[1]), name: match[2] };
}

/** One number alone, as `echo $$` prints it. */
export function parseNumber(output: string): number | undefined {
  const line = firstLine(output);
  return line !== undefined && /^\d+$/.test(line) ? Number(line) : undefined;
}

/** /proc/uptime: seconds since boot, seconds idle; `76.21 150.02`. */
export function parseUptime(output: string): number | undefined {
  const match = /^(\d{1,11}(?:\.\d+)?) /.exec(output);
  return match ? Number(match[1]) : undefined;
}

/** An ISO 8601 time in UTC, as `date -u +%Y-%m-%dT%H:%M:%SZ` prints it. */
export function parseDate(output: string): string | undefined {
  const line = firstLine(output);
  return line !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(line) ? line : undefined;
}

/** A UUID, as /proc/sys/kernel/random/boot_id has it. */
export function parseBootId(output: string): string | undefined {
  const line = firstLine(output);
  return line !== undefined && /^[0-9a-f-]{36}$/.test(line) ? line : undefined;
}

/** Byte order of the machine by `uname -m`, for what /proc prints from memory (sockets.ts). */
export function byteOrderOf(architecture: string): 'little' | 'big' {
  return /^(s390x?|ppc(64)?|m68k|parisc(64)?|sparc(64)?|armv\w*b|aarch64_be)$/.test(architecture) ? 'big' : 'little';
}

// Numbers and addresses as people read them.
import type { Profile } from '../../shared/ipc/contract.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, in the largest unit that says something: the unit and how many of it. */
export function age(
  iso: string,
  now: number,
): { readonly unit: 'now' | 'minute' | 'hour' | 'day'; readonly count: number } {
  // A host's or a file's clock may run ahead of ours: that is "now", never "in the future".
  const past = Math.max(0, now - Date.parse(iso));
  if (!Number.isFinite(past) || past < minute) return { unit: 'now', count: 0 };
  if (past < hour) return { unit: 'minute', count: Math.floor(past / minute) };
  if (past < day) return { unit: 'hour', count: Math.floor(past / hour) };
  return { unit: 'day', count: Math.floor(past / day) };
}

/** `840 B`, `12 KB`, `1.4 MB`: 1 KB is 1,000 bytes, as file managers count. */
export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  if (count < 999_500) return `${Math.round(count / 1_000)} KB`;
  const megabytes = count / 1_000_000;
  return megabytes < 99.95 ? `${megabytes.toFixed(1)} MB` : `${Math.round(megabytes)} MB`;
}

/** `0.04 s`, `1.2 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** `ec2-user@172.31.40.91`, with the port where it is not SSH's own. */
export const addressOf = ({ user, host, port }: Pick<Profile, 'user' | 'host' | 'port'>): string =>
  `${user}@${host}${port === 22 ? '' : `:${port}`}`;

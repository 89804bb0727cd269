// A file name made of what a host calls itself: foreign text, so only what is harmless everywhere is kept.

/** `ec2-user@172.31.40.91 2026-01-31 09.30.nsatlas`. `extension` without the dot. */
export function suggestedFileName(hostLabel: string, collectedAt: string, extension: string): string {
  const host = hostLabel
    .replace(/[^\p{L}\p{N}@._ -]/gu, '-')
    .replace(/^[.\s-]+|[.\s-]+$/g, '')
    .slice(0, 80);
  const time = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)/.exec(collectedAt);
  const when = time === null ? '' : ` ${time[1]} ${time[2]}.${time[3]}`;
  return `${host === '' ? 'host' : host}${when}.${extension}`;
}

// Older headers, made as the newest is: one function for each step, from version N to N + 1. Transcripts are never
// changed; their own version is on their first line.

type Header = Readonly<Record<string, unknown>>;

/** `steps[1]` makes version 2 of version 1. */
const steps: Readonly<Record<number, (header: Header) => Header>> = {};

export function migrateHeader(header: object, from: number, to: number): Header {
  let migrated: Header = { ...header };
  for (let version = from; version < to; version += 1) {
    const step = steps[version];
    if (step) migrated = { ...step(migrated), formatVersion: version + 1 };
  }
  return migrated;
}

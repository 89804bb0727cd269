// Uids read from inside another user namespace, counted as the login user counts them. The kernel shows ids in the
// reader's user namespace (status, /proc/net/tcp); the id map of that namespace, read from outside, leads back.
import type { IdMapLine } from '../parse/id-map.ts';
import { insideOf } from './frames.ts';
import type { Frame } from '../model/transcript.ts';

/** `undefined`: the map is not known, or does not map it (the kernel then shows 65534). */
export type IdTranslation = (frame: Frame, uid: number) => number | undefined;

export function idTranslation(
  maps: readonly IdMapLine[],
  sameUserNamespace: (reader: number, mapped: number) => boolean,
): IdTranslation {
  const mapOf = new Map<number, readonly IdMapLine[]>();
  return (frame, uid) => {
    const reader = insideOf(frame);
    if (reader === undefined) return uid;
    if (!mapOf.has(reader)) {
      mapOf.set(
        reader,
        maps.filter((line) => line.of === 'uid' && sameUserNamespace(reader, line.pid)),
      );
    }
    const range = mapOf.get(reader)?.find(({ range: { inside, length } }) => uid >= inside && uid < inside + length);
    return range && range.range.outside + uid - range.range.inside;
  };
}

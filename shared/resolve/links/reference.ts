// What a link says of its other end, read in one place.
import type { NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import { onlyOne } from '../known.ts';

export type Reference =
  /** In the same network namespace, by name or index. */
  | { readonly where: 'same'; readonly name?: string; readonly ifindex?: number }
  /** In the one this network namespace calls `netnsid`; undefined: it has no id for it (the kernel says -1). */
  | {
      readonly where: 'other';
      readonly netnsid: number | undefined;
      /** The file under /run/netns that ip found for the id, where it prints that instead. */
      readonly netnsName?: string;
      readonly ifindex: number;
    };

export function referenceOf(link: Link): Reference | undefined {
  const { lower } = link;
  if (!lower || lower.none) return undefined;
  if (lower.netnsid !== undefined || lower.netnsName !== undefined) {
    const known = lower.netnsid !== undefined && lower.netnsid >= 0;
    return {
      where: 'other',
      netnsid: known ? lower.netnsid : undefined,
      ...(lower.netnsName === undefined ? {} : { netnsName: lower.netnsName }),
      ifindex: otherIfindex(link),
    };
  }
  if (lower.name === undefined && lower.ifindex === undefined) return undefined;
  return {
    where: 'same',
    ...(lower.name === undefined ? {} : { name: lower.name }),
    ...(lower.ifindex === undefined ? {} : { ifindex: lower.ifindex }),
  };
}

/**
 * Kernels before 4.? leave IFLA_LINK out when the other end's index equals the link's own (rtnl_fill_ifinfo:
 * `if (dev->ifindex != dev_get_iflink(dev))`), so a netns id without an index means: the same index.
 */
function otherIfindex(link: Link): number {
  return link.lower?.ifindex ?? link.ifindex;
}

/** The link a reference within one network namespace means. iproute2 prints `ifN` where it knows no name. */
export function inSameNetns(
  reference: Extract<Reference, { where: 'same' }>,
  links: readonly Link[],
): Link | undefined {
  if (reference.ifindex !== undefined) return links.find((link) => link.ifindex === reference.ifindex);
  const named = links.filter((link) => link.name === reference.name);
  return named.length === 0 ? links.find((link) => `if${link.ifindex}` === reference.name) : onlyOne(named);
}

/** Key of one netns id as one observer counts it. */
export const idKey = (observer: NamespaceId, netnsid: number): string => `${observer}/${netnsid}`;

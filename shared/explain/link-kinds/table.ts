// All kinds that are known, and what of a link is shown. A kind that is not known shows all it says, in its own words.
import type { Link } from '../../model/link.ts';
import { ends } from './ends.ts';
import type { Detail, LinkKind } from './kind.ts';
import { overlays } from './overlays.ts';
import { pairs } from './pairs.ts';
import { ports } from './ports.ts';
import { stacked } from './stacked.ts';
import { switches } from './switches.ts';
import { tunnels } from './tunnels.ts';

export const linkKinds: ReadonlyMap<string, LinkKind> = new Map(
  [...pairs, ...switches, ...stacked, ...tunnels, ...overlays, ...ends].map((one) => [one.kind, one]),
);
const portKinds: ReadonlyMap<string, LinkKind> = new Map(ports.map((one) => [one.kind, one]));

/** A member of its data with its value. */
export interface Said extends Detail {
  readonly value: unknown;
}

export const saidAsLink = (link: Link): readonly Said[] => said(linkKinds.get(link.kind), link.data);

export const saidAsPort = (link: Link): readonly Said[] =>
  link.portKind === undefined ? [] : said(portKinds.get(link.portKind), link.portData ?? {});

type Data = Readonly<Record<string, unknown>>;

/** What a driver may say is no more than a screen can hold. */
const mostOfUnknownKind = 40;

function said(known: LinkKind | undefined, data: Data): readonly Said[] {
  const details: readonly Detail[] =
    known?.details ??
    Object.keys(data)
      .slice(0, mostOfUnknownKind)
      .map((member) => ({ member }));
  return details.flatMap((detail) => {
    const value = valueAt(data, detail.member);
    return isTold(value) ? [{ ...detail, value }] : [];
  });
}

/** What a link says under one name; `ad_info.partner_mac` is in an object. */
export function valueAt(data: Data, member: string): unknown {
  return member.split('.').reduce<unknown>((value, name) => {
    const inside = typeof value === 'object' && value !== null ? (value as Data) : {};
    return Object.hasOwn(inside, name) ? inside[name] : undefined;
  }, data);
}

const isTold = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

// Whether a link is up, as far as it was told: `UP` is what somebody set, `NO-CARRIER` what is at the other end.
import type { Link } from '../model/link.ts';
import type { Doubt } from './path.ts';

/** Files in /proc tell no flags at all; ip always tells some. */
const isTold = ({ flags }: Link): boolean => flags.length > 0;

export const isDown = (link: Link): boolean => isTold(link) && !link.flags.includes('UP');

export const hasNoCarrier = ({ flags }: Link): boolean => flags.includes('NO-CARRIER');

export const stateDoubts = (link: Link): readonly Doubt[] =>
  isTold(link) ? [] : [{ code: 'link-state', text: link.name }];

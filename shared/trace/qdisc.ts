// What may delay or drop what leaves by a device: a queueing discipline that somebody chose (tc(8)).
//
// ip tells the one at the root alone. clsact and ingress, and the filters and programs at any of them, are not told.
import type { Link } from '../model/link.ts';
import type { Doubt } from './path.ts';

/** The kernel's own, which drop nothing unless there is too much of it; `noop` is that of a device that is down. */
const own: ReadonlySet<string> = new Set(['noqueue', 'pfifo_fast', 'fq_codel', 'fq', 'mq', 'noop']);

export const atQueue = (link: Link | undefined): readonly Doubt[] =>
  link?.qdisc === undefined || own.has(link.qdisc) ? [] : [{ code: 'qdisc', text: `${link.name}: ${link.qdisc}` }];

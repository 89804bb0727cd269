// The path of a packet from A to B, as the kernel would send it by what the host said: hop by hop, each with its evidence.
//
// Start here: a packet is sent or comes in (walk.ts), is looked up in the routes (policy.ts, tables.ts), meets the firewall
// (hooks.ts, chains.ts), goes out at a device and is heard by others (segment.ts, bridge.ts), and ends (deliver.ts).
import type { Model } from '../model/model.ts';
import { lookAt } from './look.ts';
import type { NotTraced, Trace, TraceRequest } from './path.ts';
import { beginOf } from './places.ts';
import { Walk } from './walk.ts';

/** Pure, bounded, never throws on what a host said. */
export function tracePath(model: Model, request: TraceRequest): Trace | NotTraced {
  const look = lookAt(model);
  const begin = beginOf(look, request);
  if ('problem' in begin) return begin;
  const walk = new Walk(look);
  walk.begin(begin);
  return { packet: begin.packet, paths: walk.paths, more: walk.more };
}

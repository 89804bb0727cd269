// What a person writes for where a packet begins and where it goes: on the command line and in the window.
//
//   outside                      from the network, at the host            internet
//   nginx-d8e2d                  a container, a network namespace by name, or the only process of that name
//   1234, pid:1234               a process                                nginx-d8e2d:80, 1234:53
//   net:[4026532182]             a network namespace                      10.4.0.9, 10.4.0.9:80, [fd00::2]:80, fd00::2
import { rangeOf } from '../model/address-range.ts';
import type { Model } from '../model/model.ts';
import { programName } from '../model/program-name.ts';
import { parseNamespaceId } from '../model/id.ts';
import type { TraceStart, TraceTarget } from './path.ts';

/** `names`: what it may mean, where that is not one. */
export interface NotRead {
  readonly problem: 'nothing-of-that-name' | 'several-of-that-name' | 'not-a-start' | 'not-a-port';
  readonly names: readonly string[];
}

export interface ReadTarget {
  readonly to: TraceTarget;
  readonly port?: number;
}

export function readStart(model: Model, written: string): TraceStart | NotRead {
  const text = written.trim();
  if (text.toLowerCase() === 'outside') return { kind: 'outside' };
  const found = named(model, text);
  if ('problem' in found && isAddress(text)) return { problem: 'not-a-start', names: [] };
  return found;
}

export function readTarget(model: Model, written: string): ReadTarget | NotRead {
  const text = written.trim();
  if (text.toLowerCase() === 'internet') return { to: { kind: 'internet' } };
  if (isAddress(text)) return { to: { kind: 'address', address: text } };
  const whole = named(model, text);
  if (!('problem' in whole)) return { to: whole };
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|(.+)):(\d+)$/.exec(text);
  if (!parts) return whole;
  const port = Number(parts[3]);
  if (port < 1 || port > 65535) return { problem: 'not-a-port', names: [parts[3] ?? ''] };
  const before = parts[1] ?? parts[2] ?? '';
  if (before.toLowerCase() === 'internet') return { to: { kind: 'internet' }, port };
  if (isAddress(before)) return { to: { kind: 'address', address: before }, port };
  const thing = named(model, before);
  return 'problem' in thing ? thing : { to: thing, port };
}

const isAddress = (text: string): boolean =>
  /^[0-9a-fA-F.:]+$/.test(text) && /[.:]/.test(text) && rangeOf(text) !== undefined;

type Named = Exclude<TraceStart, { kind: 'outside' }>;

function named(model: Model, text: string): Named | NotRead {
  const pid =
    /^(?:pid:)?(\d{1,10})$/.exec(text)?.[1] ?? /\[(\d{1,10})\]$/.exec(parseNamespaceId(text) ? '' : text)?.[1];
  const process = pid === undefined ? undefined : model.processes.find((one) => one.pid === Number(pid));
  if (process) return { kind: 'process', process: process.id };
  const found: readonly { readonly one: Named; readonly name: string }[] = [
    ...model.containers
      .filter(
        ({ id, name, runtimeId }) => text === name || text === id || (text.length >= 12 && runtimeId.startsWith(text)),
      )
      .map(({ id, name, runtimeId }) => ({
        one: { kind: 'container', container: id } as const,
        name: `${name} (${runtimeId.slice(0, 12)})`,
      })),
    ...model.namespaces
      .filter(({ kind, id, name }) => kind === 'net' && (text === id || text === name))
      .map(({ id, name }) => ({ one: { kind: 'netns', netns: id } as const, name: `${name} ${id}` })),
  ];
  // A container's own network namespace has its name: the container is meant.
  const containers = found.filter(({ one }) => one.kind === 'container');
  const chosen = containers.length > 0 ? containers : found;
  const [first, second] = chosen;
  if (second) return { problem: 'several-of-that-name', names: chosen.map(({ name }) => name) };
  if (first) return first.one;
  const running = model.processes.filter((one) => programName(one) === text || one.id === text);
  const [only, other] = running;
  if (other) return { problem: 'several-of-that-name', names: running.map((one) => `${programName(one)}[${one.pid}]`) };
  return only ? { kind: 'process', process: only.id } : { problem: 'nothing-of-that-name', names: [] };
}

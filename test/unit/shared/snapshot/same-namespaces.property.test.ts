// Two snapshots of a host on which processes come and go, and inodes and PIDs are given out again as soon as they are free.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NamespaceId } from '../../../../shared/model/id.ts';
import { namespaceId } from '../../../../shared/model/id.ts';
import type { Model } from '../../../../shared/model/model.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { sameNamespaces } from '../../../../shared/snapshot/same-namespaces.ts';
import { aHost, anEntities, aProcess } from '../../../helpers/entities.ts';

type Kind = 'net' | 'pid' | 'user';
interface Living {
  readonly pid: number;
  readonly start: number;
  serial: number;
}

/** A host with one kind of namespace. `serial` is what the kernel knows and never says: which one it really is. */
class World {
  readonly #kind: Kind;
  readonly #bootId: string;
  #clock = 10;
  #serials = 0;
  #living: Living[] = [];
  readonly #inodes = new Map<number, number>();

  constructor(kind: Kind, bootId: string) {
    this.#kind = kind;
    this.#bootId = bootId;
    this.#living.push({ pid: 1, start: 1, serial: this.#make() });
  }

  step([what, which, where]: readonly [
    what: 'exit' | 'start' | 'unshare' | 'move',
    which: number,
    where: number,
  ]): void {
    this.#clock += 1;
    const one = this.#living[which % this.#living.length];
    if (!one) return;
    if (what === 'exit' && one.pid !== 1) this.#living = this.#living.filter((other) => other !== one);
    else if (what === 'start') this.#start(one.serial);
    else if (what === 'unshare') this.#start(this.#make());
    else if (what === 'move' && one.pid !== 1)
      one.serial = this.#living[where % this.#living.length]?.serial ?? one.serial;
    const used = new Set(this.#living.map(({ serial }) => serial));
    for (const serial of this.#inodes.keys()) if (!used.has(serial)) this.#inodes.delete(serial);
  }

  #make(): number {
    const serial = this.#serials++;
    const taken = new Set(this.#inodes.values());
    let inode = 4026531840;
    while (taken.has(inode)) inode += 1;
    this.#inodes.set(serial, inode);
    return serial;
  }

  #start(serial: number): void {
    let pid = 2;
    while (this.#living.some((one) => one.pid === pid)) pid += 1;
    this.#living.push({ pid, start: this.#clock, serial });
  }

  look(): {
    readonly model: Model;
    readonly serialOf: ReadonlyMap<NamespaceId, number>;
    readonly living: readonly Living[];
  } {
    const idOf = (serial: number) => namespaceId(this.#kind, this.#inodes.get(serial) ?? 0);
    const model = resolveModel(
      anEntities({
        host: aHost({
          bootId: this.#bootId,
          initialNamespaces: { [this.#kind]: { id: idOf(0), certainty: 'certain' } },
        }),
        processes: this.#living.map(({ pid, start, serial }) =>
          aProcess(pid, { startTicks: start, ppid: 0, namespaces: { [this.#kind]: this.#inodes.get(serial) ?? 0 } }),
        ),
      }),
    );
    const serialOf = new Map([...this.#inodes.keys()].map((serial) => [idOf(serial), serial]));
    return { model, serialOf, living: this.#living.map((one) => ({ ...one })) };
  }
}

const steps = (...what: readonly ('exit' | 'start' | 'unshare' | 'move')[]) =>
  fc.array(fc.tuple(fc.constantFrom(...what), fc.nat(20), fc.nat(20)), { maxLength: 40 });
const kinds = fc.constantFrom<Kind>('net', 'pid', 'user');

describe('namespaces of two snapshots', () => {
  it('are never taken for the same because of an inode that was given out again', () => {
    fc.assert(
      fc.property(kinds, steps('exit', 'start', 'unshare'), steps('exit', 'start', 'unshare'), (kind, first, then) => {
        const world = new World(kind, 'one');
        for (const step of first) world.step(step);
        const before = world.look();
        for (const step of then) world.step(step);
        const after = world.look();
        const matches = sameNamespaces(before.model, after.model);
        for (const match of matches) {
          expect(match.how).toBe('same');
          expect(before.serialOf.get(match.before)).toBe(after.serialOf.get(match.after));
        }
        // And all are found in which anybody stayed.
        const matched = new Set(matches.map((match) => before.serialOf.get(match.before)));
        const stayed = before.living.filter((one) =>
          after.living.some((other) => other.pid === one.pid && other.start === one.start),
        );
        expect(stayed.filter(({ serial }) => !matched.has(serial))).toEqual([]);
        // What has one text for its identity is the same.
        for (const one of before.model.namespaces) {
          const other = after.model.namespaces.find(({ identity }) => identity === one.identity);
          if (other) expect(before.serialOf.get(one.id)).toBe(after.serialOf.get(other.id));
        }
      }),
    );
  });

  it('are not certain to be the same where a process could have left and come to another under that inode', () => {
    fc.assert(
      fc.property(
        steps('exit', 'start', 'unshare', 'move'),
        steps('exit', 'start', 'unshare', 'move'),
        (first, then) => {
          const world = new World('net', 'one');
          for (const step of first) world.step(step);
          const before = world.look();
          for (const step of then) world.step(step);
          const after = world.look();
          for (const match of sameNamespaces(before.model, after.model)) {
            if (match.certainty !== 'certain') continue;
            expect(before.serialOf.get(match.before)).toBe(after.serialOf.get(match.after));
          }
        },
      ),
    );
  });

  it('after a reboot are none but the host’s own, which is another one', () => {
    fc.assert(
      fc.property(kinds, steps('exit', 'start', 'unshare'), (kind, all) => {
        const [before, after] = ['one', 'two'].map((bootId) => {
          const world = new World(kind, bootId);
          for (const step of all) world.step(step);
          return world.look().model;
        });
        if (!before || !after) return;
        expect(sameNamespaces(before, after)).toMatchObject([{ how: 'successor', by: 'initial' }]);
      }),
    );
  });
});

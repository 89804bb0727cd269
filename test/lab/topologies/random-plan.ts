// Invents a network from a seed: 2 to 60 network namespaces, veths between any two of them (or both ends in one), the same
// few indexes and names everywhere, bridges, taps, links that are down, ends that were moved. Pure: a seed is a network.
import { Dice } from '../../helpers/dice.ts';
import type { Person } from './bare-host.ts';
import type { DevicePlan, EndPlan, Keeping, NetnsPlan, Plan, TapPlan } from './plan.ts';
import { hostNetns } from './plan.ts';

/** Names and indexes that are taken in each network namespace. */
class Taken {
  readonly #values = new Map<string, Set<string | number>>();
  in(netns: string): Set<string | number> {
    const values = this.#values.get(netns) ?? new Set<string | number>(['lo', 1]);
    this.#values.set(netns, values);
    return values;
  }
  /** The first of BASE0, BASE1 … that is free in all of them. */
  name(base: string, namespaces: readonly string[]): string {
    let number = 0;
    while (namespaces.some((netns) => this.in(netns).has(`${base}${number}`))) number++;
    for (const netns of namespaces) this.in(netns).add(`${base}${number}`);
    return `${base}${number}`;
  }
  index(dice: Dice, namespaces: readonly string[]): number {
    // Few, so that they meet by chance as often as possible; more when these are used up.
    for (let high = 6; ; high += 2) {
      const index = dice.integer(2, high);
      if (namespaces.some((netns) => this.in(netns).has(index))) continue;
      for (const netns of namespaces) this.in(netns).add(index);
      return index;
    }
  }
}

/** Bridges connected by links that are up must not form a circle: a packet would go round in it for ever. */
class Circles {
  readonly #above = new Map<string, string>();
  #root(bridge: string): string {
    const above = this.#above.get(bridge);
    return above === undefined ? bridge : this.#root(above);
  }
  /** False when the two were connected already. */
  connect(a: string, b: string): boolean {
    const [rootA, rootB] = [this.#root(a), this.#root(b)];
    if (rootA === rootB) return false;
    this.#above.set(rootA, rootB);
    return true;
  }
}

const rootsWays: readonly (readonly Keeping[])[] = [
  ['process'],
  ['mount'],
  ['mount', 'process'],
  ['elsewhere'],
  ['fd'],
  ['fd', 'elsewhere'],
];
const usersWays: readonly (readonly Keeping[])[] = [['process'], ['elsewhere'], ['fd'], ['process', 'fd']];

function someNetns(dice: Dice): readonly NetnsPlan[] {
  const size = dice.chance(0.6) ? dice.integer(2, 8) : dice.chance(0.8) ? dice.integer(9, 20) : dice.integer(21, 60);
  const owners = dice.one<readonly Person[]>([
    ['root'],
    ['ec2-user'],
    ['root', 'ec2-user'],
    ['root', 'ec2-user', 'bob'],
  ]);
  return Array.from({ length: size }, (_, number) => {
    const owner = dice.one(owners);
    return { name: `n${number}`, owner, keptBy: dice.one(owner === 'root' ? rootsWays : usersWays) };
  });
}

function someBridges(dice: Dice, taken: Taken, places: readonly string[]): readonly DevicePlan[] {
  return places.flatMap((netns) => {
    const count = dice.chance(0.35) ? dice.integer(1, 2) : 0;
    return Array.from({ length: count }, (): DevicePlan => {
      const name = taken.name('br', [netns]);
      const index = dice.chance(0.5) ? { ifindex: taken.index(dice, [netns]) } : {};
      return { netns, name, ...index, up: dice.chance(0.7) };
    });
  });
}

function port(dice: Dice, bridges: readonly DevicePlan[], netns: string): { readonly master?: string } {
  const here = bridges.filter((bridge) => bridge.netns === netns);
  return here.length > 0 && dice.chance(0.5) ? { master: dice.one(here).name } : {};
}

function someVeths(
  dice: Dice,
  taken: Taken,
  places: readonly string[],
  bridges: readonly DevicePlan[],
): readonly (readonly [EndPlan, EndPlan])[] {
  const circles = new Circles();
  const count = dice.integer(1, 2 * places.length);
  return Array.from({ length: count }, () => {
    const forced = dice.chance(0.6);
    const first = dice.one(places);
    const end = (netns: string): EndPlan => {
      const bornIn = dice.chance(0.15) ? dice.one(places) : netns;
      const both = [...new Set([netns, bornIn])];
      const name = taken.name(dice.one(['eth', 'veth']), both);
      const index = forced ? { ifindex: taken.index(dice, both) } : {};
      return { netns, name, bornIn, ...index, up: dice.chance(0.8), ...port(dice, bridges, netns) };
    };
    const [a, b] = [end(first), end(dice.chance(0.1) ? first : dice.one(places))];
    if (a.master === undefined || b.master === undefined || !a.up || !b.up) return [a, b] as const;
    const free = circles.connect(`${a.netns} ${a.master}`, `${b.netns} ${b.master}`);
    return [a, free ? b : { ...b, up: false }] as const;
  });
}

function someTaps(
  dice: Dice,
  taken: Taken,
  places: readonly string[],
  bridges: readonly DevicePlan[],
): readonly TapPlan[] {
  return places.flatMap((netns) => {
    const count = dice.chance(0.15) ? dice.integer(1, 2) : 0;
    return Array.from({ length: count }, (): TapPlan => {
      const mode = dice.one(['tap', 'tun'] as const);
      const holder = dice.one(['nobody', 'inside', 'host'] as const);
      const master = mode === 'tap' ? port(dice, bridges, netns) : {};
      return { netns, name: taken.name(mode, [netns]), mode, holder, up: dice.chance(0.8), ...master };
    });
  });
}

export function randomPlan(seed: number): Plan {
  const dice = new Dice(seed);
  const taken = new Taken();
  const netns = someNetns(dice);
  const places = [hostNetns, ...netns.map((one) => one.name)];
  const bridges = someBridges(dice, taken, places);
  const veths = someVeths(dice, taken, places, bridges);
  return { netns, bridges, veths, taps: someTaps(dice, taken, places, bridges) };
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareNatural } from '../../../../shared/graph/natural-order.ts';

describe('compareNatural', () => {
  test('counts as people do', () => {
    const names = ['eth10', 'eth2', 'eth0.100', 'eth0', 'eth0.20', 'br-1', 'eth02', 'Eth1', ''];
    expect([...names].sort(compareNatural)).toEqual([
      '',
      'Eth1',
      'br-1',
      'eth0',
      'eth0.20',
      'eth0.100',
      'eth02',
      'eth2',
      'eth10',
    ]);
  });

  test('is an order: antisymmetric, transitive, equal only to itself', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'B', '0', '1', '9', '-', 'é'), maxLength: 6 });
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) || 0);
        expect(compareNatural(a, b) === 0).toBe(a === b);
        const [x, y, z] = [a, b, c].sort(compareNatural) as [string, string, string];
        expect(compareNatural(x, z)).toBeLessThanOrEqual(0);
        expect(compareNatural(x, y)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('reads numbers longer than a number can hold', () => {
    expect(compareNatural('a99999999999999999998', 'a99999999999999999999')).toBeLessThan(0);
  });
});

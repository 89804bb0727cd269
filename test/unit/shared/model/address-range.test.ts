// Addresses, prefixes and ranges.
import { describe, expect, it } from 'vitest';
import { areDisjoint, selects } from '../../../../shared/model/address-range.ts';

describe('addresses', () => {
  const one = (...any: string[]) => ({ not: false, any });
  it('in prefixes and ranges of their family', () => {
    expect(selects(one('10.0.0.0/8'), '10.9.8.7')).toBe(true);
    expect(selects(one('10.0.0.0/8'), '11.0.0.0')).toBe(false);
    expect(selects({ not: true, any: ['127.0.0.0/8'] }, '0.0.0.0')).toBe(true);
    expect(selects(one('10.0.0.3-10.0.0.5'), '10.0.0.4')).toBe(true);
    expect(selects(one('fd00::/8'), 'fd12::1')).toBe(true);
    expect(selects(one('::/0'), '10.0.0.1')).toBe(false);
    expect(selects(one('somewhere'), '10.0.0.1')).toBeUndefined();
  });
  it('are disjoint only where it is certain', () => {
    expect(areDisjoint(one('10.0.0.0/8'), one('10.1.0.0/16'))).toBe(false);
    expect(areDisjoint(one('10.0.0.0/8'), one('192.168.0.1'))).toBe(true);
    expect(areDisjoint(one('10.1.0.0/16'), { not: true, any: ['10.0.0.0/8'] })).toBe(true);
    expect(areDisjoint(one('10.0.0.0/8'), { not: true, any: ['10.1.0.0/16'] })).toBe(false);
    expect(areDisjoint(one('@set'), one('10.0.0.1'))).toBe(false);
  });
});

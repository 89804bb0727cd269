import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elideMiddle, textWidth } from '../../../../shared/layout/text-width.ts';

describe('textWidth', () => {
  test("sums the fonts' advance widths", () => {
    // JetBrains Mono: 600 units of 1,000 for every character.
    expect(textWidth('nerdctl0', 'mono 400', 10)).toBeCloseTo(48);
    expect(textWidth('W', 'sans 400', 100)).toBeGreaterThan(textWidth('i', 'sans 400', 100) * 3);
    expect(textWidth('host', 'sans 600', 14)).toBeGreaterThan(textWidth('host', 'sans 400', 14));
  });

  test('takes other scripts for wide, and a surrogate pair for one', () => {
    expect(textWidth('名前', 'sans 400', 10)).toBe(20);
    expect(textWidth('😀', 'sans 400', 10)).toBe(10);
  });
});

describe('elideMiddle', () => {
  test('leaves what fits', () => expect(elideMiddle('eth0', 'mono 400', 10, 24)).toBe('eth0'));

  test('keeps both ends of what does not', () => {
    const path = '/run/user/1000/containerd-rootless/netns';
    const cut = elideMiddle(path, 'mono 400', 10, 120);
    expect(cut).toMatch(/^\/run.*….*netns$/);
    expect(textWidth(cut, 'mono 400', 10)).toBeLessThanOrEqual(120);
  });

  test('never exceeds the width, as long as an ellipsis fits', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'W', '.', 'é', '名', '😀'), maxLength: 40 }),
        fc.integer({ min: 12, max: 200 }),
        (text, width) => {
          expect(textWidth(elideMiddle(text, 'sans 500', 12, width), 'sans 500', 12)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

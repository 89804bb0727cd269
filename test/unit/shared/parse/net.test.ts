// `ip -batch` inside one network namespace: answers that are broken, shifted or missing.
import { describe, expect, it } from 'vitest';
import { sourceText } from '../../../helpers/frames.ts';
import { batch } from '../../../helpers/net-batch.ts';

describe('what failed', () => {
  it('gives the other arrays their own meaning', () => {
    const { links, routes, rules, failed } = batch(
      sourceText('net/multipath-and-failed-command.json.txt'),
      sourceText('net/multipath-and-failed-command.stderr.txt'),
    );
    expect(failed).toMatchObject([{ command: { text: 'route show table all root ::/0' }, cause: 'not-supported' }]);
    expect([links.length, routes.length > 0, rules.length]).toEqual([3, true, 5]);
  });

  it('a broken array costs only itself, and keeps its whole elements', () => {
    const [addr = '', ...rest] = sourceText('net/altnames-and-dhcp.json.txt').split('\n');
    const whole = batch([addr, ...rest].join('\n'));
    const broken = batch([addr.slice(0, addr.length - 200), ...rest].join('\n'));
    expect(broken.links.map(({ name }) => name)).toEqual(['lo']);
    expect(broken.routes.map(({ id }) => id)).toEqual(whole.routes.map(({ id }) => id));
    expect(whole.routes[0]?.link).toBe('link:net:[4026532255]/2');
    expect(broken.routes[0]).not.toHaveProperty('link');
    expect(broken.rules).toEqual(whole.rules);
    expect(broken.neighbours).toEqual(whole.neighbours);
    expect(broken.unparsable).toHaveLength(1);
  });

  it('an opening bracket left behind by a failed command shifts nothing', () => {
    const text = sourceText('net/altnames-and-dhcp.json.txt');
    const { links, routes, unparsable } = batch(text.replace('\n[', '\n[['));
    expect(links).toHaveLength(2);
    expect(routes).toEqual(batch(text).routes.map((route) => expect.objectContaining({ id: route.id })));
    expect(unparsable).toEqual([]);
  });

  it('says when there was no answer at all', () => {
    expect(batch('').silent).toBe(true);
    expect(batch('[]\n').silent).toBe(false);
  });
});

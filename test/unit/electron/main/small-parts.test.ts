import { describe, expect, it } from 'vitest';
import { outcome, toFailure } from '../../../../electron/main/failures.ts';
import { suggestedFileName } from '../../../../electron/main/file-name.ts';
import { menuTemplate } from '../../../../electron/main/menu-template.ts';
import { Prompts } from '../../../../electron/main/prompts.ts';
import { fitBounds } from '../../../../electron/main/window-bounds.ts';
import { SshFailure } from '../../../../electron/ssh/failure.ts';

describe('failures for the window', () => {
  const words = { code: 'refused', attempted: 'connect', reason: 'Nothing listens.', advice: 'Check.' } as const;
  it('are plain values with the same four words', () => {
    expect(toFailure(new SshFailure(words))).toEqual(words);
    expect(toFailure(Object.assign(new Error('Too large.'), { advice: 'Smaller.' }), 'export')).toEqual({
      code: 'failed',
      attempted: 'export',
      reason: 'Too large.',
      advice: 'Smaller.',
    });
    expect(toFailure(new TypeError('x is not y'), 'save')).toMatchObject({
      code: 'unexpected',
      attempted: 'save',
      reason: 'TypeError: x is not y',
    });
    expect(toFailure('thrown text').reason).toBe('thrown text');
  });
  it('become outcomes', async () => {
    expect(await outcome('x', () => 1)).toEqual({ ok: true, value: 1 });
    expect(await outcome('x', () => Promise.reject(new SshFailure(words)))).toEqual({ ok: false, failure: words });
  });
});

describe('suggested file names', () => {
  const at = '2026-01-31T09:30:12.000Z';
  it.each([
    ['ec2-user@172.31.40.91', 'ec2-user@172.31.40.91 2026-01-31 09.30.png'],
    ['../../etc/passwd', 'etc-passwd 2026-01-31 09.30.png'],
    ['a/b\\c:d\u0000e', 'a-b-c-d-e 2026-01-31 09.30.png'],
    ['...', 'host 2026-01-31 09.30.png'],
    ['ホスト', 'ホスト 2026-01-31 09.30.png'],
    ['x'.repeat(300), `${'x'.repeat(80)} 2026-01-31 09.30.png`],
  ])('%j', (label, name) => expect(suggestedFileName(label, at, 'png')).toBe(name));
});

describe('the window opens', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const second = { x: 1920, y: 0, width: 1920, height: 1080 };
  it('where it was, on a second screen too', () => {
    const left = { x: 2000, y: 50, width: 1000, height: 700 };
    expect(fitBounds(left, [screen, second])).toEqual(left);
    expect(fitBounds(left, [screen])).toEqual({ width: 1000, height: 700 });
  });
  it('no larger than the screen and no smaller than it can be used', () => {
    expect(fitBounds(undefined, [{ ...screen, width: 1280, height: 720 }])).toEqual({ width: 1280, height: 720 });
    expect(fitBounds({ x: -5000, y: 0, width: 10, height: 10 }, [screen])).toEqual({ width: 900, height: 600 });
    expect(fitBounds(undefined, [])).toEqual({ width: 1600, height: 1000 });
  });
  it('not with its title bar above the screen', () => {
    expect(fitBounds({ x: 0, y: -300, width: 1000, height: 700 }, [screen])).toEqual({ width: 1000, height: 700 });
  });
});

describe('prompts', () => {
  it('are answered by id, once; a run that ends takes its questions along', async () => {
    const sent: string[] = [];
    const prompts = new Prompts(({ promptId }) => sent.push(promptId));
    const stop = new AbortController();
    const prompt = { kind: 'passphrase', keyFile: '/k', again: false } as const;
    const first = prompts.ask('r', prompt, stop.signal);
    const second = prompts.ask('r', prompt, stop.signal);
    prompts.answer('nobody', { accept: true });
    prompts.answer(sent[1] ?? '', { accept: true, secret: 's' });
    prompts.answer(sent[1] ?? '', { accept: false });
    expect(await second).toEqual({ accept: true, secret: 's' });
    stop.abort();
    expect(await first).toEqual({ accept: false });
    expect(await prompts.ask('r', prompt, stop.signal)).toEqual({ accept: false });
    expect(sent).toHaveLength(2);
  });
});

describe('the menu', () => {
  it.each(['linux', 'darwin', 'win32'] as const)(
    'on %s: no shortcut twice, every item says its command',
    (platform) => {
      const sent: string[] = [];
      const items = menuTemplate(platform, (command) => sent.push(command)).flatMap((menu) =>
        Array.isArray(menu.submenu) ? menu.submenu : [],
      );
      const shortcuts = items.flatMap((item) => (item.accelerator === undefined ? [] : [item.accelerator]));
      expect(new Set(shortcuts).size).toBe(shortcuts.length);
      for (const { click } of items) (click as (() => void) | undefined)?.();
      expect(new Set(sent)).toContain('refresh');
      expect(sent.length).toBe(items.filter((item) => item.click !== undefined).length);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { menuTemplate } from '../../../../electron/main/menu-template.ts';
import { shortcuts as words } from '../../../../renderer/i18n/en/shortcuts.ts';
import { matches, shown } from '../../../../renderer/state/keys.ts';
import type { Keys } from '../../../../renderer/state/keys.ts';
import { actionOf, listShortcuts, shortcuts, windowShortcuts } from '../../../../renderer/state/shortcuts.ts';
import { treeStep, visibleRows } from '../../../../renderer/state/tree.ts';
import { menuKeys } from '../../../../shared/ipc/menu-keys.ts';

const press = (key: string, ...held: readonly ('ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey')[]): KeyboardEvent => {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  return { key, ...none, ...Object.fromEntries(held.map((one) => [one, true])) } as KeyboardEvent;
};

describe('a pressed key', () => {
  it.each([
    [press('r', 'ctrlKey'), 'refresh'],
    [press('R', 'ctrlKey'), 'refresh'],
    [press('h', 'ctrlKey'), undefined],
    [press('H', 'ctrlKey', 'shiftKey'), 'home'],
    [press('z', 'ctrlKey'), 'undo'],
    [press('Z', 'ctrlKey', 'shiftKey'), 'redo'],
    [press('=', 'ctrlKey'), 'zoom-in'],
    [press('+', 'ctrlKey', 'shiftKey'), 'zoom-in'],
    [press('/'), 'search'],
    [press('?', 'shiftKey'), 'show-shortcuts'],
    [press('?', 'ctrlKey', 'shiftKey'), undefined],
    [press('ArrowLeft', 'altKey'), 'back'],
    [press('ArrowLeft'), undefined],
    [press('r', 'ctrlKey', 'altKey'), undefined],
    [press('r', 'ctrlKey', 'metaKey'), undefined],
  ])('%o means %s', (event, action) => {
    expect(actionOf(windowShortcuts, event)).toBe(action);
  });

  it('in the picture means what it says there, with Shift something else', () => {
    expect(actionOf(shortcuts.picture, press('ArrowUp'))).toBe('walk');
    expect(actionOf(shortcuts.picture, press('ArrowUp', 'shiftKey'))).toBe('pan');
    expect(actionOf(shortcuts.picture, press('+', 'shiftKey'))).toBe('zoom-in');
    expect(actionOf(shortcuts.picture, press('f', 'ctrlKey'))).toBeUndefined();
  });

  it('on a Mac has the other command key', () => {
    const keys: Keys = { key: 'R', command: true };
    expect([matches(keys, press('r', 'metaKey'), true), matches(keys, press('r', 'ctrlKey'), true)]).toEqual([
      true,
      false,
    ]);
  });
});

describe('what is told of a key', () => {
  it.each<[Keys, string, string]>([
    [{ key: 'R', command: true }, 'Ctrl+R', '⌘R'],
    [{ key: 'Z', command: true, shift: true }, 'Ctrl+Shift+Z', '⇧⌘Z'],
    [{ key: 'ArrowLeft', alt: true }, 'Alt+←', '⌥←'],
    [{ key: ' ' }, 'Space', 'Space'],
  ])('%o', (keys, elsewhere, onMac) => {
    expect([shown(keys, false), shown(keys, true)]).toEqual([elsewhere, onMac]);
  });
});

describe('the list of shortcuts', () => {
  const list = listShortcuts(words.groups, false);

  it('has a way to press everything it tells of, and tells of all', () => {
    const rows = list.flatMap((group) => group.rows);
    expect(rows.filter(({ keys }) => keys.length === 0)).toEqual([]);
    expect(rows).toHaveLength(Object.values(shortcuts).flatMap((table) => Object.keys(table)).length);
    expect(rows).toContainEqual({ does: 'Search', keys: ['Ctrl+F', '/'] });
  });

  it('says each thing in a group once', () => {
    for (const { rows } of list) expect(new Set(rows.map(({ does }) => does)).size).toBe(rows.length);
  });

  it('has every key of the menu, and the menu every key of a command', () => {
    const items = menuTemplate('linux', () => undefined).flatMap((menu) =>
      Array.isArray(menu.submenu) ? menu.submenu : [],
    );
    const accelerators = items.flatMap(({ accelerator }) => (accelerator === undefined ? [] : [accelerator]));
    expect(accelerators).toHaveLength(Object.values(menuKeys).flat().length);
    const inList = new Set(list.flatMap(({ rows }) => rows.flatMap(({ keys }) => keys)));
    const told = accelerators.map((one) => one.replace('CmdOrCtrl', 'Ctrl').replace('Plus', '+'));
    expect(told.filter((keys) => !inList.has(keys))).toEqual(['Ctrl+=']);
  });

  it('has no key twice where it is heard', () => {
    const { tab, ...border } = shortcuts.parts;
    const { picture, tree, suggestions } = shortcuts;
    for (const heard of [windowShortcuts, picture, tree, suggestions, border, { tab }]) {
      const keys = Object.values<readonly Keys[]>(heard).flatMap((some) => some.map((one) => shown(one, false)));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('tells of a tree what a tree does', () => {
    const rows = visibleRows([{ key: 'a', children: [{ key: 'b', children: [] }] }], new Set());
    const { choose, ...steps } = shortcuts.tree;
    for (const { key } of Object.values<readonly Keys[]>(steps).flat())
      expect(
        ['a', 'b'].map((row) => treeStep(rows, row, key)),
        key,
      ).not.toEqual([undefined, undefined]);
    for (const { key } of choose) expect(treeStep(rows, 'a', key)).toBeUndefined();
  });
});

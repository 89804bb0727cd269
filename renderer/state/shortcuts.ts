// Every key the window answers to, by where it is heard. Whoever hears keys asks here, and the list of shortcuts is made
// of it: what is told is what works.
import type { MenuCommand } from '../../shared/ipc/contract.ts';
import { menuKeys } from '../../shared/ipc/menu-keys.ts';
import { matches, shown } from './keys.ts';
import type { Keys } from './keys.ts';

type Table = Readonly<Record<string, readonly Keys[]>>;

const ofMenu = (command: MenuCommand): readonly Keys[] => menuKeys[command].map((key) => ({ ...key, command: true }));

const everywhere = {
  hosts: {
    'new-profile': ofMenu('new-profile'),
    'open-snapshot': ofMenu('open-snapshot'),
    refresh: ofMenu('refresh'),
    'save-copy': ofMenu('save-copy'),
    export: ofMenu('export'),
  },
  finding: {
    search: [...ofMenu('search'), { key: '/' }],
    trace: ofMenu('trace'),
    capture: ofMenu('capture'),
    back: [{ key: 'ArrowLeft', alt: true }],
    forward: [{ key: 'ArrowRight', alt: true }],
  },
  window: {
    home: ofMenu('home'),
    'view-network': ofMenu('view-network'),
    'view-namespaces': ofMenu('view-namespaces'),
    'toggle-sidebar': ofMenu('toggle-sidebar'),
    'toggle-inspector': ofMenu('toggle-inspector'),
    'show-shortcuts': [{ key: '?' }],
  },
  view: {
    'zoom-in': ofMenu('zoom-in'),
    'zoom-out': ofMenu('zoom-out'),
    fit: ofMenu('fit'),
    'toggle-loopback': ofMenu('toggle-loopback'),
    'toggle-legend': ofMenu('toggle-legend'),
    undo: [{ key: 'Z', command: true }],
    redo: [{ key: 'Z', command: true, shift: true }],
  },
} as const satisfies Readonly<Record<string, Table>>;

/** The first four are heard anywhere in the window, the others by what has the focus. */
export const shortcuts = {
  ...everywhere,
  picture: {
    walk: [{ key: 'Arrows' }],
    pan: [{ key: 'Arrows', shift: true }],
    open: [{ key: 'Enter' }],
    fold: [{ key: ' ' }],
    clear: [{ key: 'Escape' }],
    'zoom-in': [{ key: '+' }, { key: '=', alias: true }],
    'zoom-out': [{ key: '-' }],
    fit: [{ key: '0' }],
    'fit-selected': [{ key: 'F' }],
  },
  tree: {
    step: [{ key: 'ArrowUp' }, { key: 'ArrowDown' }],
    unfold: [{ key: 'ArrowRight' }, { key: 'ArrowLeft' }],
    ends: [{ key: 'Home' }, { key: 'End' }],
    choose: [{ key: 'Enter' }, { key: ' ' }],
  },
  suggestions: {
    next: [{ key: 'ArrowDown' }],
    previous: [{ key: 'ArrowUp' }],
    choose: [{ key: 'Enter' }],
    leave: [{ key: 'Escape' }],
  },
  parts: {
    tab: [{ key: 'ArrowLeft' }, { key: 'ArrowRight' }],
    resize: [{ key: 'ArrowLeft' }, { key: 'ArrowRight' }],
    limits: [{ key: 'Home' }, { key: 'End' }],
  },
} as const satisfies Readonly<Record<string, Table>>;

export const windowShortcuts = {
  ...everywhere.hosts,
  ...everywhere.finding,
  ...everywhere.window,
  ...everywhere.view,
};

export type Shortcuts = typeof shortcuts;
export type ShortcutGroup = keyof Shortcuts;
/** What the list says: of each group its title, of each of its actions what it does. */
export type ShortcutWords = {
  readonly [G in ShortcutGroup]: {
    readonly title: string;
    readonly does: Readonly<Record<Extract<keyof Shortcuts[G], string>, string>>;
  };
};

export interface ListedGroup {
  readonly group: ShortcutGroup;
  readonly title: string;
  readonly rows: readonly { readonly does: string; readonly keys: readonly string[] }[];
}

export function listShortcuts(words: ShortcutWords, onMac?: boolean): readonly ListedGroup[] {
  return (Object.keys(shortcuts) as ShortcutGroup[]).map((group) => {
    const does: Readonly<Record<string, string>> = words[group].does;
    const rows = Object.entries<readonly Keys[]>(shortcuts[group]).map(([action, keys]) => ({
      does: does[action] ?? action,
      keys: keys.filter(({ alias }) => alias === undefined).map((one) => shown(one, onMac)),
    }));
    return { group, title: words[group].title, rows };
  });
}

/** As a tooltip or a menu says it: the first way there is. */
export function keysOf(action: keyof typeof windowShortcuts): string {
  return firstOf(windowShortcuts[action]);
}
export function pictureKeysOf(action: keyof Shortcuts['picture']): string {
  return firstOf(shortcuts.picture[action]);
}
function firstOf([first]: readonly Keys[]): string {
  return first ? shown(first) : '';
}

export function hits(keys: readonly Keys[], event: KeyboardEvent): boolean {
  return keys.some((one) => matches(one, event));
}

/** What a pressed key means where these are heard. */
export function actionOf<T extends Table>(table: T, event: KeyboardEvent): Extract<keyof T, string> | undefined {
  const actions = Object.keys(table) as Extract<keyof T, string>[];
  return actions.find((action) => hits(table[action] ?? [], event));
}

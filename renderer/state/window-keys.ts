// Keys that work anywhere in the window. Those of the picture, the trees and the fields are with them.
import type { Atlas } from './atlas.svelte.ts';
import { inMenu, typing } from './keys.ts';
import { menuCommands } from './menu-commands.ts';
import { actionOf, windowShortcuts } from './shortcuts.ts';

type WindowAction = keyof typeof windowShortcuts;

const actions: Readonly<Record<WindowAction, (atlas: Atlas) => void>> = {
  ...menuCommands,
  undo: (atlas) => atlas.picture.undo(),
  redo: (atlas) => atlas.picture.redo(),
  back: (atlas) => atlas.selection.back(),
  forward: (atlas) => atlas.selection.forward(),
};

export function pressed(atlas: Atlas, event: KeyboardEvent): void {
  if (event.defaultPrevented || atlas.overlay || atlas.collecting?.prompt || atlas.captures.asking) return;
  const action = actionOf(windowShortcuts, event);
  if (action === undefined || meantForAnother(action, event)) return;
  actions[action](atlas);
  event.preventDefault();
}

/** A field gets its letters and undoes its own typing; a menu finds its items by their letters. */
function meantForAnother(action: WindowAction, event: KeyboardEvent): boolean {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (plain) return typing(event) || inMenu(event);
  return (action === 'undo' || action === 'redo') && typing(event);
}

// Keys that work anywhere in the window. Those of the picture, the trees and the search are with them.
import type { MenuCommand } from '../../shared/ipc/contract.ts';
import type { Atlas } from './atlas.svelte.ts';
import { command, inMenu, typing } from './keys.ts';
import { menuCommands } from './menu-commands.ts';

/** With the platform's command key. The application menu has the same; whoever hears a key first keeps it. */
const withCommand: Readonly<Record<string, MenuCommand>> = {
  '1': 'view-network',
  '2': 'view-namespaces',
  b: 'toggle-sidebar',
  e: 'export',
  f: 'search',
  g: 'toggle-legend',
  i: 'toggle-inspector',
  l: 'toggle-loopback',
  n: 'new-profile',
  o: 'open-snapshot',
  r: 'refresh',
  s: 'save-copy',
  t: 'trace',
  '=': 'zoom-in',
  '+': 'zoom-in',
  '-': 'zoom-out',
  '0': 'fit',
};

export function pressed(atlas: Atlas, event: KeyboardEvent): void {
  if (event.defaultPrevented || atlas.overlay || atlas.collecting?.prompt) return;
  if (!handle(atlas, event)) return;
  event.preventDefault();
}

function handle(atlas: Atlas, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (command(event) && !event.altKey) {
    if (key === 'z' && !typing(event)) {
      if (event.shiftKey) atlas.picture.redo();
      else atlas.picture.undo();
      return true;
    }
    const wanted = event.shiftKey ? undefined : withCommand[key];
    if (wanted) menuCommands[wanted](atlas);
    return wanted !== undefined;
  }
  if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
    if (event.key === 'ArrowLeft') atlas.selection.back();
    else atlas.selection.forward();
    return true;
  }
  if (event.key === '/' && !typing(event) && !inMenu(event) && atlas.place === 'snapshot') {
    atlas.search();
    return true;
  }
  return false;
}

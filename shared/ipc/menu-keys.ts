// The keys of menu commands, always with the platform's command key: Ctrl, on a Mac ⌘. The application menu and the
// window have the same; whoever hears a key first keeps it.
import type { MenuCommand } from './contract.ts';

export interface MenuKey {
  /** A capital letter, a digit or a sign. */
  readonly key: string;
  readonly shift?: true;
  /** Another way to press the one before it; it works and is not told. */
  readonly alias?: true;
}

export const menuKeys: Readonly<Record<MenuCommand, readonly MenuKey[]>> = {
  home: [{ key: 'H', shift: true }],
  'new-profile': [{ key: 'N' }],
  'open-snapshot': [{ key: 'O' }],
  refresh: [{ key: 'R' }],
  'save-copy': [{ key: 'S' }],
  export: [{ key: 'E' }],
  search: [{ key: 'F' }],
  trace: [{ key: 'T' }],
  // As in Wireshark.
  capture: [{ key: 'K' }],
  'view-network': [{ key: '1' }],
  'view-namespaces': [{ key: '2' }],
  // The key with the plus on it, without Shift.
  'zoom-in': [{ key: '+' }, { key: '=', alias: true }],
  'zoom-out': [{ key: '-' }],
  fit: [{ key: '0' }],
  'toggle-sidebar': [{ key: 'B' }],
  'toggle-inspector': [{ key: 'I' }],
  'toggle-loopback': [{ key: 'L' }],
  'toggle-legend': [{ key: 'G' }],
  'show-script': [],
  'show-shortcuts': [],
};

// Shortcuts as people read them and as the keyboard sends them.

const mac = navigator.platform.startsWith('Mac');

/** `Ctrl+R`, on a Mac `⌘R`; `shift` adds its sign. */
export function shortcut(key: string, shift = false): string {
  return mac ? `${shift ? '⇧' : ''}⌘${key}` : `Ctrl+${shift ? 'Shift+' : ''}${key}`;
}

/** True for the platform's command key, and only that. */
export function command(event: KeyboardEvent): boolean {
  return mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}

/** True while a person types into something: single-letter shortcuts keep quiet. */
export function typing(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(radio|checkbox)$/.test((target as HTMLInputElement).type))
  );
}

/** True while a menu is open: its letters are its own, and it would stay open behind what they start. */
export function inMenu({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.closest('[role="menu"]') !== null;
}

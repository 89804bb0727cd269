// Keys as people read them and as the keyboard sends them.

export interface Keys {
  /** As `KeyboardEvent.key` says it, letters as capitals; `Arrows` is any of the four. */
  readonly key: string;
  /** The platform's command key: Ctrl, on a Mac ⌘. */
  readonly command?: true;
  readonly alt?: true;
  readonly shift?: true;
  /** Another way to press the one before it; it works and is not told. */
  readonly alias?: true;
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const mac = typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac');

const signs: Readonly<Record<string, string>> = {
  Arrows: '← ↑ ↓ →',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  ' ': 'Space',
};

/** `Ctrl+R`, on a Mac `⌘R`. */
export function shown({ key, command, alt, shift }: Keys, onMac = mac): string {
  const name = signs[key] ?? key;
  if (onMac) return `${alt ? '⌥' : ''}${shift ? '⇧' : ''}${command ? '⌘' : ''}${name}`;
  return `${command ? 'Ctrl+' : ''}${alt ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${name}`;
}

/** True for these keys and no other modifier. */
export function matches(keys: Keys, event: Pressed, onMac = mac): boolean {
  const named =
    keys.key === 'Arrows' ? event.key.startsWith('Arrow') : event.key.toUpperCase() === keys.key.toUpperCase();
  const [command, other] = onMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  return (
    named &&
    !other &&
    command === (keys.command ?? false) &&
    event.altKey === (keys.alt ?? false) &&
    (isSign(keys.key) || event.shiftKey === (keys.shift ?? false))
  );
}

/** Which keyboard has a sign with Shift is nobody's business. */
function isSign(key: string): boolean {
  return key.length === 1 && key !== ' ' && key.toUpperCase() === key.toLowerCase();
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

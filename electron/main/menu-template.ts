// The application menu as data: what it holds, which shortcut, which command of the window.
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../shared/ipc/contract.ts';
import { menuKeys, type MenuKey } from '../../shared/ipc/menu-keys.ts';

type Item = MenuItemConstructorOptions;

export function menuTemplate(platform: NodeJS.Platform, send: (command: MenuCommand) => void): Item[] {
  const items = (label: string, command: MenuCommand): Item[] => {
    const item = { label, click: () => send(command) };
    const [told, ...aliases] = menuKeys[command].map((key) => ({ ...item, accelerator: acceleratorOf(key) }));
    const hidden = { visible: false, acceleratorWorksWhenHidden: true };
    return [told ?? item, ...aliases.map((alias) => ({ ...alias, ...hidden }))];
  };
  const separator: Item = { type: 'separator' };
  const mac = platform === 'darwin';
  return [
    ...(mac ? [{ role: 'appMenu' } satisfies Item] : []),
    {
      label: '&File',
      submenu: [
        ...items('New Host…', 'new-profile'),
        ...items('Open Snapshot…', 'open-snapshot'),
        separator,
        ...items('Save a Copy…', 'save-copy'),
        ...items('Export Picture…', 'export'),
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...items('Home', 'home'),
        ...items('Network', 'view-network'),
        ...items('Namespaces', 'view-namespaces'),
        separator,
        ...items('Collect Again', 'refresh'),
        ...items('Find…', 'search'),
        ...items('Trace a Packet…', 'trace'),
        ...items('Capture Packets…', 'capture'),
        separator,
        ...items('Zoom In', 'zoom-in'),
        ...items('Zoom Out', 'zoom-out'),
        ...items('Fit', 'fit'),
        separator,
        ...items('Hosts', 'toggle-sidebar'),
        ...items('Inspector', 'toggle-inspector'),
        ...items('Loopback', 'toggle-loopback'),
        ...items('Legend', 'toggle-legend'),
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [...items('Keyboard Shortcuts', 'show-shortcuts'), ...items('What Runs on the Host', 'show-script')],
    },
  ];
}

function acceleratorOf({ key, shift }: MenuKey): string {
  return `CmdOrCtrl+${shift ? 'Shift+' : ''}${key === '+' ? 'Plus' : key}`;
}

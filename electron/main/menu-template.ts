// The application menu as data: what it holds, which shortcut, which command of the window.
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../shared/ipc/contract.ts';

type Item = MenuItemConstructorOptions;

export function menuTemplate(platform: NodeJS.Platform, send: (command: MenuCommand) => void): Item[] {
  const item = (label: string, command: MenuCommand, accelerator?: string): Item => ({
    label,
    click: () => send(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const separator: Item = { type: 'separator' };
  const mac = platform === 'darwin';
  return [
    ...(mac ? [{ role: 'appMenu' } satisfies Item] : []),
    {
      label: '&File',
      submenu: [
        item('New Host…', 'new-profile', 'CmdOrCtrl+N'),
        item('Open Snapshot…', 'open-snapshot', 'CmdOrCtrl+O'),
        separator,
        item('Save a Copy…', 'save-copy', 'CmdOrCtrl+S'),
        item('Export Picture…', 'export', 'CmdOrCtrl+E'),
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        item('Home', 'home', 'CmdOrCtrl+Shift+H'),
        item('Network', 'view-network', 'CmdOrCtrl+1'),
        item('Namespaces', 'view-namespaces', 'CmdOrCtrl+2'),
        separator,
        item('Collect Again', 'refresh', 'CmdOrCtrl+R'),
        item('Find…', 'search', 'CmdOrCtrl+F'),
        item('Trace a Packet…', 'trace', 'CmdOrCtrl+T'),
        separator,
        item('Zoom In', 'zoom-in', 'CmdOrCtrl+Plus'),
        // The key with the plus on it, without Shift.
        { ...item('Zoom In', 'zoom-in', 'CmdOrCtrl+='), visible: false, acceleratorWorksWhenHidden: true },
        item('Zoom Out', 'zoom-out', 'CmdOrCtrl+-'),
        item('Fit', 'fit', 'CmdOrCtrl+0'),
        separator,
        item('Hosts', 'toggle-sidebar', 'CmdOrCtrl+B'),
        item('Inspector', 'toggle-inspector', 'CmdOrCtrl+I'),
        item('Loopback', 'toggle-loopback', 'CmdOrCtrl+L'),
        item('Legend', 'toggle-legend', 'CmdOrCtrl+G'),
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [item('What Runs on the Host', 'show-script')],
    },
  ];
}

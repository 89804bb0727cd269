import { Menu } from 'electron';
import type { MenuCommand } from '../../shared/ipc/contract.ts';
import { menuTemplate } from './menu-template.ts';

export function installMenu(send: (command: MenuCommand) => void): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, send)));
}

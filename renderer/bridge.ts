// The only file that touches the object the preload script exposes.
import type { Bridge } from '../shared/ipc/contract.ts';

declare global {
  interface Window {
    readonly nsatlas: Bridge;
  }
}

export const bridge: Bridge = window.nsatlas;

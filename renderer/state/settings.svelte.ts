// What the window remembers between starts. Written a moment after the last change, so that dragging a pane is one write.
import type { Bridge, Settings } from '../../shared/ipc/contract.ts';

export const firstSettings: Settings = {
  theme: 'system',
  hideLoopback: true,
  sidebarWidth: 232,
  inspectorWidth: 344,
  sidebarOpen: true,
  inspectorOpen: false,
  showLegend: true,
};

const writeDelay = 300;

export class SettingsState {
  readonly #bridge: Bridge;
  #current = $state.raw<Settings>(firstSettings);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  get current(): Settings {
    return this.#current;
  }

  async load(): Promise<void> {
    // Nothing is selected yet: the inspector opens with the first thing that is.
    this.#current = { ...firstSettings, ...(await this.#bridge.call('settings:read')), inspectorOpen: false };
  }

  change(part: Partial<Settings>): void {
    this.#current = { ...this.#current, ...part };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#bridge.call('settings:write', this.#current), writeDelay);
  }
}

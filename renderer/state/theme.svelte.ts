// Light or dark: what was chosen, or what the system has now.
import type { SettingsState } from './settings.svelte.ts';

export type ThemeName = 'light' | 'dark';

export class ThemeState {
  readonly #settings: SettingsState;
  #system = $state<ThemeName>('light');
  readonly #current = $derived<ThemeName>(this.#fromSettings());

  constructor(settings: SettingsState, prefersDark: MediaQueryList) {
    this.#settings = settings;
    this.#system = prefersDark.matches ? 'dark' : 'light';
    prefersDark.addEventListener('change', (event) => (this.#system = event.matches ? 'dark' : 'light'));
  }

  get current(): ThemeName {
    return this.#current;
  }

  #fromSettings(): ThemeName {
    const chosen = this.#settings.current.theme;
    return chosen === 'system' ? this.#system : chosen;
  }
}

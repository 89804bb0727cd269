// The legend in its corner: there unless it was put away or the picture stands where it would be; who asks for it then
// gets it all the same.
import { untrack } from 'svelte';
import type { SettingsState } from './settings.svelte.ts';

export class Legend {
  readonly #settings: SettingsState;
  readonly #isCovering: () => boolean;
  #covering = $state(true);
  #asked = $state(false);

  /** `isCovering`: whether the legend, shown, would lie over something. */
  constructor(settings: SettingsState, isCovering: () => boolean) {
    this.#settings = settings;
    this.#isCovering = isCovering;
  }

  get shown(): boolean {
    return this.#settings.current.showLegend && (this.#asked || !this.#covering);
  }

  /**
   * The view has changed. Once in the way it does not come and go while somebody moves about, but is back when all of the
   * picture is in sight again (`whole`).
   */
  look(whole: boolean): void {
    // Effects that move the view shall not run again because of what comes of it here.
    untrack(() => {
      if (whole || !this.#covering) this.#covering = this.#isCovering();
    });
  }

  toggle(): void {
    this.#asked = !this.shown;
    this.#settings.change({ showLegend: this.#asked });
  }
}

// The saved hosts.
import type { Bridge, Failure, Profile, ProfileFields } from '../../shared/ipc/contract.ts';
import { text } from '../i18n/text.svelte.ts';
import type { Notices } from './notices.svelte.ts';

export class Profiles {
  readonly #bridge: Bridge;
  readonly #notices: Notices;
  #list = $state.raw<readonly Profile[]>([]);

  constructor(bridge: Bridge, notices: Notices) {
    this.#bridge = bridge;
    this.#notices = notices;
  }

  get list(): readonly Profile[] {
    return this.#list;
  }

  find(id: string | undefined): Profile | undefined {
    return this.#list.find((profile) => profile.id === id);
  }

  async load(): Promise<void> {
    const saved = await this.#bridge.call('profiles:list');
    // The demo's profile is not on disk; it stays for as long as the window does.
    const demo = this.#list.filter((profile) => profile.demo && !saved.some((other) => other.id === profile.id));
    this.#list = [...saved, ...demo];
  }

  /** Gives the failure, or nothing when it was saved. */
  async save(fields: ProfileFields, id?: string): Promise<Failure | undefined> {
    const outcome = await (id === undefined
      ? this.#bridge.call('profiles:save', fields)
      : this.#bridge.call('profiles:save', fields, id));
    if (!outcome.ok) return outcome.failure;
    await this.load();
    return undefined;
  }

  async delete(profile: Profile): Promise<void> {
    const outcome = await this.#bridge.call('profiles:delete', profile.id);
    if (!outcome.ok) {
      this.#notices.add({ tone: 'bad', text: outcome.failure.reason, detail: outcome.failure.advice });
      return;
    }
    await this.load();
    this.#notices.add({
      tone: 'plain',
      text: text.home.profileDeleted(profile.name),
      action: { label: text.common.undo, run: () => void this.#undelete(profile.id) },
    });
  }

  async demo(): Promise<Profile | Failure> {
    const outcome = await this.#bridge.call('demo:profile');
    if (!outcome.ok) return outcome.failure;
    const profile = outcome.value;
    if (!this.find(profile.id)) this.#list = [...this.#list, profile];
    return profile;
  }

  async #undelete(id: string): Promise<void> {
    const outcome = await this.#bridge.call('profiles:undelete', id);
    if (!outcome.ok) this.#notices.add({ tone: 'bad', text: outcome.failure.reason, detail: outcome.failure.advice });
    await this.load();
  }
}

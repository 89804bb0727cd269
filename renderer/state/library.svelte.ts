// The cached snapshots, and how they stand by host.
import type { Bridge, Profile, SnapshotSummary } from '../../shared/ipc/contract.ts';
import { text } from '../i18n/text.svelte.ts';
import type { Notices } from './notices.svelte.ts';

/** A host in the sidebar: a profile, or what is left of one that was deleted, with its snapshots, newest first. */
export interface HostEntry {
  readonly key: string;
  readonly label: string;
  readonly profile: Profile | undefined;
  readonly snapshots: readonly SnapshotSummary[];
}

/** Profiles in their order, then hosts that only have snapshots, by label. */
export function hostEntries(profiles: readonly Profile[], snapshots: readonly SnapshotSummary[]): readonly HostEntry[] {
  const newestFirst = [...snapshots].sort((a, b) => b.collectedAt.localeCompare(a.collectedAt));
  const known = new Set(profiles.map((profile) => profile.id));
  const entries: HostEntry[] = profiles.map((profile) => ({
    key: profile.id,
    label: profile.name,
    profile,
    snapshots: newestFirst.filter((snapshot) => snapshot.profileId === profile.id),
  }));
  const orphans = newestFirst.filter((snapshot) => snapshot.profileId === undefined || !known.has(snapshot.profileId));
  const labels = [...new Set(orphans.map((snapshot) => snapshot.hostLabel))].sort((a, b) => a.localeCompare(b));
  for (const label of labels) {
    const own = orphans.filter((snapshot) => snapshot.hostLabel === label);
    entries.push({ key: `label:${label}`, label, profile: undefined, snapshots: own });
  }
  return entries;
}

export class Library {
  readonly #bridge: Bridge;
  readonly #notices: Notices;
  #list = $state.raw<readonly SnapshotSummary[]>([]);

  constructor(bridge: Bridge, notices: Notices) {
    this.#bridge = bridge;
    this.#notices = notices;
  }

  get list(): readonly SnapshotSummary[] {
    return this.#list;
  }

  async load(): Promise<void> {
    const cached = await this.#bridge.call('snapshots:list');
    const external = this.#list.filter((one) => one.external && !cached.some((other) => other.id === one.id));
    this.#list = [...cached, ...external];
  }

  /** A snapshot that is not in the cache (opened from a file), shown for as long as the window is open. */
  add(summary: SnapshotSummary): void {
    if (!this.#list.some((one) => one.id === summary.id)) this.#list = [...this.#list, summary];
  }

  async delete(snapshot: SnapshotSummary): Promise<void> {
    const outcome = await this.#bridge.call('snapshots:delete', snapshot.id);
    if (!outcome.ok) {
      this.#notices.add({ tone: 'bad', text: outcome.failure.reason, detail: outcome.failure.advice });
      return;
    }
    this.#list = this.#list.filter((one) => one.id !== snapshot.id);
    this.#notices.add({
      tone: 'plain',
      text: text.home.snapshotDeleted(snapshot.hostLabel),
      action: { label: text.common.undo, run: () => void this.#undelete(snapshot.id) },
    });
  }

  async #undelete(id: string): Promise<void> {
    const outcome = await this.#bridge.call('snapshots:undelete', id);
    if (!outcome.ok) this.#notices.add({ tone: 'bad', text: outcome.failure.reason, detail: outcome.failure.advice });
    await this.load();
  }
}

// Everything the window knows, put together from small parts, and what a person can do that touches several of them.
import { createContext } from 'svelte';
import type {
  AppInfo,
  Bridge,
  CaptureWish,
  Failure,
  Profile,
  SnapshotContent,
  SnapshotSummary,
} from '../../shared/ipc/contract.ts';
import { text } from '../i18n/text.svelte.ts';
import { WorkerClient } from '../worker/worker-client.ts';
import { captureTarget } from '../../shared/capture/capture-target.ts';
import type { NotCapturable } from '../../shared/capture/capture-target.ts';
import { Captures } from './captures.svelte.ts';
import { captureSubject } from './capture-subject.ts';
import type { CaptureSubject } from './capture-subject.ts';
import { Collecting } from './collecting.svelte.ts';
import { Library } from './library.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { PictureState } from './picture.svelte.ts';
import { Profiles } from './profiles.svelte.ts';
import { Selection } from './selection.svelte.ts';
import { SettingsState } from './settings.svelte.ts';
import { Snapshot } from './snapshot.svelte.ts';
import { standInOf } from './stand-in.ts';
import { ThemeState } from './theme.svelte.ts';
import { Tracing } from './tracing.svelte.ts';

/** What the middle of the window shows. */
export type Place = 'home' | 'connect' | 'snapshot';
export type View = 'network' | 'namespaces';
/** The dialog that is open; prompts of a run are not among them, they come and go by themselves. */
export type Overlay =
  | { readonly kind: 'profile'; readonly profile: Profile | undefined }
  | { readonly kind: 'script' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'completeness' }
  | { readonly kind: 'export' }
  /** `before`: what was wanted when it failed. */
  | { readonly kind: 'capture'; readonly subject: CaptureSubject; readonly before?: CaptureWish };

export class Atlas {
  readonly bridge: Bridge;
  readonly notices = new Notices();
  readonly selection = new Selection();
  readonly settings: SettingsState;
  readonly theme: ThemeState;
  readonly profiles: Profiles;
  readonly library: Library;
  readonly snapshot: Snapshot;
  readonly picture: PictureState;
  readonly tracing: Tracing;
  readonly captures: Captures;
  #info = $state.raw<AppInfo | undefined>(undefined);
  #place = $state<Place>('home');
  #collecting = $state.raw<Collecting | undefined>(undefined);
  #failure = $state.raw<Failure | undefined>(undefined);
  #searchAsked = $state(0);
  view = $state<View>('network');
  overlay = $state.raw<Overlay | undefined>(undefined);

  constructor(bridge: Bridge, prefersDark: MediaQueryList) {
    const worker = new WorkerClient();
    this.bridge = bridge;
    this.settings = new SettingsState(bridge);
    this.theme = new ThemeState(this.settings, prefersDark);
    this.profiles = new Profiles(bridge, this.notices);
    this.library = new Library(bridge, this.notices);
    this.snapshot = new Snapshot(worker);
    this.tracing = new Tracing(this.snapshot);
    this.captures = new Captures(bridge);
    this.picture = new PictureState(worker, this.settings, (id) => {
      const model = this.snapshot.opened?.model;
      return model && standInOf(model, id);
    });
  }

  get info(): AppInfo | undefined {
    return this.#info;
  }
  get place(): Place {
    return this.#place;
  }
  get collecting(): Collecting | undefined {
    return this.#collecting;
  }
  /** Why the last thing that was asked for did not open. */
  get failure(): Failure | undefined {
    return this.#failure;
  }
  /** Grows with every wish to search from anywhere in the window. */
  get searchAsked(): number {
    return this.#searchAsked;
  }

  /** What has to be known before the window is drawn. */
  async prepare(): Promise<void> {
    [this.#info] = await Promise.all([
      this.bridge.call('app:info'),
      this.settings.load(),
      this.profiles.load(),
      this.library.load(),
    ]);
  }

  async start(): Promise<void> {
    if (!this.#info) return;
    for (const notice of this.#info.notices) {
      this.notices.add({ tone: 'bad', text: `${notice.attempted}: ${notice.reason}`, detail: notice.advice });
    }
    if (this.#info.demo) await this.connectDemo();
  }

  async connectDemo(): Promise<void> {
    const demo = await this.profiles.demo();
    if ('reason' in demo) this.#fail(demo);
    else this.connect(demo, true);
  }

  /** Shows what will run; `now` starts it as well. A host that was asked before is asked at once. */
  connect(profile: Profile, now = this.library.list.some((one) => one.profileId === profile.id)): void {
    this.#collecting?.dispose();
    const collecting = new Collecting(this.bridge, profile, (saved, failure) => void this.#collected(saved, failure));
    this.#collecting = collecting;
    this.#failure = undefined;
    this.#place = 'connect';
    if (now) void collecting.start();
  }

  /** The profile that the open snapshot can be asked again with. */
  get refreshable(): Profile | undefined {
    return this.profiles.find(this.snapshot.opened?.summary.profileId);
  }
  refresh(): void {
    if (this.refreshable) this.connect(this.refreshable, true);
  }

  /** Why no packets of it can be captured; undefined: they can be tried. */
  whyNotCapture({ netns, link }: CaptureSubject): 'no-profile' | 'demo' | NotCapturable | undefined {
    const model = this.snapshot.opened?.model;
    if (!model || !this.refreshable) return 'no-profile';
    if (this.refreshable.demo === true) return 'demo';
    const target = captureTarget(model, netns.id, link);
    return 'problem' in target ? target.problem : undefined;
  }

  /** What is selected, the network namespace of the process that is, or the host's. Says why where none can be captured. */
  captureSelected(): void {
    const model = this.snapshot.opened?.model;
    if (!model) return;
    const process = model.processes.find(({ id }) => id === this.selection.current);
    const wanted = [this.selection.current, process?.namespaces.net, model.host.initialNamespaces.net?.id];
    const [subject] = wanted.flatMap((id) => (id === undefined ? [] : (captureSubject(model, id) ?? [])));
    const why = subject ? this.whyNotCapture(subject) : 'unknown';
    if (subject && why === undefined) this.overlay = { kind: 'capture', subject };
    else if (why !== undefined) this.notices.add({ tone: 'plain', text: text.capture.problems[why] });
  }

  async open(summary: SnapshotSummary): Promise<void> {
    const outcome = await this.bridge.call('snapshots:read', summary.id);
    if (outcome.ok) await this.#openContent(outcome.value);
    else this.#fail(outcome.failure);
  }

  async openFile(): Promise<void> {
    const outcome = await this.bridge.call('snapshots:open-file');
    if (outcome === null) return;
    if (!outcome.ok) {
      this.#fail(outcome.failure);
      return;
    }
    this.library.add(outcome.value.summary);
    await this.#openContent(outcome.value);
  }

  async saveCopy(summary: SnapshotSummary): Promise<void> {
    const outcome = await this.bridge.call('snapshots:save-copy', summary.id);
    if (outcome === null) return;
    if (outcome.ok) this.notices.add({ tone: 'plain', text: text.home.copySaved(outcome.value) });
    else this.notices.add({ tone: 'bad', text: outcome.failure.reason, detail: outcome.failure.advice });
  }

  async copy(what: string): Promise<void> {
    await this.bridge.call('clipboard:write', what);
    const shown = what.length > 60 ? `${what.slice(0, 60)}…` : what;
    this.notices.add({ tone: 'plain', text: text.network.copiedText(shown) });
  }

  async deleteProfile(profile: Profile): Promise<void> {
    await this.profiles.delete(profile);
    const shown = this.#collecting;
    if (shown?.profile.id !== profile.id || shown.busy || this.profiles.find(profile.id)) return;
    this.#collecting = undefined;
    if (this.#place === 'connect') this.#place = this.snapshot.opened ? 'snapshot' : 'home';
  }

  goHome(): void {
    this.#failure = undefined;
    this.#place = 'home';
  }
  backToPicture(): void {
    if (this.snapshot.opened) this.#place = 'snapshot';
  }
  /** Selects and makes sure that the inspector is there to show it. */
  select(id: string): void {
    this.selection.select(id);
    if (!this.settings.current.inspectorOpen) this.settings.change({ inspectorOpen: true });
  }
  /** A mistake of ours that nobody else reports. */
  mistake(reason: string): void {
    this.notices.add({ tone: 'bad', text: text.errors.mistake, detail: reason });
  }
  /** Opens the trace beside the picture, with an end filled in; both there, it starts. */
  traceWith(end: { readonly from?: string; readonly to?: string }): void {
    this.view = 'network';
    this.tracing.from = end.from ?? this.tracing.from;
    this.tracing.to = end.to ?? this.tracing.to;
    this.tracing.show();
    if (this.tracing.from !== '' && this.tracing.to !== '') void this.tracing.run();
  }
  search(): void {
    this.#searchAsked += 1;
  }

  /** `failure`: why the snapshot is not whole. */
  async #collected(saved: SnapshotSummary, failure: Failure | undefined): Promise<void> {
    if (failure) this.notices.add({ tone: 'bad', text: failure.reason, detail: failure.advice });
    await this.library.load();
    await this.open(saved);
    this.#collecting = undefined;
  }

  async #openContent(content: SnapshotContent): Promise<void> {
    const before = this.snapshot.opened?.summary.hostLabel;
    const failure = await this.snapshot.open(content);
    if (failure) {
      this.#fail(failure);
      return;
    }
    if (before !== content.summary.hostLabel) this.selection.clear();
    this.tracing.forget();
    this.#failure = undefined;
    this.#place = 'snapshot';
    await this.picture.show(content.summary.hostLabel);
  }

  #fail(failure: Failure): void {
    this.#failure = failure;
    this.#place = 'home';
  }
}

const [getAtlas, setAtlas] = createContext<Atlas>();
export { getAtlas, setAtlas };

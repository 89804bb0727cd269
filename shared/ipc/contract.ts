// Everything that passes between the window and the main process: one map of calls, one of events.
// The argument schemas are in schemas.ts; main refuses what they do not accept. Secrets only ever travel
// from the window to main (an answered prompt), never back; paths chosen in dialogs stay in main.
import type { CaptureTarget } from '../capture/capture-target.ts';

/** How the login user proves who it is. */
export type Authentication = 'key' | 'agent' | 'password';
/** `never`: as the login user; `try`: sudo when it needs no password; `ask`: sudo, asking for the password. */
export type SudoMode = 'never' | 'try' | 'ask';

export interface ProfileFields {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly authentication: Authentication;
  /** Path of the private key on this machine, for `key`. */
  readonly keyFile?: string;
  readonly sudo: SudoMode;
}

export interface Profile extends ProfileFields {
  readonly id: string;
  /** Made for the demo; not written to disk. */
  readonly demo?: boolean;
}

/** A cached snapshot without its transcript. */
export interface SnapshotSummary {
  readonly id: string;
  /** Profile it was collected with; a deleted profile's snapshots stay. */
  readonly profileId: string | undefined;
  readonly hostLabel: string;
  /** This machine's clock, ISO 8601 UTC. */
  readonly collectedAt: string;
  readonly user: string;
  readonly bytes: number;
  readonly complete: boolean;
  /** Opened from a file outside the cache. */
  readonly external?: boolean;
}

export interface SnapshotContent {
  readonly summary: SnapshotSummary;
  /** The transcript, byte for byte; the window derives the model from it. */
  readonly transcript: Uint8Array;
}

/** A failure that crossed the process border: what was tried, why it failed, what to do. */
export interface Failure {
  readonly code: string;
  readonly attempted: string;
  readonly reason: string;
  readonly advice: string;
}
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly hideLoopback: boolean;
  readonly sidebarWidth: number;
  readonly inspectorWidth: number;
  readonly sidebarOpen: boolean;
  readonly inspectorOpen: boolean;
  readonly showLegend: boolean;
}

export interface ImageExport {
  readonly format: 'svg' | 'png';
  readonly svg: string;
  /** Pixels per scene pixel, for PNG: 1, 2, 3 or 4. */
  readonly scale: number;
  readonly suggestedName: string;
}

/** A question the main process needs a person's answer to while it connects. */
export type Prompt =
  | {
      readonly kind: 'unknown-host-key';
      readonly host: string;
      readonly port: number;
      readonly keyType: string;
      /** `SHA256:…`, as ssh-keygen -l prints it. */
      readonly fingerprint: string;
      /** Names and addresses under which the same key is known already: a host whose address changed. */
      readonly alsoKnownAs: readonly string[];
    }
  | { readonly kind: 'passphrase'; readonly keyFile: string; readonly again: boolean }
  | {
      readonly kind: 'password';
      readonly user: string;
      readonly host: string;
      readonly again: boolean;
      /** The host's own question where it is not simply the password, e.g. `Verification code:`. */
      readonly text?: string;
    }
  | { readonly kind: 'sudo-password'; readonly user: string; readonly host: string; readonly again: boolean };

export type PromptAnswer = { readonly accept: true; readonly secret?: string } | { readonly accept: false };

/** What the application menu can ask the window for. */
export type MenuCommand =
  | 'home'
  | 'new-profile'
  | 'open-snapshot'
  | 'refresh'
  | 'save-copy'
  | 'export'
  | 'search'
  | 'trace'
  | 'capture'
  | 'view-network'
  | 'view-namespaces'
  | 'zoom-in'
  | 'zoom-out'
  | 'fit'
  | 'toggle-sidebar'
  | 'toggle-inspector'
  | 'toggle-loopback'
  | 'toggle-legend'
  | 'show-script'
  | 'show-shortcuts';

/** What happens in a run, in order. */
export type CollectEvent =
  | { readonly step: 'connecting'; readonly host: string }
  | { readonly step: 'authenticating'; readonly user: string }
  | { readonly step: 'started' }
  | {
      readonly step: 'section';
      readonly section: string;
      readonly frames: number;
      readonly bytes: number;
      readonly milliseconds: number;
    }
  /** `failure`: why the snapshot is not whole, e.g. the connection broke; what had arrived is in it. */
  | { readonly step: 'saved'; readonly snapshot: SnapshotSummary; readonly failure?: Failure }
  | { readonly step: 'failed'; readonly failure: Failure }
  | { readonly step: 'cancelled' };

/** A capture that is wanted; the target is made of a model, and the host is asked whether it is still there. */
export interface CaptureWish {
  readonly target: CaptureTarget;
  /** As tcpdump takes it; empty: everything. */
  readonly filter: string;
  readonly packets?: number;
  readonly seconds?: number;
  /** Of the capture file. */
  readonly bytes?: number;
  /** Bytes kept of each packet. */
  readonly snaplen?: number;
  /** With the packets of our own connection. */
  readonly includeOwn: boolean;
  readonly sudo: SudoMode;
}

export interface CaptureCount {
  readonly packets: number;
  readonly bytes: number;
}

/** What happens in a capture, in order. */
export type CaptureEvent =
  | { readonly step: 'connecting' }
  /** Logged in; tcpdump is about to start. */
  | { readonly step: 'starting' }
  /** tcpdump listens; the file is there. */
  | { readonly step: 'listening' }
  | ({ readonly step: 'counted' } & CaptureCount)
  /**
   * `file`: its name. `ended`: by a limit, by a person, or it broke off, and `failure` says why; what came before is in
   * the file.
   */
  | ({
      readonly step: 'saved';
      readonly file: string;
      readonly ended: 'limit' | 'stopped' | 'failed';
      readonly droppedByKernel?: number;
      readonly failure?: Failure;
    } & CaptureCount)
  /** There is no file. */
  | { readonly step: 'failed'; readonly failure: Failure }
  | { readonly step: 'cancelled' };

export interface AppInfo {
  readonly version: string;
  /** Node's name: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  readonly electron: string;
  /** Started for the demo: ask for `demo:profile`, save nothing, connect to it at once. */
  readonly demo: boolean;
  /** Nobody is watching: once the picture of the demo's snapshot stands, call `demo:drawn` with its SVG. */
  readonly unattended: boolean;
  /** What went wrong before there was a window, e.g. a damaged file that was set aside. */
  readonly notices: readonly Failure[];
}

/**
 * Calls: the window asks, main answers. Argument tuple, then result. A call that main refuses (unknown name, arguments
 * the schemas do not accept, a foreign sender) rejects with an Error; that is a mistake in the program, not a failure.
 */
export interface Calls {
  'app:info': { args: []; result: AppInfo };
  'profiles:list': { args: []; result: readonly Profile[] };
  /** Without an id it is a new one. */
  'profiles:save': { args: [fields: ProfileFields, id?: string]; result: Outcome<Profile> };
  'profiles:delete': { args: [id: string]; result: Outcome<null> };
  /** Puts back what was deleted last. */
  'profiles:undelete': { args: [id: string]; result: Outcome<Profile> };
  /** File dialog for a private key; null when dismissed. */
  'profiles:choose-key': { args: []; result: string | null };
  /**
   * The demo host's profile; its host is started first if need be. Its id can be given to `collect:start` like any
   * other. With `--demo-live` it is the profile named by the flags.
   */
  'demo:profile': { args: []; result: Outcome<Profile> };
  /**
   * One run; its events and prompts carry its id. The first event follows the answer to this call, and every run ends
   * with exactly one of `saved`, `failed`, `cancelled`.
   */
  'collect:start': { args: [profileId: string]; result: Outcome<{ runId: string }> };
  'collect:cancel': { args: [runId: string]; result: null };
  'collect:answer': { args: [promptId: string, answer: PromptAnswer]; result: null };
  /** The script that will run, in full. */
  'collect:script': { args: []; result: string };
  /**
   * Save dialog, then one capture; its events and prompts carry its id, which `collect:answer` answers like those of a
   * run. Ends with exactly one of `saved`, `failed`, `cancelled`. null when the dialog was dismissed.
   */
  'capture:start': { args: [profileId: string, wish: CaptureWish]; result: Outcome<{ captureId: string }> | null };
  /** What was captured stays. */
  'capture:stop': { args: [captureId: string]; result: null };
  /** Shows the file of a capture in the system's file manager. */
  'capture:show-file': { args: [captureId: string]; result: null };
  'snapshots:list': { args: []; result: readonly SnapshotSummary[] };
  'snapshots:read': { args: [id: string]; result: Outcome<SnapshotContent> };
  'snapshots:delete': { args: [id: string]; result: Outcome<null> };
  'snapshots:undelete': { args: [id: string]; result: Outcome<SnapshotSummary> };
  /** File dialog; null when dismissed. */
  'snapshots:open-file': { args: []; result: Outcome<SnapshotContent> | null };
  /** Save dialog for a copy; the chosen file's name, null when dismissed. */
  'snapshots:save-copy': { args: [id: string]; result: Outcome<string> | null };
  /** Save dialog; the chosen file's name, null when dismissed. */
  'export:save': { args: [image: ImageExport]; result: Outcome<string> | null };
  'settings:read': { args: []; result: Settings };
  'settings:write': { args: [settings: Settings]; result: null };
  'clipboard:write': { args: [text: string]; result: null };
  /**
   * Demo without a display: the window says that the picture of the snapshot saved last is drawn, with its SVG; main
   * writes the files, says what was found, and ends.
   */
  'demo:drawn': { args: [svg: string]; result: null };
}

/** Events: main tells, the window listens. */
export interface Events {
  'collect:event': { runId: string; event: CollectEvent };
  'capture:event': { captureId: string; event: CaptureEvent };
  /** `runId`: of a run or a capture. */
  'collect:prompt': { runId: string; promptId: string; prompt: Prompt };
  /** Chosen in the application menu, or its shortcut pressed. */
  'menu:command': { command: MenuCommand };
}

export type CallName = keyof Calls;
export type EventName = keyof Events;

/** What the preload script exposes as `window.nsatlas`. */
export interface Bridge {
  call<K extends CallName>(name: K, ...args: Calls[K]['args']): Promise<Calls[K]['result']>;
  /** Returns the function that ends listening. */
  on<K extends EventName>(name: K, listener: (payload: Events[K]) => void): () => void;
}

// Processes that share namespaces of their own without being a container: a systemd unit with private namespaces, an
// application in a sandbox. Nobody gave it an image or an id, and it lives exactly as long as its processes.
//
// Kept apart from containers because people ask other things of it: not "which image, which engine, which port" but "why
// has this process a mount namespace of its own".
import type { Evidence } from './evidence.ts';
import type { NamespaceId, ProcessId, SandboxId } from './id.ts';

export type SandboxKind =
  /** A service: systemd.exec(5), PrivateTmp=, PrivateNetwork=, PrivateUsers=, ProtectSystem= … */
  | 'systemd-unit'
  | 'flatpak'
  | 'snap'
  | 'bubblewrap'
  | 'firejail'
  /** Renderers and other helpers of Chromium, its kin (Electron) and Firefox. */
  | 'browser';

export interface Sandbox {
  readonly id: SandboxId;
  readonly kind: SandboxKind;
  /** `nginx.service`, `org.mozilla.firefox`, `chrome[4211]`. */
  readonly name: string;
  readonly processIds: readonly ProcessId[];
  /** Namespaces that no other process was seen in. */
  readonly namespaceIds: readonly NamespaceId[];
  /** Name of the rule that found it. */
  readonly rule: string;
  readonly evidence: readonly Evidence[];
}

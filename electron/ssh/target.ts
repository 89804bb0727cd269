// Whom to connect to, how to prove who we are, and whom to ask on the way.

/** Ways in, tried in the order given. */
export type SshAuthentication =
  | { readonly kind: 'key'; readonly keyFile: string }
  /** A private key that is in no file, as text without a passphrase: the demo's. */
  | { readonly kind: 'held-key'; readonly privateKey: string }
  /** `socket`: path of the agent's socket; without it SSH_AUTH_SOCK, on Windows OpenSSH's pipe. */
  | { readonly kind: 'agent'; readonly socket?: string }
  | { readonly kind: 'password' };

export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly authentication: readonly SshAuthentication[];
  /** Host keys (SSH wire format) that are trusted for this target whatever the files say: the demo's own host. */
  readonly trustedHostKeys?: readonly Uint8Array[];
}

export interface UnknownHostKey {
  readonly host: string;
  readonly port: number;
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
  readonly keyType: string;
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** Names and addresses under which the same key is known already. */
  readonly alsoKnownAs: readonly string[];
}

export interface PasswordQuestion {
  readonly user: string;
  readonly host: string;
  /** The answer before was not accepted. */
  readonly again: boolean;
  /** The host's own question where it is not simply the password, e.g. `Verification code:`. */
  readonly text?: string;
}

/** Answers are undefined when the person wants to stop; that ends the connection as cancelled. */
export interface SshQuestions {
  readonly unknownHostKey: (question: UnknownHostKey) => Promise<boolean>;
  readonly passphrase: (question: { readonly keyFile: string; readonly again: boolean }) => Promise<string | undefined>;
  readonly password: (question: PasswordQuestion) => Promise<string | undefined>;
}

/** Files in the format of sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. Those that do not exist are empty. */
export interface KnownHostsFiles {
  /** Read only, e.g. ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts. */
  readonly read: readonly string[];
  /** Ours: read too, and accepted keys are appended. Without it, what is accepted is forgotten. */
  readonly append?: string;
}

/** The target in a sentence: `ec2-user@192.0.2.1 port 22`. */
export function nameOf(target: Pick<SshTarget, 'user' | 'host' | 'port'>): string {
  return `${target.user}@${target.host} port ${target.port}`;
}

// A profile as a target for SSH, and the files that say which hosts are known.
import type { Profile } from '../../shared/ipc/contract.ts';
import { defaultKnownHostsFiles } from '../ssh/known-hosts-files.ts';
import type { KnownHostsFiles, SshAuthentication, SshTarget } from '../ssh/target.ts';
import type { DemoProfile } from './demo-profile.ts';

export interface Connection {
  readonly target: SshTarget;
  readonly knownHosts: KnownHostsFiles;
}

/** `ownKnownHosts`: our file, where accepted keys are kept. */
export async function connectionOf(profile: Profile, ownKnownHosts: string, demo: DemoProfile): Promise<Connection> {
  const { host, port, user } = profile;
  if (profile.demo === true) {
    if (demo.live !== undefined) {
      const target = { host, port, user, authentication: [authenticationOf(profile)] };
      return { target, knownHosts: { read: [demo.live.knownHosts] } };
    }
    const { privateKey, hostKey } = await demo.host();
    const authentication = [{ kind: 'held-key', privateKey }] as const;
    return { target: { host, port, user, authentication, trustedHostKeys: [hostKey] }, knownHosts: { read: [] } };
  }
  return {
    target: { host, port, user, authentication: [authenticationOf(profile)] },
    knownHosts: { read: defaultKnownHostsFiles(), append: ownKnownHosts },
  };
}

function authenticationOf(profile: Profile): SshAuthentication {
  if (profile.authentication === 'key') return { kind: 'key', keyFile: profile.keyFile ?? '' };
  return { kind: profile.authentication };
}

// The system's ssh client, told to trust nothing and use nothing but what belongs to one lab host.

export interface SshTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly keyFile: string;
  readonly knownHostsFile: string;
}

export function sshArguments(target: SshTarget, command: readonly string[]): readonly string[] {
  return [
    '-F',
    'none',
    '-i',
    target.keyFile,
    '-o',
    'IdentitiesOnly=yes',
    '-o',
    'IdentityAgent=none',
    '-o',
    `UserKnownHostsFile=${target.knownHostsFile}`,
    '-o',
    'GlobalKnownHostsFile=/dev/null',
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    'ConnectTimeout=10',
    '-o',
    'LogLevel=ERROR',
    '-p',
    String(target.port),
    `${target.user}@${target.address}`,
    ...command,
  ];
}

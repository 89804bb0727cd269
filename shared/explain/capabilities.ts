// capabilities(7) by number, as include/uapi/linux/capability.h has them, without CAP_.
const names = [
  'chown',
  'dac_override',
  'dac_read_search',
  'fowner',
  'fsetid',
  'kill',
  'setgid',
  'setuid',
  'setpcap',
  'linux_immutable',
  'net_bind_service',
  'net_broadcast',
  'net_admin',
  'net_raw',
  'ipc_lock',
  'ipc_owner',
  'sys_module',
  'sys_rawio',
  'sys_chroot',
  'sys_ptrace',
  'sys_pacct',
  'sys_admin',
  'sys_boot',
  'sys_nice',
  'sys_resource',
  'sys_time',
  'sys_tty_config',
  'mknod',
  'lease',
  'audit_write',
  'audit_control',
  'setfcap',
  'mac_override',
  'mac_admin',
  'syslog',
  'wake_alarm',
  'block_suspend',
  'audit_read',
  'perfmon',
  'bpf',
  'checkpoint_restore',
] as const;

/** Where the kernel did not tell: 40, since 5.9. */
const lastKnown = names.length - 1;

export interface CapabilityNames {
  readonly has: readonly string[];
  readonly lacks: readonly string[];
}

/** `hex`: a set as /proc/PID/status prints it. Bits beyond the kernel's last capability do not count. */
export function capabilityNames(hex: string, last = lastKnown): CapabilityNames {
  const bits = BigInt(`0x${hex}`);
  const all = Array.from({ length: Math.min(last, 63) + 1 }, (_, bit) => ({
    name: names[bit] ?? `capability ${bit}`,
    isIn: ((bits >> BigInt(bit)) & 1n) === 1n,
  }));
  return {
    has: all.filter(({ isIn }) => isIn).map(({ name }) => name),
    lacks: all.filter(({ isIn }) => !isIn).map(({ name }) => name),
  };
}

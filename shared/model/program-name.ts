// What a person calls a process's program.
import type { Process } from './process.ts';

/** The kernel's name; but RootlessKit's child is `exe` to the kernel, because it runs /proc/self/exe. */
export function programName(process: Pick<Process, 'comm' | 'roles'>): string {
  return process.roles.includes('rootlesskit-child') ? 'rootlesskit child' : process.comm;
}

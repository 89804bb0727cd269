// With which right a question was asked, in words.
import type { Privilege } from '../model/transcript.ts';
import { english, type Texts } from './en/english.ts';

/** `ec2-user`, `root (sudo)`, `ec2-user inside the user namespace of PID 122351`. */
export function asWhom(privilege: Privilege, user: string, texts: Texts = english): string {
  if (privilege === 'user') return user;
  if (privilege === 'root') return texts.asWhom.root;
  return texts.asWhom.inside(user, privilege.slice('userns:'.length));
}

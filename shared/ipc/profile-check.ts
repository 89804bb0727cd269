// What a profile has to look like. The form asks while a person types, main asks again before it saves or connects.
import type { ProfileFields } from './contract.ts';

export type ProfileField = 'name' | 'host' | 'port' | 'user' | 'keyFile';
export interface ProfileProblem {
  readonly field: ProfileField;
  readonly code:
    'missing' | 'too-long' | 'has-spaces' | 'begins-with-dash' | 'not-a-host' | 'not-a-user' | 'not-a-port';
}

/**
 * Problems of these fields, at most one for each; empty when all is well. A host is a name or an address (IPv6 with or
 * without a zone, without brackets); a leading dash would be an option to any program it is handed to.
 */
export function checkProfile(fields: ProfileFields): readonly ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const found = (field: ProfileField, code: ProfileProblem['code'] | undefined): void => {
    if (code !== undefined) problems.push({ field, code });
  };
  found('name', blank(fields.name, 200));
  found('host', blank(fields.host, 253) ?? hostProblem(fields.host));
  found('port', Number.isInteger(fields.port) && fields.port >= 1 && fields.port <= 65535 ? undefined : 'not-a-port');
  found('user', blank(fields.user, 256) ?? userProblem(fields.user));
  if (fields.authentication === 'key') found('keyFile', blank(fields.keyFile ?? '', 4096));
  return problems;
}

function blank(text: string, most: number): ProfileProblem['code'] | undefined {
  if (text.trim() === '') return 'missing';
  return text.length > most ? 'too-long' : undefined;
}

function hostProblem(host: string): ProfileProblem['code'] | undefined {
  if (/\s/.test(host)) return 'has-spaces';
  if (host.startsWith('-')) return 'begins-with-dash';
  return /^[\p{L}\p{N}._:%-]+$/u.test(host) ? undefined : 'not-a-host';
}

function userProblem(user: string): ProfileProblem['code'] | undefined {
  if (/\s/.test(user)) return 'has-spaces';
  if (user.startsWith('-')) return 'begins-with-dash';
  return /^[^\u0000-\u001f\u007f/]+$/.test(user) ? undefined : 'not-a-user';
}

// The saved profiles: one JSON file, no secrets in it.
//
// Format: { "formatVersion": 1, "profiles": [ { "id", "name", "host", "port", "user", "authentication", "keyFile"?,
// "sudo" } ] }, in the order they were made.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Profile, ProfileFields } from '../../shared/ipc/contract.ts';
import { checkProfile } from '../../shared/ipc/profile-check.ts';
import { profileFieldsSchema } from '../../shared/ipc/schemas.ts';
import { StoreFailure } from './failure.ts';
import { readJsonFile, setAside, writeJsonFile } from './json-file.ts';
import { OneAtATime } from './one-at-a-time.ts';

const fileSchema = z.object({ formatVersion: z.literal(1), profiles: z.array(z.looseObject({ id: z.string() })) });

export class ProfileStore {
  readonly #file: string;
  readonly #changes = new OneAtATime();
  #profiles: readonly Profile[];
  /** Deleted since the app was started, by id, with the place they had. */
  readonly #deleted = new Map<string, { readonly profile: Profile; readonly index: number }>();

  private constructor(file: string, profiles: readonly Profile[]) {
    this.#file = file;
    this.#profiles = profiles;
  }

  /** `notice` says when the file, or a part of it, could not be understood. */
  static async open(file: string): Promise<{ store: ProfileStore; notice: StoreFailure | undefined }> {
    const { value, notice } = await readJsonFile(file, fileSchema);
    const read = (value?.profiles ?? []).map(readProfile);
    const good = read.filter((profile) => profile !== undefined);
    const bad = read.length - good.length;
    const partly =
      bad === 0 ? undefined : await setAside(file, `${bad} of ${read.length} profiles make no sense.`, true);
    return { store: new ProfileStore(file, good), notice: notice ?? partly };
  }

  list(): readonly Profile[] {
    return this.#profiles;
  }

  find(id: string): Profile | undefined {
    return this.#profiles.find((profile) => profile.id === id);
  }

  /** Without an id a new one. Rejects with StoreFailure: invalid, not-found, file-unwritable. */
  save(fields: ProfileFields, id?: string): Promise<Profile> {
    const problems = checkProfile(fields);
    const attempted = `save the profile ${fields.name}`;
    if (problems.length > 0)
      return Promise.reject(
        new StoreFailure({
          code: 'invalid',
          attempted,
          reason: problems.map(({ field, code }) => `${field}: ${code}`).join(', '),
          advice: 'Correct these fields.',
        }),
      );
    const { keyFile, ...rest } = fields;
    const clean = keyFile === undefined || keyFile === '' ? rest : { ...rest, keyFile };
    const profile: Profile = { ...clean, name: fields.name.trim(), id: id ?? randomUUID() };
    return this.#changes.run(async () => {
      if (id !== undefined && this.find(id) === undefined) throw noSuchProfile(attempted);
      const others = this.#profiles.map((one) => (one.id === id ? profile : one));
      await this.#write(id === undefined ? [...others, profile] : others);
      return profile;
    });
  }

  /** Rejects with StoreFailure: not-found, file-unwritable. */
  delete(id: string): Promise<void> {
    return this.#changes.run(async () => {
      const index = this.#profiles.findIndex((profile) => profile.id === id);
      const profile = this.#profiles[index];
      if (profile === undefined) throw noSuchProfile('delete a profile');
      await this.#write(this.#profiles.filter((one) => one.id !== id));
      this.#deleted.set(id, { profile, index });
    });
  }

  /** Puts a profile deleted since the start back where it was. Rejects with StoreFailure: not-found, file-unwritable. */
  undelete(id: string): Promise<Profile> {
    return this.#changes.run(async () => {
      const deleted = this.#deleted.get(id);
      if (deleted === undefined) throw noSuchProfile('bring back a deleted profile');
      await this.#write(inserted(this.#profiles, deleted.index, deleted.profile));
      this.#deleted.delete(id);
      return deleted.profile;
    });
  }

  async #write(profiles: readonly Profile[]): Promise<void> {
    await writeJsonFile(this.#file, { formatVersion: 1, profiles });
    this.#profiles = profiles;
  }
}

function readProfile({ id, ...fields }: { readonly id: string }): Profile | undefined {
  const read = profileFieldsSchema.safeParse(fields);
  return read.success && checkProfile(read.data).length === 0 ? { ...read.data, id } : undefined;
}

function noSuchProfile(attempted: string): StoreFailure {
  return new StoreFailure({
    code: 'not-found',
    attempted,
    reason: 'There is no such profile any more.',
    advice: 'Open the list of hosts again.',
  });
}

function inserted<T>(list: readonly T[], index: number, item: T): readonly T[] {
  return [...list.slice(0, index), item, ...list.slice(index)];
}

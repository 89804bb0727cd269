// What main accepts from the window: one schema per call, of the whole argument tuple. The window is foreign here:
// every string has a longest length, nothing unknown is passed on.
import { z } from 'zod';
import type { CallName, Calls, CaptureWish, PromptAnswer, ProfileFields, Settings } from './contract.ts';

const id = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);
/** A picture of a large host has tens of thousands of elements; beyond this something is wrong. */
const longestSvg = 64 * 1024 * 1024;

/** The shape only; whether the values make sense is for checkProfile, which can say what is wrong with which field. */
export const profileFieldsSchema: z.ZodType<ProfileFields> = z.strictObject({
  name: z.string().max(1000),
  host: z.string().max(1000),
  port: z.number(),
  user: z.string().max(1000),
  authentication: z.enum(['key', 'agent', 'password']),
  keyFile: z.string().max(10_000).exactOptional(),
  sudo: z.enum(['never', 'try', 'ask']),
});

export const settingsSchema: z.ZodType<Settings> = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  hideLoopback: z.boolean(),
  sidebarWidth: z.number().min(0).max(10_000),
  inspectorWidth: z.number().min(0).max(10_000),
  sidebarOpen: z.boolean(),
  inspectorOpen: z.boolean(),
  showLegend: z.boolean(),
});

const promptAnswer: z.ZodType<PromptAnswer> = z.discriminatedUnion('accept', [
  z.strictObject({ accept: z.literal(true), secret: z.string().max(10_000).exactOptional() }),
  z.strictObject({ accept: z.literal(false) }),
]);

/** File names end up in a dialog only, but a separator in one would choose a folder. */
const fileName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\\\u0000-\u001f]+$/);

const image = z.strictObject({
  format: z.enum(['svg', 'png']),
  svg: z.string().max(longestSvg),
  scale: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  suggestedName: fileName,
});

const positive = (most: number) => z.number().int().min(1).max(most);
/** As shared/capture makes them: nothing else becomes a word of a command on the host. */
const wayIn = z.string().regex(/^(?:\d{0,10}::?\/[A-Za-z0-9/._@%+=,~-]{1,4096}|@\d{1,10}\/\d{1,10})$/);

export const captureWishSchema: z.ZodType<CaptureWish> = z.strictObject({
  target: z.strictObject({
    bootId: z
      .string()
      .regex(/^[0-9a-f-]{1,64}$/)
      .exactOptional(),
    netns: z.strictObject({
      name: z.string().max(10_000),
      inode: positive(Number.MAX_SAFE_INTEGER),
      marks: z.array(z.string().regex(/^\d{1,10}\/[0-9a-f:]{17}$/)).max(64),
      ways: z.array(wayIn).max(16),
    }),
    link: z
      .strictObject({ name: z.string().min(1).max(100), ifindex: positive(2 ** 31 - 1), withoutIp: z.boolean() })
      .exactOptional(),
  }),
  filter: z
    .string()
    .max(10_000)
    .refine((text) => !text.includes('\u0000')),
  packets: positive(2 ** 31 - 1).exactOptional(),
  // As long as a timer can be.
  seconds: positive(2_147_483).exactOptional(),
  bytes: positive(Number.MAX_SAFE_INTEGER).exactOptional(),
  snaplen: positive(262_144).exactOptional(),
  includeOwn: z.boolean(),
  sudo: z.enum(['never', 'try', 'ask']),
});

export const argumentSchemas: { readonly [K in CallName]: z.ZodType<Calls[K]['args']> } = {
  'app:info': z.tuple([]),
  'profiles:list': z.tuple([]),
  'profiles:save': z.union([z.tuple([profileFieldsSchema]), z.tuple([profileFieldsSchema, id])]),
  'profiles:delete': z.tuple([id]),
  'profiles:undelete': z.tuple([id]),
  'profiles:choose-key': z.tuple([]),
  'demo:profile': z.tuple([]),
  'demo:drawn': z.tuple([z.string().max(longestSvg)]),
  'collect:start': z.tuple([id]),
  'collect:cancel': z.tuple([id]),
  'collect:answer': z.tuple([id, promptAnswer]),
  'collect:script': z.tuple([]),
  'capture:start': z.tuple([id, captureWishSchema]),
  'capture:stop': z.tuple([id]),
  'capture:show-file': z.tuple([id]),
  'snapshots:list': z.tuple([]),
  'snapshots:read': z.tuple([id]),
  'snapshots:delete': z.tuple([id]),
  'snapshots:undelete': z.tuple([id]),
  'snapshots:open-file': z.tuple([]),
  'snapshots:save-copy': z.tuple([id]),
  'export:save': z.tuple([image]),
  'settings:read': z.tuple([]),
  'settings:write': z.tuple([settingsSchema]),
  'clipboard:write': z.tuple([z.string().max(10_000_000)]),
};

// Holds a model against its committed schema, more strictly than a reader should: an unknown name is a mistake here.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { schemaFile } from '../../build/model-schema.mjs';
import type { Model } from '../../shared/model/model.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in schema && inner['type'] === 'object' ? { ...inner, additionalProperties: false } : inner;
}

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
  closed(JSON.parse(readFileSync(schemaFile, 'utf8')) as Json) as object,
);

/** What is wrong with it as JSON; empty when it is as the schema says. */
export function schemaErrors(model: Partial<Model>): readonly string[] {
  validate(JSON.parse(JSON.stringify(model)));
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? error.keyword}`);
}

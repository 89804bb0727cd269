import path from 'node:path';
import { isBuiltin } from 'node:module';
import { closedZones, freeZones, importTable } from './import-table.mjs';

/**
 * ESLint rule: an import has to be allowed by the table in import-table.mjs. Relative paths are resolved first, so that
 * `../parse/x.ts` is judged by the file it means and not by how it is spelled.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const importBoundaries = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object', properties: { root: { type: 'string' } }, required: ['root'] }],
    messages: {
      forbidden: '{{from}} may not import {{to}}. {{instead}}',
      typesOnly: '{{from}} may import {{to}} as types only: write `import type`.',
      unknownZone: '{{from}} has no row in build/eslint/import-table.mjs: say there what it may import.',
    },
  },
  create(context) {
    const { root } = /** @type {{ root: string }} */ (context.options[0]);
    const from = path.relative(root, context.filename).split(path.sep).join('/');
    if (within(from, freeZones)) return {};
    const row = rowOf(from);

    /** @param {import('estree').Node} node @param {unknown} source @param {boolean} isType */
    function judge(node, source, isType) {
      if (typeof source !== 'string') return;
      const specifier = source.replace(/\?.*$/, '');
      if (row === undefined) {
        context.report({ node, messageId: 'unknownZone', data: { from } });
        return;
      }
      const relative = specifier.startsWith('.');
      const to = relative ? path.posix.join(path.posix.dirname(from), specifier) : specifier;
      const allowed = relative ? mayImportFile(row, to) : mayImportPackage(row, specifier);
      const data = { from: row.zone, to, instead: row.instead };
      if (!allowed) context.report({ node, messageId: 'forbidden', data });
      else if (relative && !isType && within(to, row.typesOnly ?? []))
        context.report({ node, messageId: 'typesOnly', data });
    }

    /** @param {any} node */
    const declaration = (node) => {
      if (node.source) judge(node, node.source.value, node.importKind === 'type' || node.exportKind === 'type');
    };
    return {
      ImportDeclaration: declaration,
      ExportNamedDeclaration: declaration,
      ExportAllDeclaration: declaration,
      ImportExpression: (node) => judge(node, /** @type {any} */ (node.source).value, false),
      /** @param {any} node */
      TSImportType: (node) => judge(node, (node.source ?? node.argument)?.value ?? node.argument?.literal?.value, true),
      'CallExpression[callee.name="require"]': (/** @type {any} */ node) =>
        judge(node, node.arguments[0]?.value, false),
    };
  },
};

/** @param {string} file @param {readonly string[]} zones */
function within(file, zones) {
  return zones.some((zone) => file === zone || file.startsWith(`${zone}/`));
}

/** @param {string} file */
function rowOf(file) {
  return importTable.filter((row) => within(file, [row.zone])).sort((a, b) => b.zone.length - a.zone.length)[0];
}

/** @param {import('./import-table.mjs').Row} row @param {string} file */
function mayImportFile(row, file) {
  if (within(file, closedZones)) return false;
  const target = rowOf(file);
  // The same zone; a file that hangs outside every zone (package.json) is nobody's to import.
  if (target?.zone === row.zone) return true;
  return within(file, row.ours) || (row.zone === 'renderer' && within(file, ['renderer']));
}

/** @param {import('./import-table.mjs').Row} row @param {string} specifier */
function mayImportPackage(row, specifier) {
  if (isBuiltin(specifier)) return row.packages.includes('node:');
  return within(specifier, row.packages);
}

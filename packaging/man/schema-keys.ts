// The section KEYS of wgospf-state(5), from the JSON schema of the state file.
import { stringify } from 'yaml';
import { documentedSchema } from '../../src/config/json-schema.ts';
import { boldTag, escape, heading, inline, tagged } from './roff.ts';

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

interface Key {
  /** `tunnels.NAME.peer.publicKey` */
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** A value as one line of YAML. */
const inYaml = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trimEnd();

/** Every key once, in the order of the schema; an entry of a map as NAME. */
function keysOf(schema: Schema, path = ''): Key[] {
  const below = (name: string, inner: Schema, required: boolean): Key[] => {
    const full = path === '' ? name : `${path}.${name}`;
    const own = name === 'NAME' ? [] : [{ path: full, schema: inner, required }];
    return [...own, ...keysOf(inner, full)];
  };
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    below(name, inner, schema.required?.includes(name) ?? false),
  );
  const entries =
    typeof schema.additionalProperties === 'object' ? below('NAME', schema.additionalProperties, false) : [];
  const choices = (schema.anyOf ?? []).flatMap((choice) => keysOf(choice, path));
  const all = [...named, ...entries, ...choices];
  return all.filter((key, index) => all.findIndex(({ path: other }) => other === key.path) === index);
}

function range({ type, minimum, maximum }: Schema): string {
  const word = type === 'integer' ? 'whole number' : 'number';
  if (minimum === undefined && maximum === undefined) return word;
  return maximum === undefined ? `${word} from ${String(minimum)}` : `${word} from ${minimum ?? 0} to ${maximum}`;
}

/** The allowed values, in words. */
function typeOf(schema: Schema): string {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(', or ');
  if (schema.const !== undefined) return inYaml(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(inYaml).join(', ');
  switch (schema.type) {
    case 'integer':
    case 'number':
      return range(schema);
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return `list of ${schema.items === undefined ? 'values' : typeOf(schema.items)}`;
    default:
      return typeof schema.additionalProperties === 'object' ? 'map by NAME' : 'map';
  }
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

function keyTerm({ path, schema, required }: Key): string {
  const { description, examples = [], default: fallback } = schema;
  const facts = [
    `Type: ${typeOf(schema)}.`,
    ...(required ? ['Required.'] : []),
    // `{}` only says that the keys below have their own defaults
    ...(isScalar(fallback) || Array.isArray(fallback) ? [`Default: ${inYaml(fallback)}.`] : []),
  ];
  const name = path.split('.').at(-1) ?? '';
  const shown = examples.map((example) => `Example: \\fB${escape(inYaml({ [name]: example }).slice(1, -1))}\\fR`);
  const lines = [...(description === undefined ? [] : [inline(description)]), escape(facts.join(' ')), ...shown];
  return tagged(
    boldTag(path),
    lines.flatMap((line, index) => (index === 0 ? [line] : ['.br', line])),
  );
}

/** The keys, with a subsection for each first word. */
export function keysSection(): string {
  const groups = Map.groupBy(keysOf(documentedSchema()), ({ path }) => path.split('.')[0] ?? '');
  return [...groups].map(([name, keys]) => [heading(name), ...keys.map(keyTerm)].join('\n')).join('\n');
}

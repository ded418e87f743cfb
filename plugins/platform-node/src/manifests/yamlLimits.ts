import {
  Document,
  isMap,
  isScalar,
  parseAllDocuments,
  parseDocument,
  ParseOptions,
  DocumentOptions,
  SchemaOptions,
  ScalarTag,
  visit,
} from 'yaml';

const TOO_MANY_ALIASES =
  'its aliases (*) stand for more than a manifest holds; write out what they mean';

const TEXT_TAG = 'tag:yaml.org,2002:str';
/** More than any manifest has, and far less than it takes to fill the memory. */
const MOST_ALIASES = 100;
export const MOST_DOCUMENTS = 300;
/** Reading takes time in which nothing else is done here: about a second for each of these, at worst. */
const MOST_CHARACTERS_WITH_ALIASES = 128 * 1024;

// Kubernetes reads YAML with go-yaml, which keeps these of YAML 1.1: `0400` is a file mode, `yes` a boolean. Read
// otherwise, a manifest would be checked as one thing and mean another.
// https://github.com/yaml/go-yaml/blob/v3/resolve.go
const octal: ScalarTag = {
  identify: () => false,
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?0[0-7]+$/,
  resolve: text => parseInt(text, 8),
};
const binary: ScalarTag = {
  identify: () => false,
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?0b[01]+$/,
  resolve: text =>
    (text.startsWith('-') ? -1 : 1) * parseInt(text.replace(/^[-+]?0b/, ''), 2),
};
const spokenBoolean: ScalarTag = {
  identify: () => false,
  default: true,
  tag: 'tag:yaml.org,2002:bool',
  test: /^(?:y|yes|on|n|no|off)$/i,
  resolve: text => /^(?:y|yes|on)$/i.test(text),
};

const OPTIONS: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.2',
  schema: 'core',
  merge: true,
  // Looked for below: here it would take minutes for a large map.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
  customTags: tags => [octal, binary, spokenBoolean, ...tags],
};

/** What a document holds, or what is wrong with it. */
export type Read = { value: unknown } | { problem: string };

export function parseOneDocument(text: string): Read {
  try {
    return valueOf(parseDocument(text, OPTIONS));
  } catch {
    return { problem: 'it is nested deeper than anything is that can be read' };
  }
}

/** @returns each document that is not empty */
export function parseDocuments(text: string): Read[] {
  try {
    const documents = parseAllDocuments(text, OPTIONS);
    if (!Array.isArray(documents)) return [];
    if (documents.length > MOST_DOCUMENTS) {
      return [{ problem: `it holds more than ${MOST_DOCUMENTS} objects` }];
    }
    return documents
      .map(document => valueOf(document))
      .filter(read => 'problem' in read || read.value !== null);
  } catch {
    return [
      { problem: 'it is nested deeper than anything is that can be read' },
    ];
  }
}

/**
 * Looks at a file that is going to be read by another program: a few lines of YAML whose aliases mean each other can
 * stand for more than fits into any memory.
 *
 * @returns what is wrong, in words
 */
export function refuseBombs(path: string, content: Buffer): string | undefined {
  const text = content.toString('utf8');
  // Where nothing is referred to, nothing can be multiplied; parsing it once is enough.
  if (!/(?:^|[\s\x85[{,:-])\*[^\s*]/.test(text)) return undefined;
  if (text.length > MOST_CHARACTERS_WITH_ALIASES)
    return `${path}: ${TOO_MANY_ALIASES}`;
  const bad = parseDocuments(text).find(
    read => 'problem' in read && read.problem === TOO_MANY_ALIASES,
  );
  return bad && 'problem' in bad ? `${path}: ${bad.problem}` : undefined;
}

function valueOf(document: Document.Parsed | Document): Read {
  const [error] = [...document.errors, ...document.warnings];
  if (error)
    return { problem: `it is no YAML: ${error.message.slice(0, 300)}` };
  // Another version or another meaning of tags would be for this reader alone.
  if (document.directives?.yaml.explicit)
    return { problem: 'it begins with a directive (%YAML); leave that out' };
  const odd = oddityIn(document);
  if (odd !== undefined) return { problem: odd };
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }) };
  } catch (problem) {
    if (problem instanceof ReferenceError) return { problem: TOO_MANY_ALIASES };
    throw problem;
  }
}

/** What other readers may take for something else, or refuse. */
function oddityIn(document: Document.Parsed | Document): string | undefined {
  let problem: string | undefined;
  visit(document, {
    Node(_, node) {
      if ('tag' in node && node.tag && node.tag !== TEXT_TAG) {
        problem = `it holds the tag ${node.tag.slice(0, 100)}; leave that out`;
        return visit.BREAK;
      }
      if (!isMap(node)) return undefined;
      const keys = new Set<string>();
      for (const { key } of node.items) {
        const name = isScalar(key) ? String(key.value) : undefined;
        if (name === undefined || name === '<<') continue;
        if (keys.has(name)) {
          problem = `the key "${name.slice(0, 100)}" is there twice`;
          return visit.BREAK;
        }
        keys.add(name);
      }
      return undefined;
    },
  });
  return problem;
}

/** A ```sh block of a page: what a reader would type. */
export interface ShellBlock {
  /** Line of the page on which the fence opens, from 1 */
  line: number;
  commands: string;
  /** First line of the ```text block that follows at once, if there is one */
  expected?: string;
  /** Why it is not executed, from `<!-- not tested: … -->` before the fence */
  notTested?: string;
  /** What the machine must have, from `<!-- needs: go, … -->` before the fence */
  needs: string[];
}

interface Fence {
  line: number;
  language: string;
  lines: string[];
  /** The last line before the fence that is not blank */
  before: string;
}

/**
 * The ```sh blocks of a Markdown page, in their order.
 *
 * @throws Error for a block that never closes, or a comment before one that is not understood
 */
export function shellBlocks(markdown: string): ShellBlock[] {
  const fences = readFences(markdown.split('\n'));
  return fences
    .map((fence, index) => ({ fence, next: fences[index + 1] }))
    .filter(({ fence }) => fence.language === 'sh')
    .map(({ fence, next }) => ({
      line: fence.line,
      commands: fence.lines.join('\n'),
      ...(next?.language === 'text' &&
        next.before === '```' && { expected: next.lines[0] }),
      ...readComment(fence),
    }));
}

function readFences(lines: string[]): Fence[] {
  const fences: Fence[] = [];
  let open: (Fence & { indent: number }) | undefined;
  let before = '';
  lines.forEach((text, index) => {
    const fence = /^( *)```(\w*)\s*$/.exec(text);
    if (open) {
      if (fence && fence[2] === '') {
        fences.push(open);
        open = undefined;
        before = '```';
      } else {
        open.lines.push(text.slice(open.indent));
      }
    } else if (fence) {
      open = {
        line: index + 1,
        language: fence[2],
        lines: [],
        before,
        indent: fence[1].length,
      };
    } else if (text.trim() !== '') {
      before = text.trim();
    }
  });
  if (open) throw new Error(`The block in line ${open.line} never closes.`);
  return fences;
}

function readComment({ before, line }: Fence): {
  notTested?: string;
  needs: string[];
} {
  const comment = /^<!--\s*(.*?)\s*-->$/.exec(before)?.[1];
  if (comment === undefined) return { needs: [] };
  const [, kind, text] = /^(not tested|needs): (.+)$/.exec(comment) ?? [];
  if (kind === 'not tested') return { notTested: text, needs: [] };
  if (kind === 'needs') return { needs: text.split(/,\s*/) };
  throw new Error(`The comment before line ${line} is not understood.`);
}

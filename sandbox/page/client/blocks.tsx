// Draws the blocks of a message, a modal or App Home.
import type { RichTextBlock } from 'slack-blocks-to-jsx';
import type { Block } from '../shape.ts';
import { Chart } from './chart.tsx';
import { Rich } from './drawn.tsx';
import { Element, type Press } from './elements.tsx';
import { isNode, nodes, richMrkdwn, richPlain, richText, wordsOf } from './rich.ts';

export interface BlocksProps {
  readonly blocks: readonly Block[];
  /** Shown only if there are no blocks. */
  readonly text?: string;
  readonly press: Press;
}

export function Blocks({ blocks, text = '', press }: BlocksProps) {
  if (blocks.length === 0) return <Rich block={richMrkdwn(text)} />;
  // Slack shows a table below all other blocks.
  const tables = blocks.filter(({ type }) => type === 'table');
  const others = blocks.filter(({ type }) => type !== 'table');
  return (
    <div className="blocks">
      {[...others, ...tables].map((block, index) => (
        // An edit gives every block a new id. With the index as key, a block keeps the focus.
        // biome-ignore lint/suspicious/noArrayIndexKey: only the index stays the same
        <OneBlock key={`${block.type} ${index}`} block={block} press={press} />
      ))}
    </div>
  );
}

interface BlockProps {
  readonly block: Block;
  readonly press: Press;
}

function OneBlock({ block, press }: BlockProps) {
  switch (block.type) {
    case 'rich_text':
      return <Rich block={asRichText(block)} />;
    case 'header':
      return <h3 className="header">{<bdi>{wordsOf(block['text'])}</bdi>}</h3>;
    case 'divider':
      return <hr />;
    case 'context':
      return <Context elements={nodes(block['elements'])} />;
    case 'section':
      return <Section block={block} press={press} />;
    case 'actions':
      return <Elements elements={nodes(block['elements'])} press={press} />;
    case 'table':
      return <Table block={block} />;
    case 'data_visualization':
      return <Chart block={block} />;
    case 'markdown':
      return <Rich block={richPlain(typeof block['text'] === 'string' ? block['text'] : '')} />;
    default:
      return <p className="undrawn">{`This page does not draw a block of type ${block.type}.`}</p>;
  }
}

/** Without the block's id: the library would use it as an element id, and a thread's root is drawn twice. */
export function asRichText(block: Block): RichTextBlock {
  // The peer's validator accepted it as rich text.
  return { type: 'rich_text', elements: block['elements'] } as RichTextBlock;
}

function Context({ elements }: { readonly elements: readonly Block[] }) {
  return (
    <div className="context">
      {elements.map((element, index) => (
        // Elements of a context block have no id and never move.
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other key
        <Rich key={index} block={richText(element)} />
      ))}
    </div>
  );
}

function Section({ block, press }: BlockProps) {
  const texts = [...nodes(block['text']), ...nodes(block['fields'])];
  const accessory = block['accessory'];
  return (
    <div className="section">
      <div className="texts">
        {texts.map((text, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: texts have no id and never move
          <Rich key={index} block={richText(text)} />
        ))}
      </div>
      {isNode(accessory) && <Element element={accessory} press={press} />}
    </div>
  );
}

interface ElementsProps {
  readonly elements: readonly Block[];
  readonly press: Press;
}

function Elements({ elements, press }: ElementsProps) {
  return (
    <div className="actions">
      {elements.map((element, index) => (
        <Element key={String(element['action_id'] ?? index)} element={element} press={press} />
      ))}
    </div>
  );
}

function Table({ block }: { readonly block: Block }) {
  const [head = [], ...rows] = rowsOf(block);
  const settings = Array.isArray(block['column_settings']) ? block['column_settings'] : [];
  const side = (column: number) => {
    const setting: unknown = settings[column];
    return isNode(setting) && setting['align'] === 'right' ? 'right' : undefined;
  };
  return (
    // A wide table can be scrolled, by the keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll only the focused element
    <section className="table" tabIndex={0} aria-label="Table">
      <table>
        <thead>
          <tr>
            {head.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its place
              <th key={column} scope="col" className={side(column)}>
                <Cell cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place
            <tr key={line}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its place
                <td key={column} className={side(column)}>
                  <Cell cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function rowsOf(block: Block): readonly (readonly Block[])[] {
  const rows: unknown = block['rows'];
  return Array.isArray(rows) ? rows.map(nodes) : [];
}

function Cell({ cell }: { readonly cell: Block }) {
  if (cell.type === 'rich_text') return <Rich block={asRichText(cell)} />;
  return <bdi>{typeof cell['text'] === 'string' ? cell['text'] : ''}</bdi>;
}

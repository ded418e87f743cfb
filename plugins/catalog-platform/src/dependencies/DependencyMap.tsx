import {
  DependencyGraph,
  DependencyGraphTypes,
} from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import {
  DependencyAnswer,
  DependencyEntity,
} from '@highroad/plugin-catalog-platform-common';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useTheme } from '@mui/material/styles';
import { useCallback, useMemo } from 'react';
import { Link } from 'react-router-dom';

/** More than this cannot be read as a drawing. */
export const MOST_DRAWN = 60;

const WIDTH = 170;
const HEIGHT = 44;
const LETTERS = 22;

type Role = 'root' | 'item' | 'passed';
type NodeData = { entity: DependencyEntity; role: Role };

function shorten(text: string): string {
  return text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text;
}

function toNodes(
  answer: DependencyAnswer,
): DependencyGraphTypes.DependencyNode<NodeData>[] {
  const node = (entity: DependencyEntity, role: Role) => ({
    id: entity.ref,
    entity,
    role,
  });
  return [
    node(answer.root, 'root'),
    ...answer.items.map(entity => node(entity, 'item')),
    ...answer.passed.map(entity => node(entity, 'passed')),
  ];
}

function Node(props: { data: NodeData }) {
  const { entity, role } = props.data;
  const { palette, typography } = useTheme();
  const linkTo = useEntityRefLink();
  return (
    <Link to={linkTo(entity.ref)} tabIndex={-1}>
      <title>{entity.title}</title>
      <rect
        width={WIDTH}
        height={HEIGHT}
        rx={6}
        fill={role === 'root' ? palette.primary.main : palette.background.paper}
        stroke={role === 'passed' ? palette.divider : palette.primary.main}
        strokeDasharray={role === 'passed' ? '4 3' : undefined}
      />
      <text
        x={WIDTH / 2}
        y={18}
        textAnchor="middle"
        fontFamily={typography.fontFamily}
        fontSize={13}
        fill={
          role === 'root' ? palette.primary.contrastText : palette.text.primary
        }
      >
        {shorten(entity.title)}
      </text>
      <text
        x={WIDTH / 2}
        y={34}
        textAnchor="middle"
        fontFamily={typography.fontFamily}
        fontSize={11}
        fill={
          role === 'root'
            ? palette.primary.contrastText
            : palette.text.secondary
        }
      >
        {shorten(entity.type ?? entity.kind.toLowerCase())}
      </text>
    </Link>
  );
}

/** Draws the answer, from the thing asked about at the left. The table says the same in words. */
export function DependencyMap(props: { answer: DependencyAnswer }) {
  const { answer } = props;
  const nodes = useMemo(() => toNodes(answer), [answer]);
  const edges = useMemo(
    () => answer.edges.map(({ from, to }) => ({ from, to })),
    [answer],
  );
  const renderNode = useCallback(
    ({ node }: DependencyGraphTypes.RenderNodeProps<NodeData>) => (
      <Node data={node} />
    ),
    [],
  );
  if (nodes.length > MOST_DRAWN) {
    return (
      <Typography color="text.secondary">
        {`${nodes.length} things are too many to draw. Choose fewer steps or a lifecycle to see a drawing; the table has them all.`}
      </Typography>
    );
  }
  return (
    <Box
      sx={{
        height: { xs: 300, xl: 420 },
        overflow: 'hidden',
        // The drawing fills what holds it only if each box on the way does.
        '& > div, & > div > div': { height: '100%', minHeight: 0 },
        '& svg': { maxHeight: '100%' },
      }}
    >
      <DependencyGraph
        nodes={nodes}
        edges={edges}
        renderNode={renderNode}
        direction={DependencyGraphTypes.Direction.LEFT_RIGHT}
        fit="contain"
        paddingX={32}
        paddingY={16}
        showArrowHeads
        zoom="enable-on-click"
        role="group"
        aria-label="Drawing of the dependencies; the table lists the same"
      />
    </Box>
  );
}

import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/core-components';
import { Deployment, hasEnded } from '@highroad/plugin-deployments-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import { ReactNode } from 'react';
import { Heading } from '../parts/Heading';
import { ShortText } from '../parts/ShortText';
import { Who } from '../parts/Who';
import { durationText } from '../words/duration';
import { serviceName, shortDigest, shortVersion } from '../words/short';

/** How it was asked for. */
const DOORS: Record<Deployment['door'], string> = {
  portal: 'the portal',
  cli: 'the terminal',
  action: 'an action',
  controller: 'a controller',
  webhook: 'a webhook',
  api: 'the API',
  system: 'itself',
};

/** Who, what, where, when, why. */
export function Facts({ deployment }: { deployment: Deployment }) {
  return (
    <Box component="section" aria-label="Details">
      <Heading>Details</Heading>
      <Box
        component="dl"
        sx={{
          display: 'grid',
          gridTemplateColumns: 'max-content minmax(0, 1fr)',
          columnGap: 3,
          rowGap: 0.75,
          m: 0,
          fontSize: 14,
          '& dt': { color: 'text.secondary' },
          '& dd': { m: 0, overflowWrap: 'anywhere', minHeight: 24 },
        }}
      >
        {factsOf(deployment)
          .filter(([, shown]) => Boolean(shown))
          .map(([name, shown]) => (
            <Fact key={name} name={name}>
              {shown}
            </Fact>
          ))}
      </Box>
    </Box>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function factsOf(deployment: Deployment): Array<[string, ReactNode]> {
  const { service, version, image, digest, commit } = deployment;
  const { requestedAt, endedAt, correlation } = deployment;
  return [
    [
      'Service',
      <EntityRefLink
        key="service"
        entityRef={service}
        title={serviceName(service)}
        hideIcon
      />,
    ],
    ['Environment', deployment.environment],
    [
      'Asked for by',
      <>
        <Who key="who" who={deployment.requestedBy} />
        {deployment.door !== 'system' && ` by ${DOORS[deployment.door]}`},{' '}
        <RelativeTime time={requestedAt} />
      </>,
    ],
    ['Why', deployment.reason],
    [
      'Approved by',
      deployment.approvedBy && <Who key="by" who={deployment.approvedBy} />,
    ],
    [
      'Took',
      endedAt &&
        hasEnded(deployment.state) &&
        durationText(Date.parse(endedAt) - Date.parse(requestedAt)),
    ],
    ['Strategy', deployment.strategy],
    ['Image', image],
    [
      'Version',
      <ShortText key="version" whole={version} name="the version">
        {shortVersion(version)}
      </ShortText>,
    ],
    [
      'Digest',
      digest && (
        <ShortText key="digest" whole={digest} name="the digest">
          <code>{shortDigest(digest)}</code>
        </ShortText>
      ),
    ],
    [
      'Commit',
      commit && (
        <ShortText key="commit" whole={commit} name="the commit">
          <code>{commit.slice(0, 7)}</code>
        </ShortText>
      ),
    ],
    [
      'Audit',
      <Link
        key="audit"
        to={`/audit?correlation=${encodeURIComponent(correlation)}`}
      >
        Records of this request
      </Link>,
    ],
  ];
}

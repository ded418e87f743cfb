import { Entity } from '@backstage/catalog-model';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import {
  CatalogPlatformApi,
  EntityFindings,
  toStatusItem,
} from '@highroad/plugin-catalog-platform-common';
import { screen, waitFor, within } from '@testing-library/react';
import { apiWith, badId, noOwner, userService } from '../__testUtils__/answers';
import { catalogPlatformApiRef } from '../api';
import { findingsCard } from '../plugin';

function show(
  entityFindings: CatalogPlatformApi['entityFindings'],
  entity: Entity = userService,
) {
  const asked = jest.fn(entityFindings);
  renderTestApp({
    extensions: [createTestEntityPage({ entity }), findingsCard],
    apis: [[catalogPlatformApiRef, apiWith({ entityFindings: asked })]],
  });
  return asked;
}

function found(findings: EntityFindings['findings']): EntityFindings {
  return {
    ref: 'component:default/user-service',
    title: 'User service',
    kind: 'Component',
    findings,
  };
}

const marked = { ...userService, status: { items: [toStatusItem(badId)] } };

describe('FindingsCard', () => {
  it('names file, field, what stands there and how to put it right', async () => {
    show(async () => found([badId, noOwner]));
    expect(
      await screen.findByText('2 things to put right in its file'),
    ).toBeInTheDocument();
    const [warning, error] = within(
      screen.getByRole('list', { name: 'What to put right' }),
    ).getAllByRole('listitem');
    expect(warning).toHaveTextContent(
      'Warning: This is not the id of a PagerDuty service.',
    );
    expect(warning).toHaveTextContent('Write "PX3YZ12".');
    expect(warning).toHaveTextContent(
      `${badId.field} is payments in ${badId.file}`,
    );
    expect(
      screen.getByRole('link', { name: new RegExp(badId.file) }),
    ).toHaveAttribute('href', badId.file);
    expect(error).toHaveTextContent('Error: Nobody answers for it.');
  });

  it('is not there when nothing is wrong', async () => {
    const asked = show(async () => found([]));
    await waitFor(() => expect(asked).toHaveBeenCalled());
    expect(screen.queryByText(/put right/)).not.toBeInTheDocument();
  });

  it('shows what is stored while it waits for the rest', async () => {
    show(() => new Promise<EntityFindings>(() => {}), marked);
    expect(
      await screen.findByText('1 thing to put right in its file'),
    ).toBeInTheDocument();
  });

  it('keeps showing what is stored when the rest cannot be checked', async () => {
    show(async () => {
      throw new Error('The line is cut.');
    }, marked);
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'could not be checked',
    );
    expect(screen.getByText(/Write "PX3YZ12"/)).toBeInTheDocument();
  });
});

import { PageFrame } from '@highroad/plugin-platform-react';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { Adoption } from '../adoption/Adoption';
import { Delivery } from '../delivery/Delivery';
import { Sources } from '../sources/Sources';
import { SurveyPrompt } from '../surveys/SurveyPrompt';
import { SurveyResults } from '../surveys/SurveyResults';
import { tabs, useView } from '../view/useView';
import { ViewFilters } from '../view/ViewFilters';

/** Are we getting better, compared with what, and why? */
export function MetricsPage() {
  const { view, change } = useView();
  return (
    <PageFrame
      title="Metrics"
      purpose="Whether delivery gets better, compared with what, and why. Of teams and services, never of a person."
    >
      <Tabs
        value={view.tab}
        aria-label="Metrics"
        onChange={(_, tab) =>
          change({ tab: tabs.find(one => one === tab), details: undefined })
        }
        sx={{ mb: 2 }}
      >
        <Tab value="delivery" label="Delivery" />
        <Tab value="adoption" label="Adoption" />
        <Tab value="surveys" label="Surveys" />
        <Tab value="sources" label="Data quality" />
      </Tabs>
      <SurveyPrompt />
      {(view.tab === 'delivery' || view.tab === 'adoption') && (
        <ViewFilters
          view={view}
          change={change}
          production={view.tab === 'adoption'}
        />
      )}
      {view.tab === 'delivery' && <Delivery view={view} change={change} />}
      {view.tab === 'adoption' && <Adoption view={view} change={change} />}
      {view.tab === 'surveys' && <SurveyResults />}
      {view.tab === 'sources' && <Sources />}
    </PageFrame>
  );
}

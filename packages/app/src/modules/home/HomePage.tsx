import { Content, Header, Page } from '@backstage/core-components';

/** What needs me, and what to do next. */
export function HomePage() {
  return (
    <Page themeId="home">
      <Header title="Home" />
      <Content>hello</Content>
    </Page>
  );
}

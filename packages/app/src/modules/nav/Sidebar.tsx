import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarSpace,
} from '@backstage/core-components';
import { NavContentBlueprint } from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import { SidebarSearchModal } from '@backstage/plugin-search';
import { UserSettingsSignInAvatar } from '@backstage/plugin-user-settings';
import MenuIcon from '@mui/icons-material/Menu';
import SearchIcon from '@mui/icons-material/Search';
import { Logo } from './Logo';
import { MenuScroll } from './MenuScroll';

/** In the order a day goes: what needs me, what there is, make something, look something up. */
const ORDER = [
  'page:home',
  'page:catalog',
  'page:deployments',
  'page:environments',
  'page:secrets',
  'page:metrics',
  'page:scaffolder',
  'page:api-docs',
  'page:techdocs',
];

export const navContent = NavContentBlueprint.make({
  params: {
    component: ({ navItems }) => {
      const nav = navItems.withComponent(item => (
        <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />
      ));
      // These have places of their own below.
      nav.take('page:search');
      nav.take('page:notifications');
      const settings = nav.take('page:user-settings');

      return (
        <Sidebar>
          <Logo />
          <SidebarGroup label="Search" icon={<SearchIcon />} to="/search">
            <SidebarSearchModal />
          </SidebarGroup>
          <SidebarDivider />
          <SidebarGroup label="Menu" icon={<MenuIcon />}>
            <MenuScroll>
              {ORDER.map(id => nav.take(id))}
              {nav.rest({ sortBy: 'title' })}
            </MenuScroll>
          </SidebarGroup>
          <SidebarSpace />
          <SidebarDivider />
          <NotificationsSidebarItem />
          <SidebarGroup
            label="Settings"
            icon={<UserSettingsSignInAvatar />}
            to="/settings"
          >
            {settings}
          </SidebarGroup>
        </Sidebar>
      );
    },
  },
});

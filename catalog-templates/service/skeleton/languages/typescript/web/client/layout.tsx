import { NavLink, Outlet } from 'react-router';
import { useConfig } from './config.ts';

export function Layout() {
  const { title } = useConfig();
  return (
    <>
      <title>{title}</title>
      <header>
        <nav aria-label="Pages">
          <ul>
            <li>
              <NavLink to="/">Home</NavLink>
            </li>
            <li>
              <NavLink to="/about">About</NavLink>
            </li>
          </ul>
        </nav>
      </header>
      <main>
        <Outlet />
      </main>
    </>
  );
}

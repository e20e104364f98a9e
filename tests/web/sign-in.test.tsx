import { screen, waitFor } from '@testing-library/react';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoPeople } from '../../src/contract/console/schema.ts';
import { EMAIL, ORG, PASSWORD } from '../support/account.ts';
import { createSingleSignOn } from '../../src/server/identity/single-sign-on.ts';
import { ORIGIN, startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { comeBackToTab, currentAddress, openPage } from '../support/render-page.tsx';

const LIST = `/orgs/${ORG.production}/settings/cross-org-visibility`;
const HEADING = { name: 'Cross-Org Visibility' };

const demoPeople: DemoPeople['people'] = [];
let app: TestApp;
beforeAll(async () => {
  app = await startApp(await openTestDatabase({ thread: 'main' }), { demoPeople });
});
afterAll(() => app.database.close());

describe('Signing in', () => {
  it('continues to the requested page', async () => {
    const { user } = await openPage(app, `${LIST}?sort=source`);

    await user.type(await screen.findByLabelText('Email'), EMAIL.admin);
    expect(document.title).toBe('Sign in · Cross-Org Visibility');
    await user.type(screen.getByLabelText('Password'), PASSWORD);
    await user.click(screen.getByRole('button', { name: 'Sign in' }));

    await screen.findByRole('heading', HEADING);
    expect(currentAddress()).toBe(`${LIST}?sort=source`);
  });

  it('reports a wrong password, and keeps the email', async () => {
    const { user } = await openPage(app, '/sign-in');

    await user.type(await screen.findByLabelText('Email'), EMAIL.admin);
    await user.type(screen.getByLabelText('Password'), 'a guess{Enter}');

    expect((await screen.findByRole('alert')).textContent).toBe('Email or password is incorrect.');
    expect(screen.getByLabelText<HTMLInputElement>('Email').value).toBe(EMAIL.admin);
    expect(currentAddress()).toBe('/sign-in');
  });

  it('names missing fields beside them, and clears an earlier error', async () => {
    const { user, network } = await openPage(app, '/sign-in');
    const email = await screen.findByLabelText('Email');
    const password = screen.getByLabelText('Password');
    await user.type(email, EMAIL.admin);
    await user.type(password, 'a guess{Enter}');
    await screen.findByText('Email or password is incorrect.');
    await user.clear(password);
    expect(screen.queryByText('Email or password is incorrect.')).toBeNull();

    await user.clear(email);
    const { length } = network.requests;
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(screen.getByText('Enter your email.').id).toBe(email.getAttribute('aria-describedby'));
    expect(screen.getByText('Enter your password.').id).toBe(password.getAttribute('aria-describedby'));
    expect(document.activeElement).toBe(email);
    await user.type(email, `${EMAIL.admin}{Enter}`);
    expect(screen.queryByText('Enter your email.')).toBeNull();
    expect(document.activeElement).toBe(password);
    expect(network.requests).toHaveLength(length);
  });

  it.each(['//evil.example', String.raw`/\evil.example`, 'https://evil.example', '/\t/evil.example'])(
    'never leads to another site: %j',
    async (next) => {
      await openPage(app, `/sign-in?${new URLSearchParams({ next }).toString()}`, { as: EMAIL.reader });
      await screen.findByRole('heading', HEADING);
      expect(currentAddress()).toBe(LIST);
    },
  );

  it('starts in the organization that was used last', async () => {
    const staging = `/orgs/${ORG.staging}/settings/cross-org-visibility`;
    await openPage(app, staging, { as: EMAIL.sam });
    await screen.findByRole('heading', HEADING);

    await openPage(app, '/', { as: EMAIL.sam });
    await screen.findByRole('heading', HEADING);
    expect(currentAddress()).toBe(staging);
  });

  it('starts in the first organization the first time', async () => {
    await openPage(app, '/', { as: EMAIL.sam });
    await screen.findByRole('heading', HEADING);
    expect(currentAddress()).toBe(LIST);
  });

  it('is required again when the session has ended, and leads back', async () => {
    const { user, network } = await openPage(app, LIST, { as: EMAIL.reader });
    await screen.findByRole('heading', { name: 'No connections yet' });
    network.forgetCookies();
    comeBackToTab();

    await user.type(await screen.findByLabelText('Email'), EMAIL.reader);
    await user.type(screen.getByLabelText('Password'), `${PASSWORD}{Enter}`);

    await screen.findByRole('heading', HEADING);
    expect(currentAddress()).toBe(LIST);
  });

  it('as another person in another tab shows a fresh page', async () => {
    const { user, network } = await openPage(app, `${LIST}/new`, { as: EMAIL.reader });
    await user.click(await screen.findByRole('checkbox', { name: 'Logs' }));
    expect(screen.getByText(/You can see these connections but not change them/)).toBeTruthy();

    await network.signIn(EMAIL.admin);
    const release = network.hold('/api/v2');
    window.dispatchEvent(new Event('focus'));

    await screen.findByRole('button', { name: 'Account of Alex Admin' });
    expect(screen.queryByText(/but not change them/)).toBeNull();
    expect(screen.getByText('Loading connections')).toBeTruthy();
    release();
    const create = await screen.findByRole('button', { name: 'New Connection' });
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(create);
    const logs = await screen.findByRole<HTMLInputElement>('checkbox', { name: 'Logs' });
    expect(logs.checked).toBe(false);
    expect(screen.getByRole('button', { name: 'Connect' }).getAttribute('aria-disabled')).toBeNull();
  });

  it('starts with focus in the email field', async () => {
    await openPage(app, '/sign-in');
    const email = await screen.findByLabelText('Email');
    expect(document.activeElement).toBe(email);
  });

  it('shows no demo people without a demo account', async () => {
    await openPage(app, '/sign-in');
    await screen.findByLabelText('Email');
    expect(screen.queryByText('Try the demo')).toBeNull();
  });

  it('takes one click for a person of the demo', async () => {
    demoPeople.push({ email: EMAIL.reader, name: 'Ravi Reader', description: 'May look, not touch' });
    const { user } = await openPage(app, '/');

    await user.click(await screen.findByRole('button', { name: 'Continue as Ravi Reader' }));

    await screen.findByRole('heading', HEADING);
    demoPeople.pop();
  });

  it('can be retried when the server cannot be reached', async () => {
    const { user, network } = await openPage(app, '/sign-in');
    await user.type(await screen.findByLabelText('Email'), EMAIL.reader);
    network.cut();
    await user.type(screen.getByLabelText('Password'), `${PASSWORD}{Enter}`);
    expect((await screen.findByRole('alert')).textContent).toMatch('The server cannot be reached');

    network.mend();
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    await screen.findByRole('heading', HEADING);
  });
});

describe('Single sign-on', () => {
  const next = `${LIST}?sort=source`;
  const acmeId = createSingleSignOn({
    issuer: 'https://id.acme.example',
    clientId: 'console',
    clientSecret: undefined,
    label: 'Acme ID',
    secret: 'a secret of no importance but long',
    publicUrl: ORIGIN,
  });

  it('is offered beside the password, and continues to the requested page', async () => {
    const both = await startApp(app.database, { singleSignOn: acmeId });
    await openPage(both, next);
    const link = await screen.findByRole('link', { name: 'Continue with Acme ID' });
    expect(link.getAttribute('href')).toBe(
      `/api/console/oidc/start?${new URLSearchParams({ next }).toString()}`,
    );
    expect(screen.getByLabelText('Password')).toBeTruthy();
  });

  it('is offered alone where passwords are off: the form never appears', async () => {
    const alone = await startApp(app.database, { singleSignOn: acmeId, passwordSignIn: false });
    const releases: (() => void)[] = [];
    await openPage(alone, '/sign-in', {
      network: (network) => releases.push(network.hold('/api/console/sign-in-methods')),
    });
    await screen.findByRole('heading', { name: 'Sign in' });
    expect(screen.queryByLabelText('Password')).toBeNull();
    for (const release of releases) release();
    const link = await screen.findByRole('link', { name: 'Continue with Acme ID' });
    expect(link.getAttribute('href')).toBe('/api/console/oidc/start');
    expect(screen.queryByLabelText('Password')).toBeNull();
  });

  it('is not offered where it is not configured', async () => {
    await openPage(app, '/sign-in');
    await screen.findByLabelText('Password');
    expect(screen.queryByRole('link', { name: /Continue with/ })).toBeNull();
  });

  it.each([
    ['cancelled', 'Sign-in was canceled'],
    ['expired', 'took too long'],
    ['unverified', 'did not confirm that your email address is verified'],
    ['unknown', 'Ask an administrator to invite you'],
    ['unavailable', 'is not responding'],
    ['failed', 'Single sign-on failed'],
  ])('shows why it failed: %s', async (code, words) => {
    await openPage(app, `/sign-in?error=${code}`);
    expect((await screen.findByRole('alert')).textContent).toContain(words);
    expect(await screen.findByLabelText('Password')).toBeTruthy();
  });

  it('ignores unknown error codes in the URL', async () => {
    await openPage(app, '/sign-in?error=Call+our+hotline');
    await screen.findByLabelText('Password');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(document.body.textContent).not.toContain('hotline');
  });

  it('can be retried when the server cannot be reached', async () => {
    const { user, network } = await openPage(app, '/sign-in', {
      network: (line) => line.cut('/api/console/sign-in-methods'),
    });
    expect((await screen.findByRole('alert')).textContent).toMatch('The server cannot be reached');
    network.mend();
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    await screen.findByLabelText('Password');
  });
});

describe('The account menu', () => {
  it('signs out', async () => {
    const { user, network } = await openPage(app, LIST, { as: EMAIL.reader });

    await user.click(await screen.findByRole('button', { name: 'Account of Ravi Reader' }));
    expect(screen.getByText(EMAIL.reader)).toBeTruthy();
    await user.click(screen.getByRole('menuitem', { name: 'Sign out' }));

    await screen.findByLabelText('Email');
    expect(currentAddress()).toBe('/sign-in');
    expect((await network.fetch('/api/console/session')).status).toBe(401);
  });

  it('changes the theme', async () => {
    const { user } = await openPage(app, LIST, { as: EMAIL.reader });

    await user.click(await screen.findByRole('button', { name: /Account of/ }));
    await user.click(screen.getByRole('menuitemradio', { name: 'Dark' }));
    expect(document.documentElement.dataset.theme).toBe('dark');

    await user.click(screen.getByRole('menuitemradio', { name: 'System' }));
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });
});

describe('Organizations', () => {
  it('are switched on the same page', async () => {
    const { user } = await openPage(app, `${LIST}?filter=nothing`, { as: EMAIL.sam });

    await user.click(await screen.findByRole('button', { name: 'Organization: Acme Production' }));
    const items = screen.getAllByRole('menuitem').map((item) => item.textContent);
    expect(items).toEqual(['Acme Production', 'Acme Security', 'Acme Staging']);
    await user.click(screen.getByRole('menuitem', { name: 'Acme Staging' }));

    await screen.findByRole('button', { name: 'Organization: Acme Staging' });
    expect(currentAddress()).toBe(`/orgs/${ORG.staging}/settings/cross-org-visibility`);
    await waitFor(() => expect(document.title).toBe('Cross-Org Visibility · Acme Staging'));
  });

  it('without access are not shown; those with access are offered', async () => {
    await openPage(app, `/orgs/${ORG.globex}/settings/cross-org-visibility`, { as: EMAIL.health });

    await screen.findByRole('heading', { name: 'No access to this organization' });
    expect(screen.getByRole('link', { name: 'Acme Health' }).getAttribute('href')).toBe(
      `/orgs/${ORG.health}/settings/cross-org-visibility`,
    );
  });
});

describe('An unknown path', () => {
  it('shows an error with a link to the start page', async () => {
    await openPage(app, '/somewhere');
    await screen.findByRole('heading', { name: 'Page not found' });
    expect(screen.getByRole('link', { name: 'Go to the start page' }).getAttribute('href')).toBe('/');
  });
});

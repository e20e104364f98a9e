import { screen } from '@testing-library/react';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoPeople } from '../../src/contract/console/schema.ts';
import { createSingleSignOn } from '../../src/server/identity/single-sign-on.ts';
import { EMAIL, ORG, PASSWORD } from '../support/account.ts';
import { ORIGIN, startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { invite } from '../support/invitations.ts';
import { currentAddress, openPage } from '../support/render-page.tsx';

const HEADING = { name: 'Cross-Org Visibility' };
const NOT_VALID = { name: 'Invitation not valid' };

const demoPeople: DemoPeople['people'] = [];
let app: TestApp;
let withProvider: TestApp;
let alone: TestApp;
beforeAll(async () => {
  const database = await openTestDatabase({ thread: 'main' });
  app = await startApp(database, { demoPeople });
  const singleSignOn = createSingleSignOn({
    issuer: 'https://id.acme.example',
    clientId: 'console',
    clientSecret: undefined,
    label: 'Acme ID',
    secret: 'a secret of no importance but long',
    publicUrl: ORIGIN,
  });
  withProvider = await startApp(database, { singleSignOn });
  alone = await startApp(database, { singleSignOn, passwordSignIn: false });
});
afterAll(() => app.database.close());

describe('A new person with an invitation', () => {
  it('joins with a name and a password', async () => {
    const secret = await invite(app.database, 'staging', 'nora@acme.example');
    const { user, network } = await openPage(app, `/invitations/${secret}`);

    await screen.findByRole('heading', { name: 'Join Acme Staging' });
    expect(document.title).toBe('Join Acme Staging · Cross-Org Visibility');
    const email = await screen.findByLabelText<HTMLInputElement>('Email');
    expect([email.value, email.readOnly]).toEqual(['nora@acme.example', true]);
    expect(document.activeElement).toBe(screen.getByLabelText('Your name'));
    expect(screen.getByLabelText('Password').getAttribute('autocomplete')).toBe('new-password');
    await user.type(screen.getByLabelText('Your name'), 'Nora New');
    await user.type(screen.getByLabelText('Password'), `${PASSWORD}{Enter}`);

    await screen.findByRole('button', { name: 'Account of Nora New' });
    expect(currentAddress()).toBe(listOf('staging'));
    expect(screen.queryByRole('heading', NOT_VALID)).toBeNull();
    expect(network.requests.join()).not.toContain(secret);
  });

  it('sees what is wrong, keeps the input, and can retry', async () => {
    const secret = await invite(app.database, 'staging', 'nils@acme.example');
    const { user, network } = await openPage(app, `/invitations/${secret}`);
    await user.type(await screen.findByLabelText('Your name'), 'Nils');
    network.cut();
    await user.type(screen.getByLabelText('Password'), `${PASSWORD}{Enter}`);
    expect((await screen.findByRole('alert')).textContent).toMatch('The server cannot be reached');
    expect(screen.getByLabelText<HTMLInputElement>('Your name').value).toBe('Nils');

    network.mend();
    await user.click(screen.getByRole('button', { name: 'Join' }));
    await screen.findByRole('heading', HEADING);
  });

  it('sees what is missing beside the fields', async () => {
    const secret = await invite(app.database, 'staging', 'nina@acme.example');
    const { user } = await openPage(app, `/invitations/${secret}`);
    const name = await screen.findByLabelText('Your name');
    const password = screen.getByLabelText('Password');
    await user.type(password, '1234567{Enter}');
    expect(screen.getByText('Enter your name.')).toBeTruthy();
    expect(screen.getByText('Use at least 8 characters.')).toBeTruthy();
    expect(document.activeElement).toBe(name);

    await user.type(name, 'Nina{Enter}');
    expect(document.activeElement).toBe(password);
    await user.type(password, '8');
    expect(screen.queryByText('Use at least 8 characters.')).toBeNull();
  });

  it('can use single sign-on, which leads to the organization without the secret', async () => {
    const secret = await invite(app.database, 'staging', 'nadia@acme.example');
    await openPage(withProvider, `/invitations/${secret}`);
    const link = await screen.findByRole('link', { name: 'Continue with Acme ID' });
    expect(link.getAttribute('href')).toBe(
      `/api/console/oidc/start?${new URLSearchParams({ next: listOf('staging') }).toString()}`,
    );
    expect(screen.getByLabelText('Password')).toBeTruthy();
  });

  it('needs no password where passwords are off', async () => {
    const secret = await invite(app.database, 'staging', 'naomi@acme.example');
    await openPage(alone, `/invitations/${secret}`);
    await screen.findByRole('link', { name: 'Continue with Acme ID' });
    expect(screen.queryByLabelText('Password')).toBeNull();
    expect(screen.getByText('naomi@acme.example')).toBeTruthy();
  });
});

describe('A person with an account', () => {
  it('signs in on the same page, and joins with one click', async () => {
    const secret = await invite(app.database, 'data', EMAIL.reader);
    const { user } = await openPage(app, `/invitations/${secret}`);

    await screen.findByRole('heading', { name: 'Join Acme Data' });
    expect((await screen.findByLabelText<HTMLInputElement>('Email')).value).toBe(EMAIL.reader);
    expect(screen.queryByLabelText('Your name')).toBeNull();
    expect(document.activeElement).toBe(screen.getByLabelText('Password'));
    await user.type(screen.getByLabelText('Password'), PASSWORD);
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    await user.click(await screen.findByRole('button', { name: 'Join' }));

    await screen.findByRole('button', { name: 'Organization: Acme Data' });
    expect(currentAddress()).toBe(listOf('data'));
  });

  it('joins with one click if they are signed in', async () => {
    const secret = await invite(app.database, 'payments', EMAIL.reader);
    const { user } = await openPage(app, `/invitations/${secret}`, { as: EMAIL.reader });
    await user.click(await screen.findByRole('button', { name: 'Join' }));
    await screen.findByRole('button', { name: 'Organization: Acme Payments' });
  });

  it('continues as a person of the demo, if they are one', async () => {
    const secret = await invite(app.database, 'sandbox', EMAIL.reader);
    demoPeople.push(
      { email: EMAIL.reader, name: 'Ravi Reader', description: 'May look, not touch' },
      { email: EMAIL.admin, name: 'Alex Admin', description: 'May do anything' },
    );
    const { user } = await openPage(app, `/invitations/${secret}`);
    await user.click(await screen.findByRole('button', { name: 'Continue as Ravi Reader' }));
    await user.click(await screen.findByRole('button', { name: 'Join' }));
    await screen.findByRole('button', { name: 'Organization: Acme Sandbox' });
    demoPeople.length = 0;
  });
});

describe('Another person', () => {
  it('who is signed in is asked to sign out first', async () => {
    const secret = await invite(app.database, 'health', EMAIL.member);
    const { user } = await openPage(app, `/invitations/${secret}`, { as: EMAIL.admin });
    expect(await screen.findByText(/This invitation is for/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Join' })).toBeNull();

    await user.click(screen.getByRole('button', { name: 'Sign out' }));
    expect((await screen.findByLabelText<HTMLInputElement>('Email')).value).toBe(EMAIL.member);
    expect(currentAddress()).toBe(`/invitations/${secret}`);
  });
});

describe('An invitation link', () => {
  it('that is not valid shows one and the same error', async () => {
    const secret = await invite(app.database, 'labs', EMAIL.member, new Date(0));
    for (const path of [`/invitations/${secret}`, '/invitations/made-up']) {
      await openPage(app, path);
      await screen.findByRole('heading', NOT_VALID);
      expect(
        screen.getByText(/has expired, was revoked, or has already been used. Ask for a new one/),
      ).toBeTruthy();
    }
  });

  it('that was used while its page was open shows an error', async () => {
    const secret = await invite(app.database, 'labs', 'nele@acme.example');
    const { user } = await openPage(app, `/invitations/${secret}`);
    await user.type(await screen.findByLabelText('Your name'), 'Nele');
    await app.database.db.deleteFrom('invitation').execute();
    await user.type(screen.getByLabelText('Password'), `${PASSWORD}{Enter}`);
    expect((await screen.findByRole('alert')).textContent).toContain('This invitation has expired');
  });

  it('can be retried when the server cannot be reached', async () => {
    const secret = await invite(app.database, 'labs', 'nika@acme.example');
    const { user, network } = await openPage(app, `/invitations/${secret}`, {
      network: (line) => line.cut('/api/console/invitation'),
    });
    await screen.findByRole('heading', { name: 'Something went wrong' });
    network.mend();
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    await screen.findByRole('heading', { name: 'Join Acme Labs' });
  });
});

function listOf(org: keyof typeof ORG): string {
  return `/orgs/${ORG[org]}/settings/cross-org-visibility`;
}

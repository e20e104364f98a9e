import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { errorMessages } from '../../api/request.ts';
import { singleSignOnPath } from '../../common/links.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { demoPeopleOptions, signInMethodsOptions, useDemoSignIn, useSignIn } from './queries.ts';
import styles from './sign-in-form.module.css';

interface SignInWaysProps extends SignInFormProps {
  /** The page that single sign-on leads on to. */
  next: string;
}

/** Every way to sign in that is switched on, once it is known which are: a form that goes away again would be filled in. */
export function SignInWays({ next, knownEmail }: SignInWaysProps) {
  return (
    <WaysIn next={next}>
      <SignInForm knownEmail={knownEmail} />
    </WaysIn>
  );
}

interface WaysInProps {
  next: string;
  /** What takes a password; it shows only where passwords are switched on. */
  children: ReactNode;
}

/** A form that takes a password, and single sign-on beside it or in its place, as the server has them switched on. */
export function WaysIn({ next, children }: WaysInProps) {
  const methods = useQuery(signInMethodsOptions);
  if (methods.isError) {
    return (
      <div className={styles.ways}>
        <ErrorCallout messages={errorMessages(methods.error)} />
        <Button pending={methods.isFetching} onClick={() => void methods.refetch()}>
          Retry
        </Button>
      </div>
    );
  }
  if (!methods.data) return null;

  const { passwords, single_sign_on: singleSignOn } = methods.data;
  return (
    <div className={styles.ways}>
      {passwords && children}
      {passwords && singleSignOn && <p className={styles.or}>or</p>}
      {singleSignOn && (
        <a
          href={singleSignOnPath(next)}
          className={buttonClass(passwords ? 'secondary' : 'primary', styles.singleSignOn)}
        >
          Continue with {singleSignOn.label}
        </a>
      )}
    </div>
  );
}

interface SignInFormProps {
  /** Whose password it takes, if that is settled. */
  knownEmail?: string | undefined;
}

/** Signs a person in. What follows is the page's affair: it sees the session change. */
function SignInForm({ knownEmail }: SignInFormProps) {
  const [email, setEmail] = useState(knownEmail ?? '');
  const [password, setPassword] = useState('');
  const signIn = useSignIn();
  const firstField = useRef<HTMLInputElement>(null);

  // It is what one comes here for; the page's title, which says so, is read before it.
  useEffect(() => firstField.current?.focus(), []);

  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate({ email, password });
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <TextField
        ref={knownEmail === undefined ? firstField : null}
        label="Email"
        type="email"
        name="email"
        autoComplete="username"
        required
        readOnly={knownEmail !== undefined}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        ref={knownEmail === undefined ? null : firstField}
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {signIn.isError && <ErrorCallout messages={errorMessages(signIn.error)} />}
      <Button type="submit" variant="primary" pending={signIn.isPending}>
        Sign in
      </Button>
    </form>
  );
}

interface DemoPeopleProps {
  /** Only the person of this e-mail. */
  only?: string;
}

/** The people of the demo account, one click each. Outside the demo there are none, and nothing shows. */
export function DemoPeople({ only }: DemoPeopleProps) {
  const { data = [] } = useQuery(demoPeopleOptions);
  const people = data.filter(({ email }) => only === undefined || email === only);
  const signIn = useDemoSignIn();
  if (people.length === 0) return null;

  return (
    <section className={styles.demo} aria-labelledby="demo-heading">
      <h2 id="demo-heading" className={styles.demoHeading}>
        Try the demo
      </h2>
      {signIn.isError && <ErrorCallout messages={errorMessages(signIn.error)} />}
      <ul className={styles.people}>
        {people.map((person) => (
          <li key={person.email} className={styles.person}>
            <button
              type="button"
              className={styles.continue}
              disabled={signIn.isPending}
              aria-describedby={`about-${person.email}`}
              onClick={() => signIn.mutate({ email: person.email })}
            >
              Continue as {person.name}
            </button>
            <p id={`about-${person.email}`} className={styles.about}>
              {person.description}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { errorMessages } from '../../api/request.ts';
import { singleSignOnPath } from '../../common/links.ts';
import { useFormEdit } from '../../common/use-form-edit.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { submitForm } from '../../ui/submit-form.ts';
import { TextField } from '../../ui/text-field.tsx';
import { messages } from './messages.ts';
import { demoPeopleOptions, signInMethodsOptions, useDemoSignIn, useSignIn } from './queries.ts';
import styles from './sign-in-form.module.css';

interface SignInWaysProps extends SignInFormProps {
  /** Path where single sign-on continues. */
  next: string;
}

/** All ways to sign in, after the server has said which are on: a form must not disappear while it is filled in. */
export function SignInWays({ next, knownEmail }: SignInWaysProps) {
  return (
    <WaysIn next={next}>
      <SignInForm knownEmail={knownEmail} />
    </WaysIn>
  );
}

interface WaysInProps {
  next: string;
  /** A form with a password, shown if passwords are on. */
  children: ReactNode;
}

/** A form with a password, single sign-on, or both, as configured on the server. */
export function WaysIn({ next, children }: WaysInProps) {
  const methods = useQuery(signInMethodsOptions);
  if (methods.isError) {
    return (
      <div className={styles.ways}>
        <ErrorCallout messages={errorMessages(methods.error)} />
        <Button pending={methods.isFetching} onClick={() => void methods.refetch()}>
          {messages.retry}
        </Button>
      </div>
    );
  }
  if (!methods.data) return null;

  const { passwords, single_sign_on: singleSignOn } = methods.data;
  return (
    <div className={styles.ways}>
      {passwords && children}
      {passwords && singleSignOn && <p className={styles.or}>{messages.or}</p>}
      {singleSignOn && (
        <a
          href={singleSignOnPath(next)}
          className={buttonClass(passwords ? 'secondary' : 'primary', styles.singleSignOn)}
        >
          {messages.continueWith(singleSignOn.label)}
        </a>
      )}
    </div>
  );
}

interface SignInFormProps {
  /** Email that cannot be changed. */
  knownEmail?: string | undefined;
}

/** Signs a person in. The page reacts to the new session. */
function SignInForm({ knownEmail }: SignInFormProps) {
  const [email, setEmail] = useState(knownEmail ?? '');
  const [password, setPassword] = useState('');
  const [isTried, setIsTried] = useState(false);
  const signIn = useSignIn();
  const edit = useFormEdit(signIn);
  const firstField = useRef<HTMLInputElement>(null);

  // Signing in is the purpose of the page, and screen readers read its title first.
  useEffect(() => firstField.current?.focus(), []);

  function submit() {
    setIsTried(true);
    if (email.trim() === '' || password === '') signIn.reset();
    else signIn.mutate({ email, password });
  }

  return (
    <form className={styles.form} onSubmit={(event) => submitForm(event, submit)} noValidate>
      <TextField
        ref={knownEmail === undefined ? firstField : null}
        label={messages.email}
        type="email"
        name="email"
        autoComplete="username"
        required
        readOnly={knownEmail !== undefined}
        value={email}
        onChange={(event) => edit(() => setEmail(event.target.value))}
        error={isTried && email.trim() === '' ? messages.emailMissing : undefined}
      />
      <TextField
        ref={knownEmail === undefined ? null : firstField}
        label={messages.password}
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => edit(() => setPassword(event.target.value))}
        error={isTried && password === '' ? messages.passwordMissing : undefined}
      />
      {signIn.isError && <ErrorCallout messages={errorMessages(signIn.error)} />}
      <Button type="submit" variant="primary" pending={signIn.isPending}>
        {messages.signIn}
      </Button>
    </form>
  );
}

interface DemoPeopleProps {
  /** Show only the person with this email. */
  only?: string;
}

/** The people of the demo account, one click each. Renders nothing outside the demo. */
export function DemoPeople({ only }: DemoPeopleProps) {
  const { data = [] } = useQuery(demoPeopleOptions);
  const people = data.filter(({ email }) => only === undefined || email === only);
  const signIn = useDemoSignIn();
  if (people.length === 0) return null;

  return (
    <section className={styles.demo} aria-labelledby="demo-heading">
      <h2 id="demo-heading" className={styles.demoHeading}>
        {messages.tryDemo}
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
              {messages.continueAs(person.name)}
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

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { errorMessages } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { demoPeopleOptions, useDemoSignIn, useSignIn } from './queries.ts';
import styles from './sign-in-form.module.css';

/** Signs a person in. What follows is the page's affair: it sees the session change. */
export function SignInForm() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useSignIn();
  const emailField = useRef<HTMLInputElement>(null);

  // It is what one comes here for; the page's title, which says so, is read before it.
  useEffect(() => emailField.current?.focus(), []);

  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate({ email, password });
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <TextField
        ref={emailField}
        label="Email"
        type="email"
        name="email"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
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

/** The people of the demo account, one click each. Outside the demo there are none, and nothing shows. */
export function DemoPeople() {
  const { data: people = [] } = useQuery(demoPeopleOptions);
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

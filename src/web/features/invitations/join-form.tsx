import { type FormEvent, useEffect, useRef, useState } from 'react';
import { errorMessages } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { messages } from './messages.ts';
import styles from './join-form.module.css';
import { useAcceptInvitation } from './queries.ts';

interface JoinProps {
  secret: string;
  onJoined: () => void;
}

/** A new person joins with a name and a password. */
export function JoinForm({ secret, email, onJoined }: JoinProps & { email: string }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const accept = useAcceptInvitation(onJoined);
  const nameField = useRef<HTMLInputElement>(null);

  useEffect(() => nameField.current?.focus(), []);

  function submit(event: FormEvent) {
    event.preventDefault();
    accept.mutate({ secret, new_person: { name, password } });
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <TextField
        label={messages.email}
        type="email"
        name="email"
        autoComplete="username"
        readOnly
        value={email}
      />
      <TextField
        ref={nameField}
        label={messages.yourName}
        name="name"
        autoComplete="name"
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={messages.password}
        hint={messages.passwordHint}
        type="password"
        name="password"
        autoComplete="new-password"
        required
        minLength={8}
        maxLength={128}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {accept.isError && <ErrorCallout messages={errorMessages(accept.error)} />}
      <Button type="submit" variant="primary" pending={accept.isPending}>
        {messages.join}
      </Button>
    </form>
  );
}

/** A signed-in person joins with one click. */
export function JoinButton({ secret, onJoined }: JoinProps) {
  const accept = useAcceptInvitation(onJoined);
  const button = useRef<HTMLButtonElement>(null);

  // The sign-in form, which had focus, is gone.
  useEffect(() => button.current?.focus(), []);

  return (
    <>
      {accept.isError && <ErrorCallout messages={errorMessages(accept.error)} />}
      <Button
        ref={button}
        variant="primary"
        pending={accept.isPending}
        onClick={() => accept.mutate({ secret })}
      >
        {messages.join}
      </Button>
    </>
  );
}

import { useEffect, useRef, useState } from 'react';
import { errorMessages } from '../../api/request.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../../../contract/console/constants.ts';
import { useFormEdit } from '../../common/use-form-edit.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { submitForm } from '../../ui/submit-form.ts';
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
  const [isTried, setIsTried] = useState(false);
  const accept = useAcceptInvitation(onJoined);
  const edit = useFormEdit(accept);
  const nameField = useRef<HTMLInputElement>(null);

  useEffect(() => nameField.current?.focus(), []);

  const isNameMissing = name.trim() === '';
  const isPasswordShort = password.length < MIN_PASSWORD_LENGTH;

  function submit() {
    setIsTried(true);
    if (isNameMissing || isPasswordShort) accept.reset();
    else accept.mutate({ secret, new_person: { name, password } });
  }

  return (
    <form className={styles.form} onSubmit={(event) => submitForm(event, submit)} noValidate>
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
        onChange={(event) => edit(() => setName(event.target.value))}
        error={isTried && isNameMissing ? messages.nameMissing : undefined}
      />
      <TextField
        label={messages.password}
        hint={messages.passwordHint(MIN_PASSWORD_LENGTH)}
        type="password"
        name="password"
        autoComplete="new-password"
        required
        minLength={MIN_PASSWORD_LENGTH}
        maxLength={MAX_PASSWORD_LENGTH}
        value={password}
        onChange={(event) => edit(() => setPassword(event.target.value))}
        error={isTried && isPasswordShort ? messages.passwordTooShort(MIN_PASSWORD_LENGTH) : undefined}
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

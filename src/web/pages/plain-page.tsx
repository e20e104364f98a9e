import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { LogoIcon } from '../ui/art.tsx';
import { messages as common } from '../common/messages.ts';
import { useDocumentTitle } from '../common/use-document-title.ts';
import styles from './plain-page.module.css';

interface PlainPageProps {
  title: string;
  children: ReactNode;
}

/** A short page outside of any organization. */
export function PlainPage({ title, children }: PlainPageProps) {
  useDocumentTitle(title, common.productName);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Link to="/" className={styles.brand}>
          <LogoIcon />
          <span>{common.productName}</span>
        </Link>
      </header>
      <main className={styles.main}>
        <h1 className={styles.title}>{title}</h1>
        {children}
      </main>
    </div>
  );
}

import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { LogoIcon } from '../ui/icons.tsx';
import { PRODUCT_NAME, useDocumentTitle } from '../common/use-document-title.ts';
import styles from './plain-page.module.css';

interface PlainPageProps {
  title: string;
  children: ReactNode;
}

/** A page of a few words that belongs to no organization. */
export function PlainPage({ title, children }: PlainPageProps) {
  useDocumentTitle(title, PRODUCT_NAME);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Link to="/" className={styles.brand}>
          <LogoIcon />
          {PRODUCT_NAME}
        </Link>
      </header>
      <main className={styles.main}>
        <h1 className={styles.title}>{title}</h1>
        {children}
      </main>
    </div>
  );
}

import type { ReactNode } from 'react';

/** Icons are decoration: whatever holds one also says it in words. */
function Icon({ children, size = 16 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

export function PencilIcon() {
  return (
    <Icon>
      <path d="m10.8 2.7 2.5 2.5-7.6 7.6-3.2.7.7-3.2z" />
      <path d="m9.2 4.3 2.5 2.5" />
    </Icon>
  );
}

export function TrashIcon() {
  return (
    <Icon>
      <path d="M2.5 4.5h11M6.3 4.5V2.8h3.4v1.7M3.8 4.5l.6 8.7h7.2l.6-8.7M6.7 7.2v3.4M9.3 7.2v3.4" />
    </Icon>
  );
}

export function LockIcon() {
  return (
    <Icon>
      <rect x="3.25" y="7" width="9.5" height="6.5" rx="1.25" fill="currentColor" fillOpacity="0.16" />
      <path d="M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2M8 9.6v1.4" />
    </Icon>
  );
}

export function OpenLockIcon() {
  return (
    <Icon>
      <rect x="3.25" y="7" width="9.5" height="6.5" rx="1.25" />
      <path d="M5.25 7V4.6a2.75 2.75 0 0 1 5.3-1M8 9.6v1.4" />
    </Icon>
  );
}

/** A group of people: an organization, a role or a team. */
export function PeopleIcon() {
  return (
    <Icon>
      <circle cx="6" cy="5.5" r="2.25" />
      <path d="M2 13c.3-2.4 1.9-3.7 4-3.7s3.7 1.3 4 3.7M10.4 3.6a2.1 2.1 0 0 1 0 3.9M11.8 9.7c1.3.5 2 1.6 2.2 3.3" />
    </Icon>
  );
}

export function OrgIcon() {
  return (
    <Icon>
      <path d="M3 13.25V3.5L9 2v11.25M9 6l4 1v6.25M1.75 13.25h12.5M5.4 5.6h1.2M5.4 8.1h1.2M5.4 10.6h1.2" />
    </Icon>
  );
}

export function RoleIcon() {
  return (
    <Icon>
      <path d="M8 2 13 3.75v3.8c0 3-2 5.2-5 6.45-3-1.25-5-3.45-5-6.45v-3.8z" />
      <path d="m5.9 7.9 1.5 1.5 2.7-3" />
    </Icon>
  );
}

export function PersonIcon() {
  return (
    <Icon>
      <circle cx="8" cy="5.25" r="2.5" />
      <path d="M3.25 13.25c.4-2.7 2.3-4.1 4.75-4.1s4.35 1.4 4.75 4.1" />
    </Icon>
  );
}

export function PlusIcon() {
  return (
    <Icon>
      <path d="M8 3.25v9.5M3.25 8h9.5" />
    </Icon>
  );
}

export function CloseIcon() {
  return (
    <Icon>
      <path d="m4 4 8 8M12 4l-8 8" />
    </Icon>
  );
}

export function CheckIcon() {
  return (
    <Icon>
      <path d="m3.5 8.4 3 3 6-6.6" />
    </Icon>
  );
}

export function CopyIcon() {
  return (
    <Icon>
      <rect x="5.75" y="5.75" width="7.5" height="7.5" rx="1.25" />
      <path d="M10.25 5.75V4a1.25 1.25 0 0 0-1.25-1.25H4A1.25 1.25 0 0 0 2.75 4v5A1.25 1.25 0 0 0 4 10.25h1.75" />
    </Icon>
  );
}

export function ChevronIcon() {
  return (
    <Icon>
      <path d="m4.5 6.25 3.5 3.5 3.5-3.5" />
    </Icon>
  );
}

export function SearchIcon() {
  return (
    <Icon>
      <circle cx="7" cy="7" r="4.25" />
      <path d="m10.2 10.2 3.3 3.3" />
    </Icon>
  );
}

export function ArrowRightIcon() {
  return (
    <Icon>
      <path d="M2.75 8h10M9 4.25 12.75 8 9 11.75" />
    </Icon>
  );
}

export function InfoIcon() {
  return (
    <Icon>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.4v3.4M8 5.1v.1" />
    </Icon>
  );
}

export function WarningIcon() {
  return (
    <Icon>
      <path d="M8 2.4 14.2 13H1.8zM8 6.6v3M8 11.3v.1" />
    </Icon>
  );
}

export function SortIcon({ direction }: { direction: 'ascending' | 'descending' | undefined }) {
  return (
    <Icon size={14}>
      {direction === 'ascending' && <path d="M8 13V3.5M4.5 6.75 8 3.25l3.5 3.5" />}
      {direction === 'descending' && <path d="M8 3v9.5M4.5 9.25 8 12.75l3.5-3.5" />}
      {!direction && <path d="M5 6.25 8 3.25l3 3M5 9.75l3 3 3-3" />}
    </Icon>
  );
}

/** The product's mark: two organizations that see into each other. */
export function LogoIcon() {
  return (
    <svg aria-hidden="true" width="26" height="26" viewBox="0 0 32 32">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="2.5">
        <circle cx="12.5" cy="16" r="6.25" />
        <circle cx="19.5" cy="16" r="6.25" />
      </g>
    </svg>
  );
}

/** The empty list's picture: data stay in the source and are seen from the destination. */
export function ConnectionArt() {
  return (
    <svg aria-hidden="true" width="168" height="72" viewBox="0 0 168 72" fill="none">
      <rect x="1" y="10" width="58" height="52" rx="8" fill="var(--surface)" stroke="var(--line-strong)" />
      <path
        d="M14 47V37M24 47V26M34 47V33M44 47V22"
        stroke="var(--accent)"
        strokeWidth="4"
        strokeLinecap="round"
      />
      <path
        d="M66 36h34M94 30l6 6-6 6"
        stroke="var(--accent)"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
        strokeDasharray="0"
      />
      <rect
        x="109"
        y="10"
        width="58"
        height="52"
        rx="8"
        fill="var(--surface)"
        stroke="var(--line-strong)"
        strokeDasharray="4 4"
      />
      <path
        d="M122 47V37M132 47V26M142 47V33M152 47V22"
        stroke="var(--line-strong)"
        strokeWidth="4"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** The product's logo: two organizations that share data. */
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

/** Picture of the empty list: data stays in the source and is visible in the destination. */
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

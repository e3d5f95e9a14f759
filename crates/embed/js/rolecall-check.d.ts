import type { CheckReport, Claims, ErrorReport } from "./index.js";

/** What the element knows: the report of `check`, of which neither findings nor repairs (`fix`) were looked for. */
export type Verdict = (Omit<CheckReport, "findings"> & { findings: null }) | ErrorReport;

/** `<rolecall-check policy="..." claims="..." theme="auto" readonly compact>`. Importing this file defines it. */
export class RolecallCheck extends HTMLElement {
  /** The trust policy; without the attribute, the element's own text. */
  get policy(): string;
  set policy(policy: string | object);
  /** The claims as JSON. */
  get claims(): string;
  set claims(claims: string | Claims);
  /** The last answer. */
  readonly report: Verdict | undefined;
  /** The whole report, as the command line gives it; the whole engine is fetched for it. */
  check(): Promise<CheckReport | ErrorReport>;
}

declare global {
  interface HTMLElementTagNameMap {
    "rolecall-check": RolecallCheck;
  }
  interface GlobalEventHandlersEventMap {
    "rolecall-check:result": CustomEvent<{ report: Verdict }>;
    "rolecall-check:input": CustomEvent<{ policy: string; claims: string }>;
  }
}

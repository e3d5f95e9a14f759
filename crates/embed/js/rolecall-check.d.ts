import type { CheckReport, Claims, ErrorReport } from "./index.js";

/** `<rolecall-check policy="..." claims="..." theme="auto" readonly compact>`. Importing this file defines it. */
export class RolecallCheck extends HTMLElement {
  /** The trust policy; without the attribute, the element's own text. */
  policy: string;
  /** The claims as JSON. */
  get claims(): string;
  set claims(claims: string | Claims);
  /** What `check` answered last. */
  readonly report: CheckReport | ErrorReport | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    "rolecall-check": RolecallCheck;
  }
  interface HTMLElementEventMap {
    "rolecall-check:result": CustomEvent<{ report: CheckReport | ErrorReport }>;
    "rolecall-check:input": CustomEvent<{ policy: string; claims: string }>;
  }
}

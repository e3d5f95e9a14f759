import type { Cause, Claims, ErrorReport, Finding, Location } from "./index.js";

/** Loads the module, once: from beside this file, or from what is given. */
export default function init(
  source?: string | URL | Response | Promise<Response> | BufferSource | WebAssembly.Module,
): Promise<void>;

/** Which tokens can the jobs of these workflows get, and why do some get none? */
export function predict(question: Workflows): Prediction | ErrorReport;

export interface Workflows {
  /** From `.github/workflows/` on, the path is that in the repository. */
  workflows: { path: string; text: string }[];
  /** Files that they call, under the names by which they do: `./.github/workflows/x.yml`, `./.github/actions/x`. */
  callees?: Record<string, string>;
  /** What is known of the repository, in the words of GitHub's REST API. */
  settings?: Settings;
  /** Which run is meant; without it, all that can be. */
  run?: Run;
}

export interface Settings {
  /** `OWNER/REPO` */
  repository?: string | null;
  repository_owner_id?: string | number | null;
  repository_id?: string | number | null;
  visibility?: "public" | "private" | "internal" | null;
  default_branch?: string | null;
  created_at?: string | null;
  renamed_at?: string | null;
  transferred_at?: string | null;
  /** What `gh api repos/OWNER/REPO/actions/oidc/customization/sub` tells. */
  sub_claim_prefix?: string | null;
  repository_template?: Template | null;
  organization_template?: Template | null;
  enterprise?: string | null;
  enterprise_id?: string | number | null;
  include_enterprise_slug?: boolean;
  host?: string | null;
  custom_properties?: Record<string, string>;
  environments?: string[] | null;
  vars?: Record<string, string>;
  fork_write_tokens?: boolean;
  provider_arn?: string | null;
  max_session_duration?: number | null;
}

export interface Template {
  use_default?: boolean | null;
  include_claim_keys?: string[];
  use_immutable_subject?: boolean | null;
}

export interface Run {
  event?: string | null;
  ref?: string | null;
  sha?: string | null;
  number?: number | null;
  base_ref?: string | null;
  head_ref?: string | null;
  actor?: string | null;
  actor_id?: string | null;
  fork?: boolean | null;
  inputs?: Record<string, string>;
  job?: string | null;
}

export interface Prediction {
  schema: "rolecall.predict/1";
  /** Every job, for every event that runs it. */
  jobs: JobPrediction[];
  /** Worst first. */
  findings: (Finding & { workflow: string })[];
  notes: string[];
}

export interface JobPrediction {
  workflow: string;
  job: string;
  event: string;
  runs: "yes" | "no" | "unknown";
  /** It may ask for a token, or a step of it assumes a role with one. */
  asks: boolean;
  tokens: TokenPrediction[];
  more_tokens: number;
  /** Why it gets none. */
  no_token: Cause | null;
  no_token_file: string | null;
  /** What else would take the token away. */
  unless: Cause[];
  roles: RolePrediction[];
  notes: string[];
  location: Location;
  file: string;
}

export interface TokenPrediction {
  when: string[];
  claims: Claims;
  partial: boolean;
  /** Claims of which a pattern is known. */
  patterns: Record<string, string>;
  /** Claims of which nothing is known, and why. */
  unknown: Record<string, string>;
}

export interface RolePrediction {
  step: string;
  by: string;
  role: string | null;
  written: string | null;
  audience: string | null;
  session_name: string | null;
  duration: number | null;
  region: string | null;
  uses_token: boolean | null;
  causes: { id: string; summary: string; help: string }[];
  notes: string[];
  location: Location;
  file: string;
}

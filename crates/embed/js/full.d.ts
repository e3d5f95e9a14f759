import type { Case, CheckReport, ErrorReport } from "./index.js";
import type { Prediction, Workflows } from "./predict.js";

export { inspect, who, diff, fix, lint } from "./index.js";

/** Loads the module, once: from beside this file, or from what is given. */
export default function init(
  source?: string | URL | Response | Promise<Response> | BufferSource | WebAssembly.Module,
): Promise<void>;

/** May this token, or this job of a workflow, assume that role, and why? The policy may stand in IAM output, CloudFormation or Terraform. */
export function check(question: Case & { role?: string | null } & Partial<Workflows>): CheckReport | ErrorReport;

/** Which tokens can the jobs of these workflows get? */
export function predict(question: Workflows & { facts?: string }): Prediction | ErrorReport;

/** May the role's session push to this ECR repository? */
export function push(question: Push): PushReport | ErrorReport;

/** The set-up of a GitHub repository that pushes images, proved. */
export function generate(question: Generate): Written | ErrorReport;

/** What a cause, a rule or an error message means. */
export function explain(question: Explain): Explained | ErrorReport;

/** Policies are texts: JSON, IAM output, CloudFormation, Terraform. What is not given is taken as absent. */
export interface Push {
  /** Its ARN, or its address. */
  repository: string;
  policies: string[];
  role?: string | null;
  role_arn?: string | null;
  session_name?: string | null;
  /** Condition keys; `null`: absent. */
  context?: Record<string, string | string[] | null>;
  boundary?: string | null;
  session_policies?: string[];
  repository_policy?: string | null;
  scps?: string[];
  rcps?: string[];
  pull?: boolean;
}

export interface PushReport {
  schema: "rolecall.push/1";
  decision: "allow" | "deny" | "undecided";
  repository: string;
  principal: string;
  /** The action at which the way ends. */
  stops_at: string | null;
  /** The text that the user sees there. */
  error: string | null;
  steps: {
    stage: "login" | "layers" | "upload" | "manifest" | "pull";
    action: string;
    resource: string;
    decision: "allow" | "deny" | "undecided";
    why: string;
    statement: { policy: string; kind: string; path: string; sid: string | null; line: number } | null;
  }[];
  /** What to add, policy by policy. */
  missing: { kind: string; summary: string; document: object }[];
  unknowns: { key: string; if: { value: string; decision: string }[] }[];
  notes: string[];
}

/** The members are the options of `rolecall generate`; one of `branch`, `tag`, `environment`, `pull_requests` is given. */
export interface Generate {
  repo: string;
  owner_id?: string;
  repo_id?: string;
  subjects?: "classic" | "immutable" | "both";
  branch?: string;
  tag?: string;
  environment?: string;
  pull_requests?: boolean;
  default_branch?: string;
  account: string;
  region: string;
  ecr: string;
  role?: string;
  existing_provider?: boolean;
  pull?: boolean;
  as?: "terraform" | "cloudformation" | "cli" | "files";
}

export interface Written {
  schema: "rolecall.generate/1";
  role_arn: string;
  repository: string;
  files: { path: string; text: string }[];
  proved: { by: string; says: string }[];
  notes: string[];
}

export interface Explain {
  text: string;
}

export interface Explained {
  schema: "rolecall.explain/1";
  /** What was asked; long words, which may be secrets, as `[...]`. */
  query: string;
  pages: GuidePage[];
  messages: object[];
}

export interface GuidePage {
  id: string;
  title: string;
  meaning: string;
  recognise: string;
  what_to_do: string;
  example_before: string;
  example_after: string;
  sources: string[];
}

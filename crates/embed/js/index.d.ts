/**
 * rolecall, the engine alone: no page, no framework, no request but the one for `engine.wasm`.
 *
 * ```js
 * import init, { check } from "rolecall";
 * await init();
 * const report = check({ policy, claims: { sub: "repo:octo-org/octo-repo:ref:refs/heads/main" }, partial: true });
 * ```
 *
 * Every function takes one plain object and returns the report that the command line prints with `--format json`.
 * Bad input is a value: a report with the schema `rolecall.error/1`. Places are in UTF-16 units, too.
 */

/** Loads the engine, once: from beside this file, or from what is given. */
export default function init(
  source?: string | URL | Response | Promise<Response> | BufferSource | WebAssembly.Module,
): Promise<void>;

/** May this token, or a token with these claims, assume a role with this policy, and why? */
export function check(question: Case): CheckReport | ErrorReport;
/** What is in a token. */
export function inspect(question: Case): InspectReport | ErrorReport;

/** Who gets in through this policy, over all tokens that GitHub can issue, and what could an outsider do? */
export function who(question: Proof): WhoReport | ErrorReport;
/** What does the new policy let in that the old one does not, and the other way round? */
export function diff(question: Comparison): DiffReport | ErrorReport;
/** Which edits of the policy let this token in, and what else would each let in? */
export function fix(question: Case & Proof): FixReport | ErrorReport;
/** What is remarkable about this policy? */
export function lint(question: Proof): LintReport | ErrorReport;

/** What proofs are made of. */
export interface Proof {
  policy?: string | object | null;
  /** The owners that count as insiders; without them, those of the policy's text. */
  owners?: string[] | null;
  role_arn?: string | null;
}

export interface Comparison {
  old: string | object;
  new: string | object;
  owners?: string[] | null;
}

/** A line of `rolecall batch`. What is `null` or not there is not given. */
export interface Case {
  /** The trust policy; as text its places are exact. */
  policy?: string | object | null;
  /** Pasted text with a token or claims in it. */
  token?: string | null;
  /** The claims of a token. */
  claims?: Claims | null;
  /** The header that belongs to `claims`. */
  header?: object | null;
  /** `claims` are some of a token's: what they do not tell is unknown, not absent. */
  partial?: boolean;
  /** Condition keys of the request; `null` says that the key is absent. */
  context?: Record<string, string | string[] | null>;
  /** Only `context` counts: a plain IAM evaluator, without STS's checks. */
  raw_context?: boolean;
  /** Who asks for what, with `raw_context`. */
  request?: { principal?: Record<string, string>; action?: string };
  /** When to judge: RFC 3339, or seconds since 1970. */
  now?: string | number | null;
  /** Judge at the token's `iat`. */
  at_issue?: boolean;
  /** The issuer's key set, where GitHub's built-in keys do not do. */
  jwks?: string | object | null;
  signature?: "verify" | "ignore" | "require";
  /** The account's identity provider; `null`: it has none. */
  provider?: { url?: string; audiences?: string[] } | null;
  role_arn?: string | null;
  session_name?: string | null;
  duration?: number | null;
  max_session_duration?: number | null;
}

/** A claim set, as `check` takes it. */
export type Claims = Record<string, unknown>;

export type Decision = "allow" | "deny" | "undecided";
export type Met = "met" | "not-met" | "unknown" | "not-reached";

export interface CheckReport {
  schema: "rolecall.check/1";
  decision: Decision;
  /** What STS would answer where it refuses. */
  error: { code: string; message: string; also_seen: string[] } | null;
  /** Most decisive first; empty when allowed. */
  causes: Cause[];
  /** In the order of STS. */
  checks: Check[];
  statements: Statement[];
  /** Whether IAM would store the policy today. */
  storable: Storable;
  /** What is not known, and what each answer would lead to. */
  unknowns: { key: string; if: { value: string; decision: Decision }[] }[];
  session: {
    assumed_role_arn: string | null;
    audience: string | null;
    subject: string | null;
    provider: string | null;
    expires_in_seconds: number | null;
  } | null;
  /** Worst first. */
  findings: Finding[];
  /** What was removed from the pasted text, or assumed. */
  notes: string[];
}

/** Nothing was decided. */
export interface ErrorReport {
  schema: "rolecall.error/1";
  /** Nothing was decided. */
  decision?: undefined;
  causes: Cause[];
}

export interface Cause {
  /** Stable; `internal_error` and `unknown_verb` come from this API itself. */
  id: string;
  summary: string;
  help: string;
  claim: string | null;
  location: Location | null;
  actual: string | null;
  expected: string | null;
  fix: Edit | null;
}

export interface Check {
  id:
    | "request"
    | "token-format"
    | "required-claims"
    | "token-times"
    | "provider"
    | "audience"
    | "signature"
    | "session-duration"
    | "trust-policy";
  outcome: "pass" | "fail" | "unknown" | "not-reached";
  summary: string;
}

export interface Statement {
  index: number;
  sid: string | null;
  effect: "Allow" | "Deny";
  outcome: "applies" | "does-not-apply" | "unknown";
  parts: Part[];
  location: Location;
}

export interface Part {
  part: "principal" | "action" | "condition";
  operator: string | null;
  key: string | null;
  outcome: Met;
  actual: string[] | null;
  expected: { value: string; outcome: Met; why: string; location: Location }[];
  why: string;
  location: Location;
}

export interface Storable {
  accepted: boolean;
  code: "MalformedPolicyDocument" | "LimitExceeded" | null;
  message: string | null;
}

/** A range in a text, end exclusive. */
export interface Location {
  document: "policy" | "token" | "workflow";
  /** RFC 6901. */
  path: string;
  start: Position;
  end: Position;
}

/** Line and column from 1, the column in characters; offsets from 0. */
export interface Position {
  line: number;
  column: number;
  /** In bytes of UTF-8. */
  byte: number;
  /** In the units that JavaScript counts strings with. */
  utf16: number;
}

export interface Edit {
  label: "as-broad" | "this-subject" | "other";
  summary: string;
  edits: { location: Location; text: string }[];
  /** `nothing`, or what else it lets in, in words. */
  admits_also: string;
  outsider: Outsider["verdict"];
  witnesses: Claims[];
}

export interface Finding {
  rule: string;
  severity: "error" | "warning" | "info";
  summary: string;
  help: string;
  location: Location;
  witness: Claims | null;
}

/** Whether somebody outside of the intended owners gets in. */
export interface Outsider {
  verdict: "open" | "closed" | "depends" | "borrow" | "lure" | "not-decided";
  witness: Claims | null;
  recipe: string[];
  trusts: string[];
  assumptions: string[];
}

export interface WhoReport {
  schema: "rolecall.who/1";
  policies: WhoPolicy[];
}

export interface WhoPolicy {
  source: string;
  path: string;
  /** From how far tokens get in. */
  scope: "nobody" | "repository" | "owner" | "owners" | "anyone" | "not-decided";
  outsider: Outsider;
  outsider_location: Location | null;
  sets: TokenSet[];
  /** What becomes of it when subjects get ids. */
  forms: string | null;
  /** Why statements let nobody in. */
  nobody: string[];
  not_decided: string[];
}

/** Tokens that get in. */
export interface TokenSet {
  words: string;
  form: "classic" | "immutable" | "template";
  tail: "branch" | "tag" | "environment" | "pull_request" | "other";
  /** From 0. */
  statement: number;
  location: Location | null;
  /** One of them. */
  witness: Claims;
  /** The options of `rolecall check` that judge it. */
  options: string[];
  context?: Record<string, unknown>;
}

export interface DiffReport {
  schema: "rolecall.diff/1";
  /** Of the new policy to the old one: stricter lets less in. */
  relation: "equal" | "stricter" | "looser" | "incomparable" | "not-decided";
  newly_admitted: Claims | null;
  no_longer_admitted: Claims | null;
  /** The tokens that this is said of. */
  universe: string;
  gains: string[];
  losses: string[];
  with_templates: { newly_admitted: Claims | null; no_longer_admitted: Claims | null } | null;
  notes: string[];
}

export interface FixReport {
  schema: "rolecall.fix/1";
  /** Safest first. */
  edits: Edit[];
  /** Why no edit helps. */
  refused: string | null;
  /** What was noticed on the way. */
  notes: string[];
}

export interface LintReport {
  schema: "rolecall.lint/1";
  policies: { source: string; path: string; storable: Storable; findings: Finding[] }[];
}

export interface InspectReport {
  schema: "rolecall.inspect/1";
  header: object | null;
  issuer: { url: string; kind: string; key_prefix: string } | null;
  claims: {
    name: string;
    value: unknown;
    type: string;
    meaning: string | null;
    condition_key: string | null;
    use: "condition-key" | "checked-by-sts" | "never-offered";
  }[];
  subject: {
    value: string;
    form: "classic" | "immutable" | "template" | "other";
    tail: "branch" | "tag" | "environment" | "pull_request" | "merge_queue" | "other";
    segments: Segment[];
  } | null;
  /** The condition keys of the issuer, those included that this token lacks. */
  keys: { key: string; presence: "present" | "absent" | "unknown"; values: string[] | null; when: string | null }[];
  judged_at: string | null;
  times: { claim: "iat" | "nbf" | "exp"; seconds: number; at: string; relative_seconds: number | null }[];
  checks: Check[];
  warnings: { id: string; message: string }[];
  notes: string[];
}

/** A part of a subject. */
export interface Segment {
  name: string;
  text: string;
  /** `text` without `%3A` and the like. */
  decoded: string;
  start: Position;
  end: Position;
  parts: Segment[];
}

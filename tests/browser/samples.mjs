// Texts to paste. All names are octo-org's, all ids are made up, and no key signed these tokens.

const ISSUER = "https://token.actions.githubusercontent.com";
const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const CLASSIC = "repo:octo-org/octo-repo";
const IMMUTABLE = "repo:octo-org@12345678/octo-repo@4567890123";

const seconds = () => Math.floor(Date.now() / 1000);

/** The claims of a push to main, issued `age` seconds ago. */
export function claims(sub = `${CLASSIC}:ref:refs/heads/main`, more = {}, age = 60) {
  const iat = seconds() - age;
  return {
    iss: ISSUER,
    aud: "sts.amazonaws.com",
    sub,
    iat,
    nbf: iat - 300,
    exp: iat + 300,
    repository: "octo-org/octo-repo",
    repository_owner: "octo-org",
    ref: "refs/heads/main",
    event_name: "push",
    ...more,
  };
}

/** A well-formed token that nobody signed. */
export function token(payload, kid = "no-such-key") {
  const part = (object) => Buffer.from(JSON.stringify(object)).toString("base64url");
  const signature = Buffer.alloc(256, "octo").toString("base64url");
  return `${part({ typ: "JWT", alg: "RS256", kid })}.${part(payload)}.${signature}`;
}

/** A trust policy with one statement, indented as AWS's console does it. */
export function policy(condition) {
  const statement = {
    Effect: "Allow",
    Principal: { Federated: PROVIDER },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: condition,
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2);
}

const key = (name) => `token.actions.githubusercontent.com:${name}`;
export const subLike = (value) =>
  policy({ StringEquals: { [key("aud")]: "sts.amazonaws.com" }, StringLike: { [key("sub")]: value } });
export const subEquals = (value, more = {}) =>
  policy({ StringEquals: { [key("aud")]: "sts.amazonaws.com", [key("sub")]: value }, ...more });

export const json = (value) => JSON.stringify(value, null, 2);

/** The page's states, by name: what to put into the two boxes. */
export const STATES = {
  ready: {},
  denied: { token: json(claims(`${IMMUTABLE}:ref:refs/heads/main`)), policy: subLike(`${CLASSIC}:*`) },
  allowed: {
    token: json(claims(`${IMMUTABLE}:ref:refs/heads/main`)),
    policy: subLike(`${IMMUTABLE}:*`),
  },
  undecided: {
    token: json(claims()),
    policy: subEquals(`${CLASSIC}:ref:refs/heads/main`, {
      IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"] },
    }),
  },
  expired: { token: token(claims(undefined, {}, 3600)), policy: subLike(`${CLASSIC}:*`) },
};

/** A policy without the brace that closes `StringEquals`. */
export const broken = (text) => text.replace(/\n {8}\},\n/, "\n");

/** A policy of about `size` bytes, with one statement a repository. */
export function large(size) {
  const statements = [];
  const one = (n) => JSON.parse(subLike(`repo:octo-org/octo-repo-${n}:ref:refs/heads/*`)).Statement[0];
  while (json({ Version: "2012-10-17", Statement: statements }).length < size) statements.push(one(statements.length));
  return json({ Version: "2012-10-17", Statement: statements });
}

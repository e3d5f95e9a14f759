//! Runs the real binary in a folder of its own.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

const PROVIDER: &str =
    "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const MAIN: &str = "repo:octo-org/octo-repo:ref:refs/heads/main";

/// A folder that is removed at the end.
pub(crate) struct Folder(PathBuf);

/// What a run gave.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("rolecall-cli-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("the temporary folder can be written to");
        Self(path)
    }

    /// A folder with a policy that trusts one branch, and with that branch's claims.
    pub(crate) fn usual() -> Self {
        let folder = Self::new();
        folder.write("trust.json", &policy(&subject_is(MAIN)));
        folder.write("claims.json", &claims(MAIN));
        folder
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        let folder = path.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).expect("the temporary folder can be written to");
        fs::write(path, text).expect("the temporary folder can be written to");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("the file was written before")
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, "", &[])
    }

    pub(crate) fn run_with(&self, args: &[&str], stdin: &str, env: &[(&str, &str)]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command
            .args(args)
            .current_dir(&self.0)
            .envs(env.iter().copied());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("rolecall starts");
        let mut input = child.stdin.take().expect("standard input is a pipe");
        let text = stdin.to_owned();
        // A program that ends before it reads all is no fault of the test.
        let writer = std::thread::spawn(move || drop(input.write_all(text.as_bytes())));
        let output = child.wait_with_output().expect("rolecall ends");
        drop(writer.join());
        Run::of(output)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

impl Run {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("output is UTF-8"),
        }
    }

    pub(crate) fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }

    /// A value in the JSON answer, by its RFC 6901 path.
    pub(crate) fn at(&self, path: &str) -> serde_json::Value {
        let answer: serde_json::Value =
            serde_json::from_str(&self.out).expect("the answer is JSON");
        answer.pointer(path).cloned().unwrap_or_default()
    }
}

pub(crate) fn policy(condition: &str) -> String {
    format!(
        r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Effect": "Allow",
      "Principal": {{"Federated": "{PROVIDER}"}},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {condition}
    }}
  ]
}}
"#
    )
}

pub(crate) fn subject_is(sub: &str) -> String {
    format!(
        r#"{{
        "StringEquals": {{
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": "{sub}"
        }}
      }}"#
    )
}

pub(crate) fn claims(sub: &str) -> String {
    format!(
        r#"{{"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com", "sub": "{sub}"}}"#
    )
}

//! A small HTTP server for a folder of files, on 127.0.0.1.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server as Http};

use crate::files;

/// So many answers are written at once.
const WORKERS: usize = 16;

pub struct Server {
    http: Http,
    folder: PathBuf,
}

impl Server {
    /// Port 0 takes any free one.
    pub fn bind(folder: PathBuf, port: u16) -> Result<Self> {
        let http = Http::http(("127.0.0.1", port))
            .map_err(|error| anyhow!("cannot listen on port {port}: {error}"))?;
        Ok(Self { http, folder })
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.http.server_addr())
    }

    /// Answers requests for as long as the program lives. A browser that stops reading holds up one worker, not all.
    pub fn run(&self) {
        std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| self.work());
            }
        });
    }

    fn work(&self) {
        for request in self.http.incoming_requests() {
            // An error here is a browser that went away.
            let _ = self.answer(request);
        }
    }

    fn answer(&self, request: Request) -> std::io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return request.respond(plain(405, "only GET and HEAD\n"));
        }
        let Some(file) = find(&self.folder, request.url()) else {
            return request.respond(plain(404, "not found\n"));
        };
        match fs::read(&file) {
            Ok(bytes) => request.respond(found(&file, bytes)),
            Err(error) => request.respond(plain(500, &format!("{}: {error}\n", file.display()))),
        }
    }
}

/// The file that `url` names, among those that are there. No path is ever made from what a client sends.
fn find(folder: &Path, url: &str) -> Option<PathBuf> {
    let wanted = match url.split(['?', '#']).next()?.strip_prefix('/')? {
        "" => "index.html",
        path => path,
    };
    let files = files::under(folder).ok()?;
    files.into_iter().find(|file| {
        file.strip_prefix(folder)
            .is_ok_and(|name| name == Path::new(wanted))
    })
}

type Bytes = Response<std::io::Cursor<Vec<u8>>>;

fn found(file: &Path, bytes: Vec<u8>) -> Bytes {
    let kind = mime_guess::from_path(file).first_or_octet_stream();
    with_headers(Response::from_data(bytes), kind.as_ref())
}

fn plain(status: u16, text: &str) -> Bytes {
    with_headers(
        Response::from_data(text).with_status_code(status),
        "text/plain",
    )
}

fn with_headers(mut response: Bytes, kind: &str) -> Bytes {
    // A rebuilt page must not be mixed with the browser's old copies.
    let headers = [
        ("Content-Type", kind),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        // The element is for pages of other origins, and a sandboxed frame has none.
        ("Access-Control-Allow-Origin", "*"),
    ];
    for header in headers
        .iter()
        .filter_map(|(name, value)| Header::from_bytes(*name, *value).ok())
    {
        response.add_header(header);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(url: &str) -> Option<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        find(&folder, url)?
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
    }

    #[test]
    fn a_file_is_found_by_its_name() {
        for url in ["/main.rs", "/main.rs?v=1", "/main.rs#top"] {
            assert_eq!(found(url).as_deref(), Some("main.rs"), "{url}");
        }
    }

    #[test]
    fn nothing_outside_the_folder_is_found() {
        for url in [
            "/../Cargo.toml",
            "/..%2fCargo.toml",
            "//etc/passwd",
            "/..\\Cargo.toml",
            "main.rs",
            "/src",
            "",
        ] {
            assert_eq!(found(url), None, "{url}");
        }
    }

    #[test]
    fn types_are_those_that_browsers_insist_on() {
        let kind = |name: &str| {
            mime_guess::from_path(name)
                .first_or_octet_stream()
                .to_string()
        };
        assert_eq!(kind("a.wasm"), "application/wasm");
        assert_eq!(kind("a.js"), "text/javascript");
        assert_eq!(kind("a.css"), "text/css");
        assert_eq!(kind("a.html"), "text/html");
        assert_eq!(kind("a.svg"), "image/svg+xml");
    }
}

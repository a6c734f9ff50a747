//! Serves the built page from this process, as a static host does.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A static host on a free port of this machine.
#[derive(Debug)]
pub struct Site {
    address: SocketAddr,
    prefix: String,
    closed: Arc<AtomicBool>,
}

impl Site {
    /// Serves the built page below `prefix`: `/` or, for hosting under a sub-path, for example `/tools/stepyard/`.
    ///
    /// # Panics
    /// If the page has not been built, or no port is free.
    #[must_use]
    pub fn start(prefix: &str) -> Site {
        Site::start_in(prefix, &crate::web_dir())
    }

    /// Serves a folder.
    ///
    /// # Panics
    /// If there is no page in it, or no port is free.
    #[must_use]
    pub fn start_in(prefix: &str, folder: &Path) -> Site {
        let folder: Arc<Path> = folder.into();
        assert!(
            folder.join("index.html").is_file(),
            "no built page in {}: run `cargo xtask test` once",
            folder.display()
        );
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let closed = Arc::new(AtomicBool::new(false));
        let site = Site { address, prefix: prefix.to_owned(), closed: Arc::clone(&closed) };
        let prefix: Arc<str> = prefix.into();
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if closed.load(Ordering::Relaxed) {
                    return;
                }
                let (folder, prefix) = (Arc::clone(&folder), Arc::clone(&prefix));
                // One request a connection, one thread each: nothing waits for anything else. A browser that has
                // gone away meanwhile is none of our affair.
                std::thread::spawn(move || drop(answer(connection, &folder, &prefix)));
            }
        });
        site
    }

    /// The page's address, with `path` (a fragment or query, or nothing) appended.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{}{path}", self.address, self.prefix)
    }
}

impl Site {
    /// Answers nothing any more.
    pub fn stop(&self) {
        self.closed.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees it.
        let _ = TcpStream::connect(self.address);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop();
    }
}

fn answer(mut connection: TcpStream, folder: &Path, prefix: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(connection.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let url = request.split(' ').nth(1).unwrap_or_default();
    let found = file_of(url, folder, prefix).and_then(|file| Some((content_type(&file), fs::read(&file).ok()?)));
    let (status, kind, bytes) = match found {
        Some((kind, bytes)) => ("200 OK", kind, bytes),
        None => ("404 Not Found", "text/plain", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nAccess-Control-Allow-Origin: *\r\n\
         Connection: close\r\n\r\n",
        bytes.len()
    );
    connection.write_all(head.as_bytes())?;
    connection.write_all(&bytes)
}

fn file_of(url: &str, folder: &Path, prefix: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix(prefix)?;
    let path = Path::new(if path.is_empty() { "index.html" } else { path });
    path.components().all(|part| matches!(part, Component::Normal(_))).then(|| folder.join(path))
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

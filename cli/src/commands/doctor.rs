//! `asmith doctor`: what is set up, where it comes from, and whether the service can be reached with it. It shows no key.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use activitysmith_kit::call::SERVICE;
use activitysmith_kit::{Error, StreamResponse};
use nix::fcntl::OFlag;
use nix::unistd::{AccessFlags, access};
use serde_json::{Map, Value};

use crate::args::{DoctorArgs, Output};
use crate::client::{self, BUDGET_FILE, KeySource};
use crate::config::{self, Profile};
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{runtime, secret};

/// How long the service may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// A clock may be off by this much without effect; the service gives whole seconds.
const TOLERANCE: Duration = Duration::from_secs(5);

/// What was found, in its order.
#[derive(Default)]
struct Findings {
    facts: Vec<(&'static str, String)>,
    problem: Option<Exit>,
}

impl Findings {
    fn add(&mut self, name: &'static str, text: impl Into<String>) {
        self.facts.push((name, secret::mask(&text.into()).into_owned()));
    }

    /// The first problem decides the exit code.
    fn complain(&mut self, name: &'static str, exit: Exit, text: impl Into<String>) {
        self.add(name, text);
        self.problem.get_or_insert(exit);
    }
}

pub fn run(args: &DoctorArgs, console: Console) -> Result<ExitCode, Failure> {
    let mut findings = Findings::default();
    match config::profile(&args.account) {
        Ok(profile) => examine(args, &profile, &mut findings, console),
        Err(failure) => findings.complain("configuration", failure.exit(), failure.summary()),
    }
    if args.output.output == Output::Json {
        let facts = findings.facts.into_iter().map(|(name, text)| (name.to_lowercase().replace(' ', "_"), text.into()));
        let mut facts: Map<String, Value> = facts.collect();
        facts.insert("healthy".to_owned(), findings.problem.is_none().into());
        console::print_json(&facts)?;
    } else {
        let lines = findings
            .facts
            .iter()
            .map(|(name, text)| format!("{:<15}{}\n", format!("{name}:"), text.replace(char::is_control, " ")));
        console::print(&lines.collect::<Vec<_>>().concat())?;
    }
    Ok(findings.problem.unwrap_or(Exit::Success).into())
}

fn examine(args: &DoctorArgs, profile: &Profile, findings: &mut Findings, console: Console) {
    let origin = if profile.origin.is_empty() { "none" } else { &profile.origin };
    findings.add("configuration", origin);
    let variable = |name: &str| {
        let value = std::env::var_os(name).filter(|value| !value.is_empty());
        value.map(|value| value.to_string_lossy().into_owned())
    };
    let key = match client::key_source(&args.account, profile) {
        KeySource::Flag => "from --api-key",
        KeySource::FileFlag => "from the file of --api-key-file",
        KeySource::Variable => "from ACTIVITYSMITH_API_KEY",
        KeySource::FileVariable => "from the file of ACTIVITYSMITH_API_KEY_FILE",
        KeySource::Profile => "from api_key of the profile",
        KeySource::ProfileFile => "from the file of the profile's api_key_file",
        KeySource::Nowhere => "none",
    };
    findings.add("key", key);
    let base_url =
        args.account.base_url.clone().or_else(|| variable("ACTIVITYSMITH_BASE_URL")).or(profile.base_url.clone());
    findings.add("base URL", base_url.unwrap_or_else(|| SERVICE.to_owned()));
    let proxies =
        ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];
    let proxies: Vec<_> = proxies.into_iter().filter(|name| variable(name).is_some()).collect();
    // Their names alone: an address may hold a password.
    findings.add("proxy", if proxies.is_empty() { "none".to_owned() } else { proxies.join(", ") });
    let authorities = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().find_map(|name| Some((name, variable(name)?)));
    findings.add(
        "certificates",
        match authorities {
            Some((name, path)) => {
                format!("{name}={path}{}", or_problem(open(OpenOptions::new().read(true), path.as_ref())))
            }
            None => "the system's".to_owned(),
        },
    );
    let budget = std::env::var_os(BUDGET_FILE).filter(|path| !path.is_empty()).map(Into::into);
    findings.add(
        "budget file",
        match budget.or(profile.budget_file.clone()) {
            Some(path) => format!("{}{}", path.display(), or_problem(open_budget(&path))),
            None => "none: each process has a budget of its own".to_owned(),
        },
    );
    if variable("ACTIVITYSMITH_DISABLED").is_some() {
        findings.add("disabled", "ACTIVITYSMITH_DISABLED is set");
    }
    if args.offline {
        return;
    }
    if let Err(error) = runtime::room() {
        findings.complain("service", Exit::Unavailable, format!("cannot be asked: {error}"));
        return;
    }
    let client = client::builder(&args.account, profile, console).timeout(PATIENCE).max_retries(0).build_blocking();
    let stream_key = format!("asmith-doctor-{:016x}", fastrand::u64(..));
    let answer = client.and_then(|client| client.live_activities().end_stream(stream_key).send());
    tell(answer, findings);
}

/// What to say of a file that cannot be used. Requests go on without it, so it is no failure.
fn or_problem<T>(used: io::Result<T>) -> String {
    used.err().map(|error| format!(", which cannot be used: {error}")).unwrap_or_default()
}

/// Opens a regular file or a folder. Anything else is not waited for.
fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let file = options.custom_flags(OFlag::O_NONBLOCK.bits()).open(path)?;
    let found = file.metadata()?;
    if found.is_file() || found.is_dir() { Ok(file) } else { Err(io::Error::other("it is not a regular file")) }
}

/// As a request would open it, but that it makes none.
fn open_budget(path: &Path) -> io::Result<()> {
    match open(OpenOptions::new().read(true).write(true), path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Ok(access(folder, AccessFlags::W_OK | AccessFlags::X_OK)?)
        }
        opened => opened.map(drop),
    }
}

/// What the service has made of it.
fn tell(answer: Result<StreamResponse, Error>, findings: &mut Findings) {
    match answer {
        Ok(_) => findings.add("service", "reached, and the key is right"),
        Err(Error::Api(error)) => {
            if error.is_unknown_stream() {
                findings.add("service", "reached, and the key is right");
            } else {
                findings.complain("service", Exit::from(&error.kind), format!("reached, but: {error}"));
            }
            if let Some(date) = error.date.and_then(|date| httpdate::parse_http_date(&date).ok()) {
                tell_clock(date, findings);
            }
        }
        Err(error) => findings.complain("service", Exit::from(&error), error.to_string()),
    }
}

fn tell_clock(date: SystemTime, findings: &mut Findings) {
    let now = SystemTime::now();
    let (off, how) = match now.duration_since(date) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(behind) => (behind.duration(), "behind"),
    };
    if off <= TOLERANCE {
        findings.add("clock", "right");
    } else {
        findings.add("clock", format!("{} s {how} the service's", off.as_secs()));
    }
}

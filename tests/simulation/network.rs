//! The network between a program and the service: what becomes of each request on its way there and back.

use std::time::Duration;

use activitysmith_kit::call::Response;
use activitysmith_kit::call::TransportError;
use activitysmith_kit::publish::Rules;
use fastrand::Rng;
use serde_json::{Value, json};

use crate::coverage::{Fault, Phase};

/// What comes back.
#[derive(Clone, Debug)]
pub enum Back {
    /// What the service answers.
    Answer,
    /// An answer of something in between.
    Instead(u16, Option<u64>, String),
    NoConnection,
    Broken,
    Silence,
}

/// What becomes of one request, in times since it was sent.
#[derive(Clone, Debug)]
pub struct Fate {
    pub fault: Option<Fault>,
    /// When it reaches the service, if ever.
    pub arrives: Option<Duration>,
    /// When its sender knows more, and what.
    pub settles: Duration,
    pub back: Back,
}

/// How bad the network is.
#[derive(Clone, Debug)]
pub struct Network {
    /// How many of a hundred requests meet a fault, by phase.
    pub percent: [u8; 3],
    /// All requests meet this fault until then.
    pub outage: Option<(Fault, Duration)>,
}

/// Those that befall single requests; the service's users, clocks and restarts make the others.
const OF_REQUESTS: [Fault; 16] = [
    Fault::Unreachable,
    Fault::LostBefore,
    Fault::LostAfter,
    Fault::Slow,
    Fault::TooLate,
    Fault::TooMany,
    Fault::TooManyBlind,
    Fault::Capacity,
    Fault::ServerBefore,
    Fault::ServerAfter,
    Fault::BadRequest,
    Fault::Circuit,
    Fault::Forbidden,
    Fault::Nobody,
    Fault::Unreadable,
    Fault::Forgotten,
];

/// Those that befall all requests for a while.
const OUTAGES: [Fault; 5] =
    [Fault::Unreachable, Fault::LostBefore, Fault::LostAfter, Fault::ServerBefore, Fault::ServerAfter];

impl Network {
    pub const HEALED: Self = Self { percent: [0; 3], outage: None };

    pub fn some(random: &mut Rng) -> Self {
        match random.u8(..10) {
            0..2 => Self::HEALED,
            2..5 => Self { percent: [20, 5, 20], outage: None },
            _ => Self { percent: [45, 18, 45], outage: None },
        }
    }

    pub fn is_calm(&self) -> bool {
        self.percent == [0; 3]
    }

    /// All goes wrong in the same way for up to ten minutes.
    pub fn break_down(&mut self, now: Duration, random: &mut Rng) {
        let fault = *random.choice(&OUTAGES).expect("there are some");
        self.outage = Some((fault, now + Duration::from_secs(random.u64(5..600))));
    }

    pub fn fate(&self, method: &'static str, phase: Phase, now: Duration, timeout: Duration, random: &mut Rng) -> Fate {
        let outage = self.outage.filter(|(_, until)| now < *until).map(|(fault, _)| fault);
        let meets = random.u8(..100) < self.percent[phase as usize];
        let fault = outage.or_else(|| meets.then(|| *random.choice(&OF_REQUESTS).expect("there are some")));
        let trip = Duration::from_millis(random.u64(20..200)).min(timeout / 2);
        let fate = |arrives, settles, back| Fate { fault, arrives, settles, back };
        let answered = |back| fate(None, trip, back);
        let Some(fault) = fault else {
            return fate(Some(trip / 2), trip, Back::Answer);
        };
        match fault {
            Fault::Unreachable => answered(Back::NoConnection),
            Fault::LostBefore if random.bool() => answered(Back::Broken),
            Fault::LostBefore => fate(None, timeout, Back::Silence),
            Fault::LostAfter if random.bool() => fate(Some(trip / 2), trip, Back::Broken),
            Fault::LostAfter => fate(Some(trip / 2), timeout, Back::Silence),
            Fault::Slow => {
                let settles = timeout.mul_f64(random.f64() * 0.9) + timeout / 20;
                fate(Some(settles.mul_f64(random.f64())), settles, Back::Answer)
            }
            // The driver finds out by itself.
            Fault::Forgotten => fate(Some(trip / 2), timeout + Rules::default().request_lateness, Back::Silence),
            Fault::TooLate => fate(Some(timeout + Duration::from_secs(random.u64(1..30))), timeout, Back::Silence),
            Fault::ServerAfter => fate(Some(trip / 2), trip, instead(503, None, &json!({"error": "overloaded"}))),
            // To an end, a 404 says that there is nothing to end.
            Fault::Nobody if method == "DELETE" => answered(instead(422, None, &label("No recipients found"))),
            other => answered(refusal(other, random)),
        }
    }
}

fn instead(status: u16, retry_after: Option<u64>, body: &Value) -> Back {
    Back::Instead(status, retry_after, body.to_string())
}

fn label(text: &str) -> Value {
    json!({"error": text, "message": "as the simulation wants it"})
}

/// An answer of a service, or of something before it, that has not done what was asked.
fn refusal(fault: Fault, random: &mut Rng) -> Back {
    match fault {
        Fault::TooMany => instead(429, Some(random.u64(0..90)), &label("Rate limit exceeded")),
        Fault::TooManyBlind => instead(429, None, &label("Rate limit exceeded")),
        Fault::Capacity => {
            instead(429, None, &json!({"error": "Live Activity limit reached", "limit": 5, "active": 5}))
        }
        Fault::ServerBefore => instead(*random.choice(&[408, 500, 502, 503]).expect("some"), None, &label("trouble")),
        Fault::BadRequest => instead(400, None, &label("Invalid content_state")),
        Fault::Circuit => instead(*random.choice(&[401, 402]).expect("some"), None, &label("Unauthorized")),
        Fault::Forbidden => instead(403, None, &label("Invalid channel targeting")),
        Fault::Nobody => instead(*random.choice(&[404, 422]).expect("some"), None, &label("No recipients found")),
        Fault::Unreadable => Back::Instead(200, None, "<html>Log in to this network</html>".to_owned()),
        other => unreachable!("{other:?} is not an answer"),
    }
}

impl Back {
    /// What the sender is told, given the service's answer if there is one.
    pub fn told(&self, answer: Option<Response>) -> Result<Response, TransportError> {
        match self {
            Self::Answer => answer.ok_or_else(TransportError::timeout),
            Self::Instead(status, retry_after, body) => {
                let headers = retry_after.map(|seconds| ("retry-after".to_owned(), seconds.to_string()));
                Ok(Response {
                    status: *status,
                    headers: headers.into_iter().collect(),
                    body: body.clone().into_bytes(),
                })
            }
            Self::NoConnection => Err(TransportError::connect("refused")),
            Self::Broken => Err(TransportError::interrupted("reset")),
            Self::Silence => Err(TransportError::timeout()),
        }
    }
}

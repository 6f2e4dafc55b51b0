//! Requests on their way: from a client through the network to the service, and its answer back.

use std::time::Duration;

use activitysmith_emulator::ApiRequest;
use activitysmith_kit::api::{END_STREAM, STREAM};
use activitysmith_kit::call::{Exchange, Next, RetryPolicy, TransportError};
use activitysmith_kit::call::{Request, Response};
use activitysmith_kit::publish::driver::Outgoing;
use activitysmith_kit::{Error, Operation, StreamResponse};

use crate::coverage::{Fault, Phase};
use crate::judge::{Broken, Stage};
use crate::network::Fate;
use crate::world::{Event, World};

/// A request under way.
pub struct InFlight {
    pub client: usize,
    pub run: u32,
    /// What the driver calls it, unless it is none of a driver's.
    number: Option<u64>,
    /// The publisher that makes it, unless it is a direct call.
    pub record: Option<usize>,
    pub request: Request,
    /// What the judge takes the answer for.
    exchange: Exchange,
    fate: Fate,
    at: Duration,
    has_arrived: bool,
    answer: Option<Response>,
}

impl World {
    /// A driver has given out a request.
    pub fn send(&mut self, client: usize, send: Outgoing) {
        let Outgoing { request: number, op, http, timeout, .. } = send;
        let body = http.body.as_deref().unwrap_or(b"{}");
        let stream_key = http.path.rsplit('/').next().unwrap_or_default();
        let request = match http.method {
            "PUT" => Request::from_json(&STREAM, stream_key, body),
            _ => Request::from_json(&END_STREAM, stream_key, body),
        };
        let mut request = request.expect("what is sent breaks no rule");
        (request.path, request.body) = (http.path, http.body);
        let (run, account) = (self.clients[client].run, self.clients[client].account);
        self.judge.numbers((client, run), number, op.is_some());
        let record = if op.is_some() { None } else { self.judge.owner(account, &request.key) };
        self.launch(client, Some(number), record, request, timeout);
    }

    fn launch(
        &mut self,
        client: usize,
        number: Option<u64>,
        record: Option<usize>,
        request: Request,
        timeout: Duration,
    ) {
        let (run, flight) = (self.clients[client].run, self.flights.len());
        let mut phase = Phase::Running;
        if let Some(record) = record {
            let limit = self.limits.account_per_minute.unwrap_or(u32::MAX);
            let account = self.clients[client].account;
            let shares = self.accounts[account].store.as_ref().is_some_and(|store| store.is_steady);
            self.judge.sends((client, run), record, flight, &request, limit, shares);
            phase = self.judge.records[record].phase();
        }
        let fate = self.network.fate(request.spec.method, phase, self.now, timeout, &mut self.random);
        self.coverage.requests += u64::from(record.is_some());
        if let Some(fault) = fate.fault.filter(|_| record.is_some()) {
            self.coverage.hit(fault, phase);
        }
        self.say(|| {
            let body = request.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
            let method = request.spec.method;
            format!("#{flight} {method} {} {body} meets {:?}", request.key, fate.fault)
        });
        if let Some(arrives) = fate.arrives {
            self.after(arrives, Event::Arrive(flight));
        }
        self.after(fate.settles, Event::Settle(flight));
        let exchange = Exchange::new(request.clone(), RetryPolicy { max_retries: 0 }, timeout, self.clocks());
        self.flights.push(InFlight {
            client,
            run,
            number,
            record,
            request,
            exchange,
            fate,
            at: self.now,
            has_arrived: false,
            answer: None,
        });
    }

    /// The bytes of a request go into the service, and those of its answer come out.
    pub fn call(&mut self, account: usize, request: &Request) -> Response {
        let authorization = format!("Bearer {}", self.accounts[account].api_key);
        let body = request.body.as_deref().unwrap_or_default();
        let call = ApiRequest::new(request.spec.method, &request.path, &authorization, body);
        let answer = self.service.handle(self.timestamp(), &call);
        let headers = answer.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Response { status: answer.status, headers, body: answer.body }
    }

    pub fn arrive(&mut self, index: usize) {
        let InFlight { client, record, at, .. } = self.flights[index];
        self.flights[index].has_arrived = true;
        let account = self.clients[client].account;
        let request = self.flights[index].request.clone();
        let Some(record) = record else {
            self.flights[index].answer = Some(self.call(account, &request));
            return;
        };
        let phase = self.judge.records[record].phase();
        for other in &self.flights[index.saturating_sub(50)..index] {
            let is_overtaken = other.fate.arrives.is_some() && !other.has_arrived && other.at <= at;
            if let Some(overtaken) = other.record.filter(|other| is_overtaken && *other != record)
                && other.client == client
            {
                self.coverage.hit(Fault::Overtaken, self.judge.records[overtaken].phase());
            }
        }
        self.meet_user(account, record, phase, true);
        let stream = (account, request.key.clone());
        let age = self.activities.get(&stream).map(|since| self.now.saturating_sub(*since));
        let answer = self.call(account, &request);
        self.say(|| format!("#{index} is answered {} {}", answer.status, String::from_utf8_lossy(&answer.body)));
        self.note_refusal(account, &answer);
        if answer.status == 200 {
            let done: StreamResponse = serde_json::from_slice(&answer.body).expect("the service speaks JSON");
            if age.is_some_and(|age| age >= Duration::from_secs(8 * 3_600 - 300)) {
                self.coverage.hit(Fault::Expired, phase);
            } else if done.operation == Operation::Rotated {
                self.coverage.hit(Fault::Rotated, phase);
            }
            match done.operation {
                Operation::Started | Operation::Rotated => drop(self.activities.insert(stream, self.now)),
                Operation::Ended => drop(self.activities.remove(&stream)),
                _ => {}
            }
            self.judge.applied(record, index, &request, &done);
            self.meet_user(account, record, phase, false);
        }
        self.flights[index].answer = Some(answer);
    }

    /// How old the activity of a stream is, if one runs.
    pub fn activity_age(&self, account: usize, stream_key: &str) -> Option<Duration> {
        let since = self.activities.get(&(account, stream_key.to_owned()))?;
        Some(self.now.saturating_sub(*since))
    }

    fn note_refusal(&mut self, account: usize, answer: &Response) {
        let text = String::from_utf8_lossy(&answer.body);
        match answer.status {
            429 if text.contains("\"limit\"") => self.coverage.no_room += 1,
            429 => {
                self.coverage.crowded_out += 1;
                let alone = self.clients.iter().filter(|client| client.account == account).count() == 1;
                let share = self.accounts[account].store.as_ref().is_some_and(|store| store.is_steady);
                if (alone || share) && self.network.is_calm() && self.now > self.accounts[account].others_until {
                    self.judge.find(Broken::OverTheLimit, format!("account {account}: {text}"));
                }
            }
            422 => self.coverage.unpaired += 1,
            _ => {}
        }
    }

    /// What the sender of a request is told.
    fn told(&self, index: usize) -> Result<Response, TransportError> {
        let flight = &self.flights[index];
        let told = flight.fate.back.told(flight.answer.clone());
        let is_refused = told.as_ref().is_ok_and(|answer| [401, 402].contains(&answer.status));
        if self.sabotage.ignores_pauses() && flight.record.is_some() && is_refused {
            return Err(TransportError::connect("sabotage"));
        }
        told
    }

    fn outcome(&mut self, index: usize) -> Result<StreamResponse, Error> {
        let (told, now) = (self.told(index), self.clocks());
        match self.flights[index].exchange.proceed(told, now, 0.0) {
            Next::Done(outcome) => outcome.map(Into::into),
            Next::RetryAfter(_) => unreachable!("the judge reads one answer"),
        }
    }

    pub fn settle(&mut self, index: usize) {
        let InFlight { client, run, number, record, .. } = self.flights[index];
        if self.clients[client].run != run {
            return;
        }
        let mut outcome = self.outcome(index);
        let request = self.flights[index].request.clone();
        if let Some(record) = record {
            let is_open = self.judge.records[record].stage < Stage::Over;
            let repeats = self.sabotage.repeats_alerts() && request.carries_alert() && outcome.is_err();
            if repeats && is_open && self.flights[index].has_arrived {
                self.arrive(index);
                outcome = self.outcome(index);
            }
            if self.sabotage.ignores_pauses() && [401, 402].contains(&self.status(index)) {
                self.judge.refused((client, run));
            }
        }
        let in_words = outcome.as_ref().map_or_else(ToString::to_string, |done| done.operation.to_string());
        self.say(|| format!("#{index} settles: {in_words}"));
        if let Some(record) = record {
            self.judge.told(record, index, &request, &outcome);
            self.judge.heard((client, run), &outcome);
        }
        if let Some(number) = number {
            self.judge.answered((client, run), number);
            if self.flights[index].fate.fault != Some(Fault::Forgotten) {
                self.hand_in(index, number);
            }
        }
        self.drive(client);
        if let Some(record) = record
            && self.sabotage.sends_after_the_end()
            && self.judge.records[record].stage == Stage::Over
        {
            let late =
                Request::from_json(&STREAM, &request.key, br#"{"content_state": {"title": "late", "percentage": 1}}"#);
            let late = late.expect("it breaks no rule");
            self.launch(client, None, Some(record), late, Duration::from_secs(10));
        }
    }

    /// Hands an answer to the driver. One that is handed in again changes nothing.
    fn hand_in(&mut self, index: usize, number: u64) {
        let InFlight { client, record, .. } = self.flights[index];
        let (now, chance) = (self.clocks(), self.random.f64());
        let answer = self.told(index);
        self.clients[client].driver.answered(number, answer, now, chance);
        let live = self.jobs.iter().filter_map(|job| job.live).find(|live| Some(live.record) == record);
        if let Some(live) = live.filter(|_| self.random.u8(..50) == 0) {
            let before = self.clients[client].driver.counters(live.handle);
            let again = self.told(index);
            self.clients[client].driver.answered(number, again, now, chance);
            let after = self.clients[client].driver.counters(live.handle);
            if before != after {
                self.judge.find(Broken::NumberReused, format!("#{index} counts twice: {before:?}, {after:?}"));
            }
        }
    }

    fn status(&self, index: usize) -> u16 {
        let flight = &self.flights[index];
        flight.fate.back.told(flight.answer.clone()).map_or(0, |answer| answer.status)
    }
}

//! Requests on their way: from a publisher through the network to the service, and its answer back.

use std::time::{Duration, SystemTime};

use activitysmith_emulator::engine::ApiRequest;
use activitysmith_kit::exchange::{Exchange, Next, Now, TransportError};
use activitysmith_kit::publish::PublisherId;
use activitysmith_kit::wire::{Request, Response};
use activitysmith_kit::{Error, Operation, RetryPolicy, StreamResponse};

use crate::coverage::Fault;
use crate::judge::{Broken, Stage};
use crate::network::Fate;
use crate::world::{Event, World};

/// A request under way.
pub struct Flight {
    pub client: usize,
    pub run: u32,
    pub publisher: PublisherId,
    pub record: usize,
    pub request: Request,
    exchange: Exchange,
    fate: Fate,
    at: Duration,
    has_arrived: bool,
    answer: Option<Response>,
}

impl World {
    pub fn send(&mut self, client: usize, publisher: PublisherId, record: usize, request: Request, timeout: Duration) {
        let (run, flight) = (self.clients[client].run, self.flights.len());
        let limit = self.limits.account_per_minute.unwrap_or(u32::MAX);
        self.judge.sends((client, run), record, flight, &request, limit);
        let phase = self.judge.records[record].phase();
        let fate = self.network.fate(request.method, phase, self.now, timeout, &mut self.random);
        self.coverage.requests += 1;
        if let Some(fault) = fate.fault {
            self.coverage.hit(fault, phase);
        }
        self.say(|| {
            let body = request.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
            let method = request.method.as_str();
            format!("#{flight} {method} {} {body} meets {:?}", request.stream_key(), fate.fault)
        });
        if let Some(arrives) = fate.arrives {
            self.after(arrives, Event::Arrive(flight));
        }
        self.after(fate.settles, Event::Settle(flight));
        let exchange = Exchange::new(request.clone(), RetryPolicy { max_retries: 0 }, timeout, self.clocks());
        self.flights.push(Flight {
            client,
            run,
            publisher,
            record,
            request,
            exchange,
            fate,
            at: self.now,
            has_arrived: false,
            answer: None,
        });
    }

    fn clocks(&self) -> Now {
        Now { monotonic: self.now, wall: SystemTime::UNIX_EPOCH + Duration::from_millis(self.timestamp().as_millis()) }
    }

    /// The bytes of a request go into the service, and those of its answer come out.
    pub fn call(&mut self, account: usize, request: &Request) -> Response {
        let authorization = format!("Bearer {}", self.accounts[account].api_key);
        let body = request.body.as_deref().unwrap_or_default();
        let call = ApiRequest::new(request.method.as_str(), &request.path, &authorization, body);
        let answer = self.engine.handle(self.timestamp(), &call);
        let headers = answer.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Response { status: answer.status, headers, body: answer.body }
    }

    pub fn arrive(&mut self, index: usize) {
        let Flight { client, record, at, .. } = self.flights[index];
        self.flights[index].has_arrived = true;
        let account = self.clients[client].account;
        let phase = self.judge.records[record].phase();
        for other in &self.flights[index.saturating_sub(50)..index] {
            let is_overtaken = other.fate.arrives.is_some() && !other.has_arrived && other.at <= at;
            if is_overtaken && other.client == client && other.record != record {
                self.coverage.hit(Fault::Overtaken, self.judge.records[other.record].phase());
            }
        }
        self.meet_user(account, record, phase, true);
        let request = self.flights[index].request.clone();
        let stream = (account, request.stream_key().to_owned());
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
                if alone && self.network.is_calm() && self.now > self.accounts[account].others_until {
                    self.judge.find(Broken::OverTheLimit, format!("account {account}: {text}"));
                }
            }
            422 => self.coverage.unpaired += 1,
            _ => {}
        }
    }

    /// A call of somebody else, read as a client reads it.
    pub fn call_for(&mut self, account: usize, request: Request) -> Result<StreamResponse, Error> {
        let answer = self.call(account, &request);
        let now = self.clocks();
        let mut exchange = Exchange::new(request, RetryPolicy { max_retries: 0 }, Duration::from_secs(10), now);
        match exchange.proceed(Ok(answer), now, 0.0) {
            Next::Done(outcome) => outcome,
            Next::RetryAfter(_) => unreachable!("it is sent once"),
        }
    }

    pub fn settle(&mut self, index: usize) {
        let now = self.clocks();
        let flight = &mut self.flights[index];
        let mut told = flight.fate.back.told(flight.answer.take());
        if self.sabotage.ignores_pauses() && told.as_ref().is_ok_and(|answer| [401, 402].contains(&answer.status)) {
            self.judge.refused((flight.client, flight.run));
            told = Err(TransportError::connect("sabotage"));
        }
        let Next::Done(outcome) = flight.exchange.proceed(told, now, 0.0) else { unreachable!("it is sent once") };
        let Flight { client, run, publisher, record, .. } = *flight;
        let request = flight.request.clone();
        if self.clients[client].run != run {
            return;
        }
        let in_words = outcome.as_ref().map_or_else(ToString::to_string, |done| done.operation.to_string());
        self.say(|| format!("#{index} settles: {in_words}"));
        let sabotage = self.sabotage;
        if sabotage.repeats_alerts()
            && request.carries_alert
            && self.flights[index].has_arrived
            && outcome.is_err()
            && self.judge.records[record].stage < Stage::Over
        {
            self.judge.told(record, index, &request, &outcome);
            return self.send(client, publisher, record, request, Duration::from_secs(10));
        }
        self.judge.told(record, index, &request, &outcome);
        self.judge.heard((client, run), &outcome);
        let jitter = self.random.f64();
        let acknowledges = outcome.is_ok();
        let one = &mut self.clients[client];
        one.dispatcher.settle(publisher, outcome, self.now, jitter, &mut one.budget);
        if acknowledges && self.judge.records[record].stage == Stage::Open {
            self.check_acknowledged(client, publisher, record, &request);
        }
        self.drive(client);
        if sabotage.sends_after_the_end() && self.judge.records[record].stage == Stage::Over {
            let late =
                Request::stream_json(request.stream_key(), br#"{"content_state": {"title": "late", "percentage": 1}}"#);
            self.send(client, publisher, record, late.expect("it breaks no rule"), Duration::from_secs(10));
        }
    }
}

//! Sphinx packets between the crate sphinx-packet 0.1.0 and ours, which answers as a program (sphinx_peer.cc).
//!
//!     sphinx PEER CASES SEED
//!
//! Every packet is peeled by both at every hop, and both must get the same bytes or refuse it with the same kind of error.

use sphinx_packet::constants;
use sphinx_packet::crypto::{PrivateKey, PublicKey};
use sphinx_packet::error::{Error, ErrorKind};
use sphinx_packet::header::delays::Delay;
use sphinx_packet::packet::builder::SphinxPacketBuilder;
use sphinx_packet::packet::{ProcessedPacket, SphinxPacket};
use sphinx_packet::route::{Destination, DestinationAddressBytes, Node, NodeAddressBytes};
use sphinx_packet::surb::{SURBMaterial, SURB};
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Payload sizes that the protocol uses: acknowledgement, regular and the extended ones, and two odd ones.
const PAYLOAD_SIZES: [usize; 6] = [38, 33, 2065, 8209, 16401, 32785];

/// xorshift64*: what is tried depends on the seed alone.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 16) as usize % bound
    }
    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| (self.next() >> 32) as u8).collect()
    }
    fn array<const N: usize>(&mut self) -> [u8; N] {
        self.bytes(N).try_into().unwrap()
    }
}

/// What a hop makes of a packet.
#[derive(Debug, PartialEq)]
enum Peeled {
    Forward { next: [u8; 32], delay: u64, packet: Vec<u8> },
    Final { destination: [u8; 32], identifier: [u8; 16], plaintext: Vec<u8> },
    Refused(u8),
}

struct Ours {
    child: Child,
    to: Option<ChildStdin>,
    from: ChildStdout,
}

impl Ours {
    fn start(program: &str) -> Ours {
        let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("our program");
        let (to, from) = (child.stdin.take(), child.stdout.take().unwrap());
        Ours { child, to, from }
    }

    fn ask(&mut self, parts: &[&[u8]]) -> Result<Vec<u8>, u8> {
        let request = parts.concat();
        let to = self.to.as_mut().unwrap();
        to.write_all(&[&(request.len() as u32).to_be_bytes()[..], &request].concat()).unwrap();
        to.flush().unwrap();
        let mut size = [0; 4];
        self.from.read_exact(&mut size).expect("our program has ended");
        let mut answer = vec![0; u32::from_be_bytes(size) as usize];
        self.from.read_exact(&mut answer).unwrap();
        match answer[0] {
            0 => Ok(answer.split_off(1)),
            code => Err(code),
        }
    }

    fn make(&mut self, case: &Case) -> Vec<u8> {
        self.ask(&[b"m", &(case.payload_size as u32).to_be_bytes(), &case.plan(), &case.plaintext]).expect("our packet")
    }

    fn peel(&mut self, key: &[u8; 32], packet: &[u8]) -> Peeled {
        let content = match self.ask(&[b"p", key, packet]) {
            Ok(content) => content,
            Err(code) => return Peeled::Refused(code),
        };
        if content[0] == b'f' {
            Peeled::Forward {
                next: content[1..33].try_into().unwrap(),
                delay: u64::from_be_bytes(content[33..41].try_into().unwrap()),
                packet: content[41..].to_vec(),
            }
        } else {
            Peeled::Final {
                destination: content[1..33].try_into().unwrap(),
                identifier: content[33..49].try_into().unwrap(),
                plaintext: content[49..].to_vec(),
            }
        }
    }

    fn end(mut self) {
        self.to = None;
        assert!(self.child.wait().unwrap().success(), "our program failed");
    }
}

fn code_of(error: Error) -> u8 {
    match error.kind() {
        ErrorKind::InvalidPacket => 1,
        ErrorKind::InvalidHeader => 2,
        ErrorKind::InvalidRouting => 3,
        ErrorKind::InvalidPayload => 4,
        ErrorKind::InvalidSURB => 5,
    }
}

/// One hop of the crate: from bytes to bytes.
fn peel_by_crate(key: &[u8; 32], packet: &[u8]) -> Peeled {
    let processed = SphinxPacket::from_bytes(packet).and_then(|packet| packet.process(&PrivateKey::from(*key)));
    match processed {
        Err(error) => Peeled::Refused(code_of(error)),
        Ok(ProcessedPacket::ForwardHop(packet, next, delay)) => {
            Peeled::Forward { next: next.as_bytes(), delay: delay.to_nanos(), packet: packet.to_bytes() }
        }
        Ok(ProcessedPacket::FinalHop(destination, identifier, payload)) => match payload.recover_plaintext() {
            Err(error) => Peeled::Refused(code_of(error)),
            Ok(plaintext) => Peeled::Final { destination: destination.as_bytes(), identifier, plaintext },
        },
    }
}

/// Everything that is drawn for one packet.
struct Case {
    secret: [u8; 32],
    addresses: Vec<[u8; 32]>,
    keys: Vec<[u8; 32]>,
    delays: Vec<u64>,
    destination: [u8; 32],
    identifier: [u8; 16],
    payload_size: usize,
    plaintext: Vec<u8>,
}

impl Case {
    fn draw(dice: &mut Dice) -> Case {
        let hops = 1 + dice.below(constants::MAX_PATH_LENGTH);
        let sizes = if dice.below(8) == 0 { 6 } else { 3 };
        let payload_size = PAYLOAD_SIZES[dice.below(sizes)];
        let longest = payload_size - 17;
        let size = if dice.below(4) == 0 { longest } else { dice.below(longest + 1) };
        Case {
            secret: dice.array(),
            addresses: (0..hops).map(|_| dice.array()).collect(),
            keys: (0..hops).map(|_| dice.array()).collect(),
            delays: (0..hops).map(|_| if dice.below(8) == 0 { dice.next() } else { dice.next() >> 34 }).collect(),
            destination: dice.array(),
            identifier: if dice.below(2) == 0 { [0; 16] } else { dice.array() },
            payload_size,
            plaintext: dice.bytes(size),
        }
    }

    fn public_key(&self, hop: usize) -> PublicKey {
        PublicKey::from(&PrivateKey::from(self.keys[hop]))
    }

    fn plan(&self) -> Vec<u8> {
        let mut out = self.secret.to_vec();
        out.push(self.keys.len() as u8);
        for hop in 0..self.keys.len() {
            out.extend(self.addresses[hop]);
            out.extend(self.public_key(hop).as_bytes());
            out.extend(self.delays[hop].to_be_bytes());
        }
        out.extend(self.destination);
        out.extend(self.identifier);
        out
    }

    fn route(&self) -> Vec<Node> {
        (0..self.keys.len())
            .map(|hop| Node::new(NodeAddressBytes::from_bytes(self.addresses[hop]), self.public_key(hop)))
            .collect()
    }

    fn delays(&self) -> Vec<Delay> {
        self.delays.iter().map(|nanos| Delay::new_from_nanos(*nanos)).collect()
    }

    fn destination(&self) -> Destination {
        Destination::new(DestinationAddressBytes::from_bytes(self.destination), self.identifier)
    }

    fn make_by_crate(&self) -> Vec<u8> {
        let secret = PrivateKey::from(self.secret);
        SphinxPacketBuilder::new()
            .with_payload_size(self.payload_size)
            .with_initial_secret(&secret)
            .build_packet(&self.plaintext, &self.route(), &self.destination(), &self.delays())
            .expect("the crate's packet")
            .to_bytes()
    }
}

#[derive(Default)]
struct Counts {
    peeled: usize,
    refused: usize,
}

/// Both peel; the result must be the same.
fn peel_by_both(ours: &mut Ours, counts: &mut Counts, key: &[u8; 32], packet: &[u8]) -> Peeled {
    let by_us = ours.peel(key, packet);
    let by_crate = peel_by_crate(key, packet);
    assert!(by_us == by_crate, "ours: {by_us:x?}\nthe crate's: {by_crate:x?}\nkey {key:x?}\npacket {packet:x?}");
    match by_us {
        Peeled::Refused(_) => counts.refused += 1,
        _ => counts.peeled += 1,
    }
    by_us
}

/// Takes a packet along its whole route and expects its content at the end. Returns it as it was at every hop.
fn walk(ours: &mut Ours, counts: &mut Counts, case: &Case, first: Vec<u8>) -> Vec<Vec<u8>> {
    let mut seen = vec![first];
    let last = case.keys.len() - 1;
    for hop in 0..=last {
        match peel_by_both(ours, counts, &case.keys[hop], &seen[hop]) {
            Peeled::Forward { next, delay, packet } => {
                assert!(hop < last, "a forward hop at the end");
                assert_eq!((next, delay), (case.addresses[hop + 1], case.delays[hop]));
                seen.push(packet);
            }
            Peeled::Final { destination, identifier, plaintext } => {
                assert_eq!(hop, last);
                assert_eq!((destination, identifier), (case.destination, case.identifier));
                assert!(plaintext == case.plaintext, "the content has changed");
            }
            Peeled::Refused(code) => panic!("hop {hop} of {} refused a good packet: {code}", last + 1),
        }
    }
    seen
}

/// The same packet damaged at some hop: both must agree on what becomes of it, to its end.
fn walk_damaged(ours: &mut Ours, counts: &mut Counts, dice: &mut Dice, case: &Case, seen: &[Vec<u8>]) {
    let start = dice.below(seen.len());
    let mut packet = seen[start].clone();
    match dice.below(8) {
        0 => packet.truncate(dice.below(packet.len())),
        1 => packet = dice.bytes(packet.len()),
        2 => {
            let more = 1 + dice.below(40);
            packet.extend(dice.bytes(more));
        }
        _ => {
            let bound = if dice.below(2) == 0 { 348 } else { packet.len() };
            packet[dice.below(bound)] ^= 1 << dice.below(8);
        }
    }
    for key in &case.keys[start..] {
        match peel_by_both(ours, counts, key, &packet) {
            Peeled::Forward { packet: next, .. } => packet = next,
            _ => break,
        }
    }
}

/// Made by one, serialised, used by the other, peeled by both.
fn reply_blocks(ours: &mut Ours, counts: &mut Counts, case: &Case) {
    let material = SURBMaterial::new(case.route(), case.delays(), case.destination());
    let by_crate = SURB::new(PrivateKey::from(case.secret), material).expect("the crate's reply block").to_bytes();
    let by_us = ours.ask(&[b"s", &case.plan()]).expect("our reply block");
    assert_eq!(by_crate.len(), by_us.len());
    assert_eq!(by_crate[..32], by_us[..32], "the first public element");
    assert_eq!(by_crate[348..], by_us[348..], "first hop and payload keys");

    let sizes = [(case.payload_size as u32).to_be_bytes(), (by_crate.len() as u32).to_be_bytes()];
    let used = ours.ask(&[b"u", &sizes[0], &sizes[1], &by_crate, &case.plaintext]).expect("we use the crate's");
    assert_eq!(used[..32], case.addresses[0]);
    walk(ours, counts, case, used[32..].to_vec());

    let block = SURB::from_bytes(&by_us).expect("the crate reads ours");
    let (packet, first) = block.use_surb(&case.plaintext, case.payload_size).expect("the crate uses ours");
    assert_eq!(first.as_bytes(), case.addresses[0]);
    walk(ours, counts, case, packet.to_bytes());
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (cases, seed): (usize, u64) = (arguments[1].parse().unwrap(), arguments[2].parse().unwrap());
    println!("{cases} cases of seed {seed}");
    let mut ours = Ours::start(&arguments[0]);
    let mut dice = Dice(seed | 1 << 63);
    let mut counts = Counts::default();
    for _ in 0..cases {
        let case = Case::draw(&mut dice);
        let (by_us, by_crate) = (ours.make(&case), case.make_by_crate());
        assert_eq!(by_us.len(), by_crate.len());
        assert_eq!(by_us[..32], by_crate[..32], "the first public element");
        assert!(by_us[348..] == by_crate[348..], "the payload under all its layers");
        for made in [by_us, by_crate] {
            let seen = walk(&mut ours, &mut counts, &case, made);
            walk_damaged(&mut ours, &mut counts, &mut dice, &case, &seen);
        }
        reply_blocks(&mut ours, &mut counts, &case);
    }
    ours.end();
    println!("ours to the crate's and back: {} packets and {} reply blocks each way", cases, cases);
    println!("peeled alike {}, refused alike {}", counts.peeled, counts.refused);
    assert!(counts.refused > 0, "nothing was ever refused");
}

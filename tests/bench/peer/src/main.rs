//! What a hop, a packet and a whole chunk cost with the crate sphinx-packet 0.1.0: nanoseconds of processor time, as JSON.
//!
//!     nym-bench-peer MILLISECONDS
//!
//! The work is that of tests/bench/sample_packets.cc: three mixnodes and a gateway, drawn anew for each packet, regular size.
//! A chunk is the packet of its acknowledgement, a key pair and an agreement for its fragment, and its own packet; the
//! fragment's symmetric encryption is left out, in the crate's favour. The steps take turns, and of the turns the median
//! counts.

use sphinx_packet::crypto::{keygen, EphemeralSecret, PrivateKey, PublicKey};
use sphinx_packet::header::delays::Delay;
use sphinx_packet::packet::builder::SphinxPacketBuilder;
use sphinx_packet::packet::{ProcessedPacket, SphinxPacket};
use sphinx_packet::route::{Destination, DestinationAddressBytes, Node, NodeAddressBytes};
use std::hint::black_box;

const LAYERS: [usize; 4] = [8, 8, 8, 2];
const REGULAR: usize = 2065;
const ACK: usize = 38;
const ACK_BYTES: usize = 21;
const FRAGMENT: usize = 1611;
const DISTINCT: usize = 64;
const TURNS: u64 = 10;

struct Sample {
    dice: u64,
    nodes: Vec<Vec<Node>>,
    first_key: PrivateKey,
    recipient: PublicKey,
    content: Vec<u8>,
    ack: Vec<u8>,
}

impl Sample {
    fn new() -> Sample {
        let (first_key, first_public) = keygen();
        let mut nodes: Vec<Vec<Node>> = LAYERS.iter().map(|count| (0..*count).map(|_| node(keygen().1)).collect()).collect();
        nodes[0][0] = node(first_public);
        Sample { dice: 1, nodes, first_key, recipient: keygen().1, content: vec![7; FRAGMENT], ack: vec![7; ACK_BYTES] }
    }

    /// xorshift64*
    fn below(&mut self, bound: usize) -> usize {
        self.dice ^= self.dice >> 12;
        self.dice ^= self.dice << 25;
        self.dice ^= self.dice >> 27;
        (self.dice.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    fn route(&mut self) -> Vec<Node> {
        (0..LAYERS.len())
            .map(|layer| {
                let chosen = self.below(LAYERS[layer]);
                self.nodes[layer][chosen].clone()
            })
            .collect()
    }

    fn pack(&self, content: &[u8], payload_size: usize, route: &[Node]) -> Vec<u8> {
        let delays: Vec<Delay> = route.iter().map(|_| Delay::new_from_millis(50)).collect();
        let destination = Destination::new(DestinationAddressBytes::from_bytes([7; 32]), [0; 16]);
        SphinxPacketBuilder::new()
            .with_payload_size(payload_size)
            .build_packet(content, route, &destination, &delays)
            .expect("a packet")
            .to_bytes()
    }

    fn packet(&mut self) -> Vec<u8> {
        let route = self.route();
        self.pack(&self.ack, REGULAR, &route)
    }

    fn chunk(&mut self) -> Vec<u8> {
        let way_home = self.route();
        let ack = self.pack(&self.ack, ACK, &way_home);
        let ephemeral = EphemeralSecret::new();
        let shared = ephemeral.diffie_hellman(&self.recipient);
        black_box(shared.as_bytes());
        let own = PublicKey::from(&ephemeral);
        let plaintext = [&way_home[0].address.as_bytes()[..19], &ack, own.as_bytes(), &self.content].concat();
        let route = self.route();
        self.pack(&plaintext, REGULAR, &route)
    }

    fn hop(&self, packet: &[u8]) -> Vec<u8> {
        let packet = SphinxPacket::from_bytes(packet).expect("a packet");
        match packet.process(&self.first_key).expect("a good packet") {
            ProcessedPacket::ForwardHop(packet, _, _) => packet.to_bytes(),
            ProcessedPacket::FinalHop(..) => panic!("the last hop already"),
        }
    }
}

fn node(key: PublicKey) -> Node {
    Node::new(NodeAddressBytes::from_bytes([7; 32]), key)
}

/// Of this thread, in nanoseconds: what others do meanwhile does not count.
fn processor_time() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    let result = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(result, 0, "no clock for the processor's time");
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Nanoseconds of one call, over about `length` nanoseconds.
fn time_of(length: u64, mut step: impl FnMut(usize)) -> f64 {
    let began = processor_time();
    let mut count = 0;
    while processor_time() - began < length {
        step(count);
        count += 1;
    }
    (processor_time() - began) as f64 / count as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let milliseconds: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1000);
    let turn = milliseconds * 1_000_000 / (3 * TURNS);
    let mut sample = Sample::new();
    let first = sample.nodes[0][0].clone();
    let arriving: Vec<Vec<u8>> = (0..DISTINCT)
        .map(|_| {
            let mut route = sample.route();
            route[0] = first.clone();
            sample.pack(&sample.ack, REGULAR, &route)
        })
        .collect();
    let (mut hop, mut create, mut chunk) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        hop.push(time_of(turn, |i| drop(black_box(sample.hop(&arriving[i % DISTINCT])))));
        create.push(time_of(turn, |_| drop(black_box(sample.packet()))));
        chunk.push(time_of(turn, |_| drop(black_box(sample.chunk()))));
    }
    println!("{{\"hop_ns\":{:.0},\"create_ns\":{:.0},\"chunk_ns\":{:.0}}}", median(hop), median(create), median(chunk));
}

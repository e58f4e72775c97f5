//! Uses a nym-client from Rust, with nothing but the crate tungstenite (docs/api.md).
//!
//!     talk ws://127.0.0.1:1977 ws://127.0.0.1:1978
//!
//! The first client sends, the second one receives and replies; both forms, text and binary.

use serde_json::{json, Value};
use std::net::TcpStream;
use std::time::Duration;
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{connect, Message, WebSocket};

const LIMIT: Duration = Duration::from_secs(60); // for any one answer

struct Connection(WebSocket<MaybeTlsStream<TcpStream>>);

impl Connection {
    fn open(url: &str) -> Connection {
        let (socket, _) = connect(url).expect("a client listens there");
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            stream.set_read_timeout(Some(LIMIT)).unwrap();
        }
        Connection(socket)
    }

    fn send(&mut self, request: Value) {
        self.0.send(Message::text(request.to_string())).unwrap();
    }

    fn send_bytes(&mut self, parts: &[&[u8]]) {
        self.0.send(Message::binary(parts.concat())).unwrap();
    }

    /// The next text message of that type; others may come in between.
    fn next(&mut self, kind: &str) -> Value {
        loop {
            let Message::Text(text) = self.0.read().expect("an answer in time") else { panic!("no text") };
            let message: Value = serde_json::from_str(&text).unwrap();
            match message["type"].as_str() {
                Some("error") => panic!("{}", message["message"]),
                Some(found) if found == kind => return message,
                _ => {}
            }
        }
    }

    fn next_bytes(&mut self, first: u8) -> Vec<u8> {
        loop {
            let Message::Binary(bytes) = self.0.read().expect("an answer in time") else { panic!("no bytes") };
            match bytes[0] {
                found if found == first => return bytes.to_vec(),
                0 => panic!("{}", String::from_utf8_lossy(&bytes[10..])),
                _ => {}
            }
        }
    }
}

fn sized(data: &[u8]) -> Vec<u8> {
    [&(data.len() as u64).to_be_bytes(), data].concat()
}

fn talk_in_text(sender: &mut Connection, receiver: &mut Connection) {
    sender.send(json!({"type": "selfAddress"}));
    sender.next("selfAddress");
    receiver.send(json!({"type": "selfAddress"}));
    let address = receiver.next("selfAddress")["address"].clone();

    let text = "grüße 😀 \u{0} \"quoted\"";
    sender.send(json!({"type": "send", "recipient": address, "message": text}));
    assert_eq!(receiver.next("received"), json!({"type": "received", "message": text, "senderTag": null}));

    sender.send(json!({"type": "sendAnonymous", "recipient": address, "message": "who am I?", "replySurbs": 20}));
    let question = receiver.next("received");
    assert_eq!(question["message"], "who am I?");
    receiver.send(json!({"type": "reply", "senderTag": question["senderTag"], "message": "I cannot know"}));
    assert_eq!(sender.next("received"), json!({"type": "received", "message": "I cannot know", "senderTag": null}));
    println!("text: ok");
}

fn talk_in_binary(sender: &mut Connection, receiver: &mut Connection) {
    sender.send_bytes(&[&[0x03]]);
    assert_eq!(sender.next_bytes(0x02).len(), 97);
    receiver.send_bytes(&[&[0x03]]);
    let address = receiver.next_bytes(0x02).split_off(1);

    let data: Vec<u8> = (0..5000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let no_lane = 0u64.to_be_bytes();
    sender.send_bytes(&[&[0x00], &address, &no_lane, &sized(&data)]);
    assert_eq!(receiver.next_bytes(0x01), [&[0x01, 0x00][..], &sized(&data)].concat());

    sender.send_bytes(&[&[0x01], &20u32.to_be_bytes(), &address, &no_lane, &sized(&data)]);
    let question = receiver.next_bytes(0x01);
    assert_eq!((question[1], &question[18..]), (0x01, &sized(&data)[..]));
    receiver.send_bytes(&[&[0x02], &question[2..18], &9u64.to_be_bytes(), &sized(b"thanks")]);
    assert_eq!(receiver.next_bytes(0x03)[1..9], 9u64.to_be_bytes());
    assert_eq!(sender.next_bytes(0x01), [&[0x01, 0x00][..], &sized(b"thanks")].concat());
    println!("binary: ok");
}

fn main() {
    let urls: Vec<String> = std::env::args().skip(1).collect();
    let (mut sender, mut receiver) = (Connection::open(&urls[0]), Connection::open(&urls[1]));
    talk_in_text(&mut sender, &mut receiver);
    talk_in_binary(&mut sender, &mut receiver);
    sender.0.close(None).unwrap();
    receiver.0.close(None).unwrap();
}

// Uses a nym-client from Go, with nothing but the module gorilla/websocket (docs/api.md).
//
//	talk ws://127.0.0.1:1977 ws://127.0.0.1:1978
//
// The first client sends, the second one receives and replies; both forms, text and binary.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/gorilla/websocket"
)

const limit = time.Minute // for any one answer

type message struct {
	Type         string  `json:"type"`
	Address      string  `json:"address,omitempty"`
	Recipient    string  `json:"recipient,omitempty"`
	Message      string  `json:"message,omitempty"`
	SenderTag    *string `json:"senderTag,omitempty"`
	ReplySurbs   int     `json:"replySurbs,omitempty"`
	ConnectionID int     `json:"connectionId,omitempty"`
	Lane         int     `json:"lane,omitempty"`
}

type connection struct{ *websocket.Conn }

func open(url string) connection {
	socket, _, err := websocket.DefaultDialer.Dial(url, nil)
	must(err)
	return connection{socket}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func expect(holds bool, what string, got any) {
	if !holds {
		log.Fatalf("%s: %v", what, got)
	}
}

func (c connection) read(kind int) []byte {
	must(c.SetReadDeadline(time.Now().Add(limit)))
	found, content, err := c.ReadMessage()
	must(err)
	expect(found == kind, "an answer of the other form", found)
	return content
}

func (c connection) send(request message) {
	must(c.WriteJSON(request))
}

// The next text message of that type; others may come in between.
func (c connection) next(kind string) message {
	for {
		var answer message
		must(json.Unmarshal(c.read(websocket.TextMessage), &answer))
		expect(answer.Type != "error", "error", answer.Message)
		if answer.Type == kind {
			return answer
		}
	}
}

func (c connection) sendBytes(parts ...[]byte) {
	must(c.WriteMessage(websocket.BinaryMessage, bytes.Join(parts, nil)))
}

func (c connection) nextBytes(first byte) []byte {
	for {
		answer := c.read(websocket.BinaryMessage)
		expect(answer[0] != 0, "error", answer)
		if answer[0] == first {
			return answer
		}
	}
}

func number(value uint64) []byte {
	return binary.BigEndian.AppendUint64(nil, value)
}

func sized(data []byte) []byte {
	return append(number(uint64(len(data))), data...)
}

func talkInText(sender, receiver connection) {
	sender.send(message{Type: "selfAddress"})
	sender.next("selfAddress")
	receiver.send(message{Type: "selfAddress"})
	address := receiver.next("selfAddress").Address

	text := "grüße 😀 \x00 \"quoted\""
	sender.send(message{Type: "send", Recipient: address, Message: text})
	plain := receiver.next("received")
	expect(plain.Message == text && plain.SenderTag == nil, "plain", plain)

	sender.send(message{Type: "sendAnonymous", Recipient: address, Message: "who am I?", ReplySurbs: 20})
	question := receiver.next("received")
	expect(question.Message == "who am I?" && question.SenderTag != nil, "anonymous", question)
	receiver.send(message{Type: "reply", SenderTag: question.SenderTag, Message: "I cannot know", ConnectionID: 7})
	expect(receiver.next("laneQueueLength").Lane == 7, "lane", 7)
	reply := sender.next("received")
	expect(reply.Message == "I cannot know" && reply.SenderTag == nil, "reply", reply)
	fmt.Println("text: ok")
}

func talkInBinary(sender, receiver connection) {
	sender.sendBytes([]byte{0x03})
	expect(len(sender.nextBytes(0x02)) == 97, "own address", nil)
	receiver.sendBytes([]byte{0x03})
	address := receiver.nextBytes(0x02)[1:]

	data := make([]byte, 5000)
	_, err := rand.Read(data)
	must(err)
	sender.sendBytes([]byte{0x00}, address, number(0), sized(data))
	plain := receiver.nextBytes(0x01)
	expect(bytes.Equal(plain, append([]byte{0x01, 0x00}, sized(data)...)), "plain", plain)

	sender.sendBytes([]byte{0x01, 0, 0, 0, 20}, address, number(0), sized(data))
	question := receiver.nextBytes(0x01)
	expect(question[1] == 0x01 && bytes.Equal(question[18:], sized(data)), "anonymous", question)
	receiver.sendBytes([]byte{0x02}, question[2:18], number(9), sized([]byte("thanks")))
	expect(bytes.Equal(receiver.nextBytes(0x03)[1:9], number(9)), "lane", 9)
	reply := sender.nextBytes(0x01)
	expect(bytes.Equal(reply, append([]byte{0x01, 0x00}, sized([]byte("thanks"))...)), "reply", reply)
	fmt.Println("binary: ok")
}

func main() {
	sender, receiver := open(os.Args[1]), open(os.Args[2])
	talkInText(sender, receiver)
	talkInBinary(sender, receiver)
	for _, c := range []connection{sender, receiver} {
		must(c.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")))
	}
}

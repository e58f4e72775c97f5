#include <map>

#include "net/error.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "tests/net/loopback.h"

namespace nym::net::test {
namespace {

using Answers = std::map<std::string, HttpAnswer>;

class HttpTest : public LoopbackTest {
 protected:
  void serve(Answers answers, HttpServerOptions options = {}) {
    auto made = HttpServer::listen(
        runtime, kLoopback,
        [this, answers = std::move(answers)](const HttpRequest& request) {
          requests.push_back(request);
          auto found = answers.find(request.target);
          return found == answers.end() ? HttpAnswer{.status = 404, .body = "nothing here"} : found->second;
        },
        options);
    ASSERT_TRUE(made.has_value()) << made.error().text();
    server = *std::move(made);
  }

  std::string base() const { return "http://" + to_string(server->local_endpoint()); }

  Result<HttpResponse> get(const std::string& address, HttpClientOptions options = {}) {
    HttpClient client(runtime, options);
    std::optional<Result<HttpResponse>> response;
    client.get(parse_url(address).value(), [&](Result<HttpResponse> got) {
      EXPECT_FALSE(response.has_value()) << "called back twice";
      response = std::move(got);
    });
    EXPECT_FALSE(response.has_value()) << "called back from inside get";
    EXPECT_TRUE(happens([&] { return response.has_value(); }));
    return std::move(response).value();
  }

  // A server that answers every connection with these bytes and ends it, or stays silent afterwards.
  enum class After : std::uint8_t { close, wait };
  std::string serve_raw(std::string answer, After after) {
    auto made =
        TcpListener::listen(runtime, kLoopback, [this, answer, after](std::unique_ptr<TcpLink> link, const Endpoint&) {
          auto& peer = raw.emplace_back(std::make_unique<TcpPeer>());
          peer->link = std::move(link);
          peer->link->start({.on_open = [] {},
                             .on_data =
                                 [peer = peer.get(), answer](ByteView bytes) {
                                   append(peer->received, bytes);
                                   if (peer->heard("\r\n\r\n")) peer->say(answer);
                                 },
                             .on_written =
                                 [peer = peer.get(), answer, after](std::size_t bytes) {
                                   peer->written += bytes;
                                   if (after == After::close && peer->written == answer.size()) peer->link->close();
                                 },
                             .on_closed = [](CloseReason, std::string_view) {}});
        });
    EXPECT_TRUE(made.has_value());
    raw_listener = *std::move(made);
    return "http://" + to_string(raw_listener->local_endpoint());
  }

  std::vector<HttpRequest> requests;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<TcpListener> raw_listener;
  std::vector<std::unique_ptr<TcpPeer>> raw;
};

TEST_F(HttpTest, GetsABody) {
  serve({{"/v1/gateways?x=1", {.content_type = "application/json", .body = "[]"}}});
  auto response = get(base() + "/v1/gateways?x=1");
  ASSERT_TRUE(response.has_value()) << response.error().text();
  EXPECT_EQ(response->status, 200U);
  EXPECT_EQ(response->body, "[]");
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].method, "GET");
}

TEST_F(HttpTest, GetsALargeBody) {
  std::string body(5'000'000, 'x');
  serve({{"/", {.body = body}}});
  EXPECT_EQ(get(base())->body, body);
}

TEST_F(HttpTest, OtherStatusesAreResponsesToo) {
  serve({});
  auto response = get(base() + "/missing");
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 404U);
  EXPECT_EQ(response->body, "nothing here");
}

TEST_F(HttpTest, FollowsRedirections) {
  serve({{"/a/b", {.status = 302, .headers = {{"Location", "c"}}}},
         {"/a/c", {.status = 308, .headers = {{"Location", "/d?e"}}}},
         {"/d?e", {.body = "found"}}});
  EXPECT_EQ(get(base() + "/a/b")->body, "found");
}

TEST_F(HttpTest, GivesUpAfterTenRedirections) {
  Answers chain;
  for (int i = 0; i < 11; ++i) {
    chain["/" + std::to_string(i)] = {.status = 307, .headers = {{"Location", "/" + std::to_string(i + 1)}}};
  }
  chain["/11"] = {.body = "end"};
  serve(chain);
  EXPECT_EQ(get(base() + "/1")->body, "end") << "ten must be followed";
  auto response = get(base() + "/0");
  ASSERT_FALSE(response.has_value());
  EXPECT_TRUE(response.error().is(NetError::too_many_redirects));
}

TEST_F(HttpTest, ARedirectionToAnotherProtocolOrNowhereIsNotFollowed) {
  serve({{"/ws", {.status = 302, .headers = {{"Location", "ws://127.0.0.1/"}}}},
         {"/bad", {.status = 302, .headers = {{"Location", "http://"}}}},
         {"/none", {.status = 304, .body = ""}}});
  EXPECT_TRUE(get(base() + "/ws").error().is(NetError::bad_url));
  EXPECT_TRUE(get(base() + "/bad").error().is(NetError::bad_url));
  EXPECT_EQ(get(base() + "/none")->status, 304U);
}

TEST_F(HttpTest, TooLargeABodyIsRefusedInBothForms) {
  serve({{"/", {.body = std::string(1001, 'x')}}});
  auto response = get(base(), {.body_max = 1000});
  ASSERT_FALSE(response.has_value());
  EXPECT_TRUE(response.error().is(NetError::too_large)) << response.error().text();
  EXPECT_TRUE(get(base(), {.body_max = 1001}).has_value());

  auto chunked = serve_raw(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n",
      After::wait);
  EXPECT_TRUE(get(chunked, {.body_max = 1000}).error().is(NetError::too_large));
  EXPECT_EQ(get(chunked, {.body_max = 1001})->body.size(), 1001U);
}

TEST_F(HttpTest, ReadsChunkedAndUnboundedBodies) {
  EXPECT_EQ(get(serve_raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "4\r\nabcd\r\n3;ext=1\r\nefg\r\n0\r\nTrailer: x\r\n\r\n",
                          After::wait))
                ->body,
            "abcdefg");
  EXPECT_EQ(get(serve_raw("HTTP/1.0 200 OK\r\n\r\nuntil the end", After::close))->body, "until the end");
}

TEST_F(HttpTest, BrokenAnswersAreErrors) {
  for (const auto* answer : {"", "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                             "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    auto response = get(serve_raw(std::string(answer) + (*answer == 0 ? " " : ""), After::close));
    ASSERT_FALSE(response.has_value()) << answer;
    EXPECT_TRUE(response.error().is(NetError::bad_response)) << response.error().text();
  }
}

TEST_F(HttpTest, SilenceTimesOut) {
  auto address = serve_raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", After::wait);
  auto response = get(address, {.timeout = Duration::milliseconds(100)});
  ASSERT_FALSE(response.has_value());
  EXPECT_TRUE(response.error().is(NetError::timed_out));
  EXPECT_NE(response.error().text().find(address), std::string::npos) << response.error().text();
}

TEST_F(HttpTest, ARefusedPortAndAnUnknownHostAreTold) {
  serve({});
  auto address = base();
  server.reset();
  settle();
  auto response = get(address);
  EXPECT_TRUE(response.error().is(NetError::unreachable));
  EXPECT_EQ(response.error().text(), "cannot connect to " + address + "/: connection refused");
  EXPECT_TRUE(get("http://no-such-host.invalid/").error().is(NetError::unresolved));
}

TEST_F(HttpTest, OnlyHttpAddressesAreFetched) {
  EXPECT_TRUE(get("ws://127.0.0.1/").error().is(NetError::bad_url));
}

TEST_F(HttpTest, AServerWithoutTlsIsToldFromAWorkingOne) {
  serve({});
  auto response = get("https://" + to_string(server->local_endpoint()));
  ASSERT_FALSE(response.has_value());
  EXPECT_TRUE(response.error().is(NetError::tls_failed)) << response.error().text();
}

TEST_F(HttpTest, ManyRequestsRunAtATimeUpToALimit) {
  serve({{"/", {.body = "x"}}});
  HttpClient client(runtime);
  int answered = 0;
  int refused = 0;
  for (std::size_t i = 0; i < limits::kHttpRequestsInFlight + 3; ++i) {
    client.get(parse_url(base()).value(), [&](const Result<HttpResponse>& response) {
      if (response) {
        ++answered;
      } else if (response.error().is(NetError::too_many_requests)) {
        ++refused;
      }
    });
  }
  ASSERT_TRUE(happens([&] { return answered + refused == static_cast<int>(limits::kHttpRequestsInFlight) + 3; }));
  EXPECT_EQ(refused, 3);
}

TEST_F(HttpTest, DestroyingTheClientEndsItsRequestsSilently) {
  serve({{"/", {.body = "x"}}});
  auto client = std::make_unique<HttpClient>(runtime);
  auto fail = [](const Result<HttpResponse>&) { ADD_FAILURE(); };
  client->get(parse_url(base()).value(), fail);
  client->get(parse_url("ws://x").value(), fail);
  client.reset();
  settle();
  EXPECT_EQ(get(base())->body, "x");
}

TEST_F(HttpTest, TheClientMayBeDestroyedInItsCallback) {
  serve({{"/", {.body = "x"}}});
  auto client = std::make_unique<HttpClient>(runtime);
  client->get(parse_url(base()).value(), [&](const Result<HttpResponse>&) { client.reset(); });
  EXPECT_TRUE(happens([&] { return client == nullptr; }));
}

// The server's side, seen from a raw stream.
class HttpServerTest : public HttpTest {
 protected:
  void connect() { peer.start(TcpLink::connect(runtime, server->local_endpoint())); }
  TcpPeer peer;
};

TEST_F(HttpServerTest, KeepsTheConnectionForFurtherRequests) {
  serve({{"/1", {.body = "one"}}, {"/2", {.body = "two"}}});
  connect();
  peer.say("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(happens([this] { return peer.heard("one") && peer.heard("two"); }));
  EXPECT_FALSE(peer.closed.has_value());
  peer.say("GET /1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(happens([this] { return peer.closed.has_value(); }));
  EXPECT_EQ(requests.size(), 3U);
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
  serve({{"/", {.body = "body"}}});
  connect();
  peer.say("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(happens([this] { return peer.closed.has_value(); }));
  EXPECT_TRUE(peer.heard("Content-Length: 4\r\n")) << as_text(peer.received);
  EXPECT_TRUE(as_text(peer.received).ends_with("\r\n\r\n"));
}

TEST_F(HttpServerTest, HandsOverMethodAndBody) {
  serve({});
  connect();
  peer.say("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\ndata");
  ASSERT_TRUE(happens([this] { return requests.size() == 1; }));
  EXPECT_EQ(requests[0].method, "POST");
  EXPECT_EQ(requests[0].target, "/x");
  EXPECT_EQ(requests[0].body, "data");
}

TEST_F(HttpServerTest, AllowsPagesToReadAnswersWhereAsked) {
  serve({{"/", {.headers = {{"X-More", "1"}}}}}, {.allowed_origin = "*"});
  connect();
  peer.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(happens([this] { return peer.heard("\r\n\r\n"); }));
  EXPECT_TRUE(peer.heard("Access-Control-Allow-Origin: *\r\n"));
  EXPECT_TRUE(peer.heard("X-More: 1\r\n"));
  EXPECT_FALSE(peer.heard("Server:"));
}

TEST_F(HttpServerTest, RefusesGarbageAndTooLargeRequests) {
  serve({}, {.body_max = 10});
  const std::vector<std::pair<std::string, std::string>> cases{
      {"garbage\r\n\r\n", "HTTP/1.1 400 "},
      {"GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", "HTTP/1.1 400 "},
      {"POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n01234567890", "HTTP/1.1 413 "},
  };
  for (const auto& [request, answer] : cases) {
    peer = TcpPeer();
    connect();
    peer.say(request);
    ASSERT_TRUE(happens([this] { return peer.closed.has_value(); }));
    EXPECT_TRUE(peer.heard(answer)) << as_text(peer.received);
  }
  EXPECT_TRUE(requests.empty());
}

TEST_F(HttpServerTest, IdleConnectionsAreClosed) {
  std::vector<DropReason> refused;
  HttpServerOptions options{.idle_timeout = Duration::milliseconds(50)};
  options.on_refused = [&](DropReason reason) { refused.push_back(reason); };
  serve({}, std::move(options));
  connect();
  peer.say("GET / HT");
  EXPECT_TRUE(happens([this] { return peer.closed.has_value(); }));
  EXPECT_EQ(refused, std::vector{DropReason::slow_frame});
  TcpPeer silent;
  silent.start(TcpLink::connect(runtime, server->local_endpoint()));
  EXPECT_TRUE(happens([&] { return silent.closed.has_value(); }));
  EXPECT_EQ(refused.size(), 1U) << "a connection that is only kept has done nothing wrong";
}

TEST_F(HttpServerTest, AWrongStatusOfAHandlerIsAServerError) {
  serve({{"/", {.status = 7777}}});
  EXPECT_EQ(get(base())->status, 500U);
}

TEST_F(HttpServerTest, DestroyingItClosesItsConnections) {
  serve({{"/", {.body = "x"}}});
  connect();
  peer.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(happens([this] { return peer.heard("\r\n\r\nx"); }));
  server.reset();
  EXPECT_TRUE(happens([this] { return peer.closed.has_value(); }));
}

TEST_F(HttpServerTest, MayBeDestroyedByItsHandler) {
  std::unique_ptr<HttpServer> doomed;
  auto made = HttpServer::listen(runtime, kLoopback, [&](const HttpRequest&) {
    doomed.reset();
    return HttpAnswer{};
  });
  ASSERT_TRUE(made.has_value());
  doomed = *std::move(made);
  peer.start(TcpLink::connect(runtime, doomed->local_endpoint()));
  peer.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(happens([this] { return peer.closed.has_value(); }));
}

}  // namespace
}  // namespace nym::net::test

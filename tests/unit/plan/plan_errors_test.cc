#include <gtest/gtest.h>

#include <map>

#include "sim/plan/load.h"

namespace nym::sim {
namespace {

using Files = std::map<std::string, std::string>;

FileReader in_memory(const Files& files) {
  return [files](const std::string& path) -> Result<std::string> {
    auto found = files.find(path);
    if (found != files.end()) return found->second;
    return fail(SimError::no_such_file, "can not read " + path + ": there is no such file");
  };
}

std::string error_of(const std::string& text, Syntax syntax = Syntax::toml, const Files& files = {}) {
  auto plan = parse_plan(text, syntax == Syntax::toml ? "p.toml" : "p.json", syntax, in_memory(files));
  return plan ? "no error" : plan.error().text();
}

TEST(PlanError, AnUnknownKeyIsNamedWithItsPlaceAndTheNearestOne) {
  EXPECT_EQ(error_of("[links]\nlos = \"5%\"\n"), "p.toml:2:1: links: unknown key 'los'; did you mean 'loss'?");
  EXPECT_EQ(error_of("name = \"x\"\n\n[[workload]]\nkind = \"trace\"\nfle = \"x\"\n"),
            "p.toml:5:1: workload: unknown key 'fle' of kind 'trace'; did you mean 'file'?");
  EXPECT_EQ(error_of("nonsense = 1\n"), "p.toml:1:1: unknown key 'nonsense'");
  EXPECT_EQ(error_of("{\n  \"links\": { \"los\": 0.05 }\n}", Syntax::json),
            "p.json:2:14: links: unknown key 'los'; did you mean 'loss'?");
}

TEST(PlanError, AWrongTypeSaysWhatWasExpected) {
  EXPECT_EQ(error_of("[network]\ngateways = \"two\"\n"),
            "p.toml:2:12: network.gateways: expected a whole number from 1 to 10000, found a text");
  EXPECT_EQ(error_of("[links]\nrate = 5\n"),
            "p.toml:2:8: links.rate: expected a text (rate of bytes: 100kB/s), found a whole number");
  EXPECT_EQ(error_of("network = 3\n"), "p.toml:1:11: network: expected a table, found a whole number");
  EXPECT_EQ(error_of("name = 3\n"), "p.toml:1:8: name: expected a text, found a whole number");
  EXPECT_EQ(error_of("tags = \"x\"\n"), "p.toml:1:8: tags: expected a list, found a text");
  EXPECT_EQ(error_of("[mix]\nreplay_detection = 1\n"),
            "p.toml:2:20: mix.replay_detection: expected true or false, found a whole number");
  EXPECT_EQ(error_of("{\"time_limit\": null}", Syntax::json),
            "p.json:1:16: time_limit: expected a text (duration: at least 1ms), found a date, a time or null");
}

TEST(PlanError, WhatIsOutOfRangeSaysTheRange) {
  EXPECT_EQ(error_of("[network]\ngateways = 0\n"),
            "p.toml:2:12: network.gateways: 0 is out of range; expected 1 to 10000");
  EXPECT_EQ(error_of("[network]\nmixnodes = -3\n"),
            "p.toml:2:12: network.mixnodes: -3 is out of range; expected 1 to 10000");
  EXPECT_EQ(error_of("time_limit = \"0s\"\n"), "p.toml:1:14: time_limit: '0s' is shorter than 1ms");
  EXPECT_EQ(error_of("time_limit = \"-5s\"\n"), "p.toml:1:14: time_limit: '-5s' is shorter than 1ms");
  EXPECT_EQ(error_of("[links]\nloss = \"150%\"\n"),
            "p.toml:2:8: links.loss: '150%' is no part of a whole; write it like 5% or 0.05, at most 100%");
  EXPECT_EQ(error_of("format = 2\n"), "p.toml:1:10: format: 2 is out of range; expected 1 to 1");
}

TEST(PlanError, ANegativeRateIsRefused) {
  EXPECT_EQ(error_of("[[workload]]\nkind = \"messages\"\narrivals = \"poisson(-1/s)\"\ncount = 1\n"),
            "p.toml:3:12: workload.arrivals: '-1/s' is no rate; write it like 10/s or 1/20ms");
  EXPECT_EQ(error_of("[links]\nloss = -0.1\n"),
            "p.toml:2:8: links.loss: '-0.1' is no part of a whole; write it like 5% or 0.05, at most 100%");
}

TEST(PlanError, AnImpossibleTopologyIsRefused) {
  EXPECT_EQ(error_of("[network]\ntopology = \"free-route\"\nmixnodes = 2\n"),
            "p.toml:3:12: network.mixnodes: a route has 3 mixnodes, but the network has only 2");
  EXPECT_EQ(error_of("[network]\ntopology = \"cascade\"\nmixnodes = 4\n"),
            "p.toml:3:12: network.mixnodes: cascades need a multiple of 3 mixnodes");
  EXPECT_EQ(error_of("[network]\ntopology = \"ring\"\n"),
            "p.toml:2:12: network.topology: 'ring' is none of stratified, cascade, free-route");
  EXPECT_EQ(error_of("[network]\nmixnodes = 3\nmixnodes_per_layer = 1\n"),
            "p.toml:3:1: network.mixnodes_per_layer: mixnodes is there too; only one of them can be");
  EXPECT_EQ(error_of("[network]\nclients = 3\n[[clients]]\ncount = 3\n"),
            "p.toml:2:1: network.clients: there are [[clients]] too; only one of them can stand here");
}

TEST(PlanError, NodesThatAreNotThereAreNamed) {
  EXPECT_EQ(error_of("faults = [\n  \"at 1s for 1s crash mix1\",\n  \"at 1s for 1s crash mix4\",\n]\n"),
            "p.toml:3:3: faults: there is no mix4: this network has 3 of them");
  EXPECT_EQ(error_of("[[fault]]\nkind = \"crash\"\nfor = \"1s\"\nnodes = \"bob\"\n"),
            "p.toml:1:1: fault: no clients are called 'bob', and no node is");
  EXPECT_EQ(error_of("faults = [\"at 1s cut sessions c1\"]\n"),
            "p.toml:1:11: faults: only gateways can stand here, not c1");
  EXPECT_EQ(error_of("faults = [\"at 1s for 1s disk full mix1\"]\n"), "p.toml:1:11: faults: mix1 has no disk");
  EXPECT_EQ(error_of("faults = [\"at 1s fail the 1st fetch gw1\"]\n"),
            "p.toml:1:11: faults: gw1 does no such operation");
  EXPECT_EQ(error_of("[network]\ntopology = \"free-route\"\n[[link]]\npath = \"layer1->gw1\"\nloss = 0.1\n"),
            "p.toml:4:8: link.path: there are no layers on free routes");
  EXPECT_EQ(error_of("[[clients]]\nname = \"gw7\"\n"),
            "p.toml:2:8: clients.name: 'gw7' can not name a group; use a letter, then letters, digits, - and _");
  EXPECT_EQ(error_of("[[clients]]\nname = \"a\"\n[[clients]]\nname = \"a\"\n"),
            "p.toml:4:8: clients.name: another group is called 'a' too");
}

TEST(PlanError, WorkloadsThatMakeNoSenseAreRefused) {
  EXPECT_EQ(error_of("[[workload]]\nkind = \"messages\"\n"),
            "p.toml:1:1: workload: when does it end? give count or length");
  EXPECT_EQ(error_of("[[workload]]\nfrom = \"c1\"\n"),
            "p.toml:1:1: workload: the key 'kind' is missing; there are messages, request-reply, group, file, trace, "
            "schedule");
  EXPECT_EQ(error_of("[[workload]]\nkind = \"massages\"\n"),
            "p.toml:2:8: workload: unknown kind 'massages'; did you mean 'messages'?");
  EXPECT_EQ(error_of("[[workload]]\nkind = \"messages\"\ncount = 1\nfrom = \"c1\"\nto = \"c1\"\n"),
            "p.toml:4:8: workload.from: a client does not write to itself; name another receiver");
  EXPECT_EQ(error_of("[[workload]]\nkind = \"messages\"\ncount = 1\nstart = \"2h\"\n"),
            "p.toml:4:9: workload.start: is at 2h, after the time limit of 1m");
  EXPECT_EQ(error_of("[[workload]]\nkind = \"schedule\"\nmessages = [{ at = \"1s\", from = \"c1\", to = \"c9\", text = "
                     "\"x\" }]\n"),
            "p.toml:3:13: workload.messages: there are only 2 clients");
  EXPECT_EQ(error_of("[[workload]]\nkind = \"schedule\"\nmessages = [{ at = \"1s\", to = \"gw1\", text = \"x\" }]\n"),
            "p.toml:3:31: workload.messages.to: 'gw1' is no client; write it like c1");
  EXPECT_EQ(error_of("[[adversary]]\nkind = \"intersection\"\nvictim = \"c*\"\n"),
            "p.toml:3:10: adversary.victim: only one client can be followed");
}

TEST(PlanError, ClientOptionsThatContradictEachOtherAreRefused) {
  EXPECT_EQ(error_of("[client]\nsecondary_packet_size = \"regular\"\n"),
            "p.toml:2:25: client.secondary_packet_size: equals the primary size; leave it out");
  EXPECT_EQ(error_of("[client]\nmin_surb_storage = 300\n"),
            "p.toml:2:20: client.min_surb_storage: is above max_surb_storage");
}

TEST(PlanError, PlansThatExtendEachOtherInACircleAreRefused) {
  Files files{{"p.toml", "extends = \"q.toml\"\n"}, {"q.toml", "name = \"q\"\nextends = \"p.toml\"\n"}};
  EXPECT_EQ(error_of(files.at("p.toml"), Syntax::toml, files),
            "q.toml:2:11: extends: plans extend each other in a circle: p.toml -> q.toml -> p.toml");
  EXPECT_EQ(error_of("extends = \"p.toml\"\n"),
            "p.toml:1:11: extends: plans extend each other in a circle: p.toml -> p.toml");
  // However the first one was named.
  auto dotted = parse_plan(files.at("p.toml"), "./p.toml", Syntax::toml, in_memory(files));
  ASSERT_FALSE(dotted);
  EXPECT_EQ(dotted.error().text(),
            "q.toml:2:11: extends: plans extend each other in a circle: ./p.toml -> q.toml -> p.toml");
  EXPECT_EQ(error_of("extends = \"none.toml\"\n"),
            "p.toml:1:11: extends: can not read none.toml: there is no such file");
}

TEST(PlanError, HugeNumbersAreRefused) {
  EXPECT_TRUE(error_of("[network]\ngateways = 99999999999999999999999\n").starts_with("p.toml:2:"))
      << error_of("[network]\ngateways = 99999999999999999999999\n");
  EXPECT_EQ(error_of("[network]\ngateways = 9223372036854775807\n"),
            "p.toml:2:12: network.gateways: 9223372036854775807 is out of range; expected 1 to 10000");
  EXPECT_EQ(error_of("{\"network\": {\"gateways\": 99999999999999999999999}}", Syntax::json),
            "p.json:1:26: the number is too large");
  EXPECT_EQ(error_of("time_limit = \"999999999999999h\"\n"),
            "p.toml:1:14: time_limit: '999999999999999h' is no duration; write it like 50ms, 1.5s or 1m 30s");
  EXPECT_EQ(error_of("time_limit = \"999999999h\"\n"),
            "p.toml:1:14: time_limit: '999999999h' is no duration; write it like 50ms, 1.5s or 1m 30s");
  EXPECT_EQ(error_of("time_limit = \"40000d\"\n"), "p.toml:1:14: time_limit: '40000d' is longer than a hundred years");
}

TEST(PlanError, AnEmptyFileAndBrokenBytesAreRefused) {
  EXPECT_EQ(error_of(""), "p.toml:1:1: the file says nothing");
  EXPECT_EQ(error_of("", Syntax::json), "p.json:1:1: expected a value, found the end of the file");
  EXPECT_EQ(error_of("{}", Syntax::json), "p.json:1:1: the file says nothing");
  EXPECT_TRUE(error_of("name = \"x\"\ntags = [\"\xff\"]\n").starts_with("p.toml:2:"))
      << error_of("name = \"x\"\ntags = [\"\xff\"]\n");
  EXPECT_EQ(error_of("{\n \"name\": \"\xff\"}", Syntax::json), "p.json:2:11: these bytes are not UTF-8");
  EXPECT_TRUE(error_of("name = \n").starts_with("p.toml:1:")) << error_of("name = \n");
}

TEST(PlanError, FilesThatAreMissingOrWrongAreNamed) {
  EXPECT_EQ(error_of("[[workload]]\nkind = \"trace\"\nfile = \"t.csv\"\n"),
            "p.toml:3:8: workload.file: can not read t.csv: there is no such file");
  EXPECT_EQ(error_of("[[workload]]\nkind = \"trace\"\nfile = \"t.csv\"\n", Syntax::toml,
                     {{"t.csv", "time,from,to,bytes\n1,c1,c2\n"}}),
            "p.toml:3:8: workload.file: t.csv: line 2: 3 columns instead of time,from,to,bytes");
  EXPECT_EQ(error_of("[[workload]]\nkind = \"trace\"\nfile = \"t.csv\"\n", Syntax::toml, {{"t.csv", "1,c1,c9,5\n"}}),
            "p.toml:1:1: workload: there are only 2 clients");
  EXPECT_EQ(error_of("[links]\nlatency = 'matrix(\"m.csv\")'\n"),
            "p.toml:2:11: links.latency: can not read m.csv: there is no such file");
  EXPECT_EQ(error_of("[links]\nlatency = 'matrix(\"m.csv\")'\n", Syntax::toml, {{"m.csv", ",a\na,x\n"}}).substr(0, 44),
            "p.toml:2:11: links.latency: m.csv: line 2: '");
  EXPECT_EQ(error_of("[[site]]\nname = \"b\"\nnodes = \"mix1\"\n[links]\nlatency = 'matrix(\"m.csv\")'\n", Syntax::toml,
                     {{"m.csv", ",a\na,1\n"}})
                    .find("has no site 'b'") != std::string::npos,
            true);
}

TEST(PlanError, BrokenJsonIsPlacedExactly) {
  const std::pair<const char*, const char*> kCases[] = {
      {"{\"name\" \"x\"}", "p.json:1:9: expected a ':'"},
      {"{\"name\": \"x\"", "p.json:1:13: expected a ',' or a '}'"},
      {"{\"name\": \"x\", \"name\": \"y\"}", "p.json:1:15: the key 'name' is there twice"},
      {"{\"name\": \"x\"} x", "p.json:1:15: expected the end of the file"},
      {"[1]", "p.json:1:1: expected an object"},
      {"{\"name\": \"\\q\"}", "p.json:1:12: no such escape"},
      {"{\"name\": \"\\ud800\"}", "p.json:1:17: half of a surrogate pair"},
      {"{\"time_limit\": 1e5}", "p.json:1:17: write numbers without an exponent"},
      {"{\"name\": tru}", "p.json:1:10: expected a value"},
      {"{\"tags\": [\"a\",\n  \"b\"\n  \"c\"]}", "p.json:3:3: expected a ',' or a ']'"}};
  for (auto [text, error] : kCases) EXPECT_EQ(error_of(text, Syntax::json), error);
  EXPECT_EQ(error_of("{\"a\":" + std::string(1'000, '['), Syntax::json), "p.json:1:70: nested too deeply");
}

}  // namespace
}  // namespace nym::sim

#include "cli/config_file.h"

#include <gtest/gtest.h>

#include "cli/config_table.h"
#include "cli/duration_text.h"
#include "cli/html_escape.h"

namespace nym::cli {
namespace {

Settings alice() {
  Settings settings;
  settings.id = "alice";
  auto& paths = settings.paths;
  paths.data = "/home/a/.nym/clients/alice/data";
  paths.keys = net::ClientKeyPaths::in(paths.data);
  paths.gateway_details = paths.data / "gateway_details.json";
  paths.reply_store = paths.data / "persistent_reply_store.sqlite";
  paths.credentials = paths.data / "credentials_database.db";
  return settings;
}

/// A whole file, and below it what a test adds.
std::string file_with(const std::string& more) {
  return render_config(alice(), ConfigExtent::fresh) + more;
}

std::string without_comments(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = text.find('\n', at);
    auto line = text.substr(at, end - at);
    if (!line.starts_with('#')) out += line + "\n";
    at = end + 1;
  }
  return out;
}

std::string fault_of(const std::string& text) {
  auto read = parse_config(text);
  return read ? std::string("(it was read)") : read.error().text();
}

int line_of(const std::string& text, const std::string& what) {
  auto at = text.find(what);
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

TEST(ConfigFile, ADefaultFileHasTheKeysAndTablesOfV1129InItsOrder) {
  auto text = without_comments(file_with(""));
  const std::string data = "/home/a/.nym/clients/alice/data/";
  const std::string expected =
      "\n\n[client]\nversion = '1.1.29'\n\nid = 'alice'\n\ndisabled_credentials_mode = true\n\n"
      "nyxd_urls = [\n    \n        'https://rpc.nymtech.net/',\n    \n]\n\n"
      "nym_api_urls = [\n    \n        'https://validator.nymtech.net/api/',\n    \n]\n\n"
      "[storage_paths] \n"
      "keys.private_identity_key_file = '" +
      data +
      "private_identity.pem'\n\n"
      "keys.public_identity_key_file = '" +
      data +
      "public_identity.pem'\n\n"
      "keys.private_encryption_key_file = '" +
      data +
      "private_encryption.pem'\n\n"
      "keys.public_encryption_key_file = '" +
      data +
      "public_encryption.pem'\n\n"
      "keys.gateway_shared_key_file = '" +
      data +
      "gateway_shared.pem'\n\n"
      "keys.ack_key_file = '" +
      data +
      "ack_key.pem'\n\n"
      "credentials_database = '" +
      data +
      "credentials_database.db'\n\n"
      "reply_surb_database = '" +
      data +
      "persistent_reply_store.sqlite'\n\n"
      "gateway_details = '" +
      data +
      "gateway_details.json'\n\n"
      "[socket]\nsocket_type = 'WebSocket'\n\nlistening_port = 1977\n\nhost = '127.0.0.1'\n\n"
      "[logging]\n\n[debug]\n\n"
      "[debug.traffic]\naverage_packet_delay = '50ms'\n\nmessage_sending_average_delay = '20ms'\n\n"
      "[debug.acknowledgements]\naverage_ack_delay = '50ms'\n\n"
      "[debug.cover_traffic]\nloop_cover_traffic_average_delay = '200ms'\n\n\n";
  EXPECT_EQ(text, expected);
  EXPECT_EQ(file_with("").front(), '\n');
}

TEST(ConfigFile, EveryKeyHasACommentAndIsReadBackAsWritten) {
  auto settings = alice();
  settings.port = 2000;
  settings.socket = SocketType::none;
  settings.credentials_disabled = client::Switch::off;
  settings.nym_apis = {"http://127.0.0.1:26657/?a=b&c=d", "http://b/"};
  settings.id = "it's <a> \"b\" `c` & d";
  settings.traffic.secondary_packet_size = wire::PacketSize::extended16;
  settings.traffic.loop_cover_stream = client::Switch::off;
  settings.acks.wait_multiplier_millis = 2'250;
  settings.replies.max_storage = 77;
  settings.topology_structure = "{ GeoAware = { CountryGroup = 'Europe' } }";
  settings.applications.dialect = Dialect::v0_7;
  settings.applications.allowed_origins = {"https://example.org"};
  settings.applications.unix_socket = "/run/nym.sock";
  settings.delivery.flush_deadline = Duration::seconds(9);
  settings.metrics.listen = parse_endpoint("[::1]:9300");
  settings.log.format = LogFormat::json;
  auto text = render_config(settings, ConfigExtent::complete);
  auto read = parse_config(text);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(render_config(read->settings, ConfigExtent::complete), text);
  EXPECT_EQ(read->settings.id, settings.id);
  EXPECT_EQ(read->settings.nym_apis, settings.nym_apis);
  EXPECT_EQ(read->settings.applications, settings.applications);
  EXPECT_EQ(read->settings.metrics, settings.metrics);
  EXPECT_EQ(read->settings.acks.wait_multiplier_millis, 2'250);
  EXPECT_NE(text.find("# port of the local websocket\nlistening_port = 2000\n"), std::string::npos);
  EXPECT_NE(text.find("'http://127.0.0.1:26657/?a&#x3D;b&amp;c&#x3D;d'"), std::string::npos) << "as v1.1.29 writes it";
  EXPECT_NE(text.find("id = 'it&#x27;s "), std::string::npos);
}

TEST(ConfigFile, InitForgetsTheDebugKeysThatV1129ForgetsAndKeepsOurs) {
  auto settings = alice();
  settings.traffic.loop_cover_stream = client::Switch::off;
  settings.delivery.journal = client::Switch::on;
  auto text = render_config(settings, ConfigExtent::fresh);
  EXPECT_EQ(text.find("disable_loop_cover_traffic_stream"), std::string::npos);
  EXPECT_NE(text.find("[delivery]\n# "), std::string::npos);
  EXPECT_EQ(text.find("[metrics]"), std::string::npos);
  EXPECT_TRUE(text.ends_with("true\n\n\n"));
}

TEST(ConfigFile, EveryKeyOfTheTableIsReadUnderItsName) {
  for (const auto& key : config_keys()) {
    auto value = key.write(alice());
    if (value.empty()) continue;
    TomlTable document = *parse_toml("x = " + value);
    Settings settings;
    auto read = key.read(document.front().value, settings);
    EXPECT_TRUE(read) << key.path() << " = " << value << ": " << (read ? "" : read.error().text());
    EXPECT_EQ(key.write(settings), value) << key.path();
    EXPECT_FALSE(key.meaning.empty()) << key.path();
  }
}

TEST(ConfigFile, EveryKeyRefusesValuesOfOtherTypes) {
  for (const auto& key : config_keys()) {
    for (const char* value : {"1979-05-27", "[[1]]", "{ a = 1 }", "-1", "99999999999999", "''", "'\x01'"}) {
      auto document = parse_toml(std::string("x = ") + value);
      if (!document) continue;
      Settings settings;
      auto read = key.read(document->front().value, settings);
      bool takes_any_text = key.type == "text" && key.accepted.empty();
      EXPECT_TRUE(takes_any_text || !read) << key.path() << " = " << value;
      EXPECT_TRUE(read || !read.error().text().empty()) << key.path();
    }
  }
}

TEST(ConfigFile, AnUnknownKeyIsNamedWithItsLineAndTheNearestName) {
  auto text = file_with("[debug.topology]\ntopology_refresh_rat = '1s'\n");
  EXPECT_EQ(fault_of(text), "line " + std::to_string(line_of(text, "topology_refresh_rat")) +
                                ": unknown key 'topology_refresh_rat' in [debug.topology]; did you mean "
                                "'topology_refresh_rate'?");
  for (const char* table : {"client", "socket", "logging", "debug", "debug.traffic"}) {
    auto header = "[" + std::string(table) + "]\n";
    auto changed = file_with("");
    changed.insert(changed.find(header) + header.size(), "zzzzz = 1\n");
    EXPECT_NE(fault_of(changed).find("unknown key 'zzzzz' in [" + std::string(table) + "]"), std::string::npos)
        << fault_of(changed);
  }
}

TEST(ConfigFile, WhatV1129IgnoresIsIgnored) {
  EXPECT_TRUE(parse_config(file_with("[foo]\nbar = 1\n")));
  auto text = file_with("");
  text.insert(text.find("[socket]"), "further = 'x'\n");
  EXPECT_TRUE(parse_config(text)) << "a key in [storage_paths]";
  auto misspelt = parse_config(file_with("[delivry]\njournal = true\n"));
  ASSERT_TRUE(misspelt);
  ASSERT_EQ(misspelt->notes.size(), 1U);
  EXPECT_TRUE(misspelt->notes[0].ends_with("[delivry] is ignored; did you mean 'delivery'?")) << misspelt->notes[0];
}

TEST(ConfigFile, FaultsNameLineAndKey) {
  const std::map<std::string, std::string> faults{
      {"[applications]\nmax_message = 12", "applications.max_message: expected a whole number from 1024 to 4294967296"},
      {"[debug.topology]\ntopology_refresh_rate = '0s'", "debug.topology.topology_refresh_rate: expected at least 1ms"},
      {"[debug.topology]\ntopology_refresh_rate = '5'",
       "debug.topology.topology_refresh_rate: '5' is no duration; write it like 50ms or 1s 500ms"},
      {"[debug.reply_surbs]\nmaximum_reply_surb_age = '9s'",
       "debug.reply_surbs.maximum_reply_surb_age: expected at least 10s"},
      {"[metrics]\nlisten = 'x'", "metrics.listen: expected an IP address and a port such as '127.0.0.1:9300'"},
      {"[applications]\ndialect = 'v1'", "applications.dialect: expected one of 'auto', 'strict', 'v0.7'"},
  };
  for (const auto& [more, fault] : faults) {
    auto text = file_with(more + "\n");
    auto line = line_of(text, more) + 1;
    EXPECT_EQ(fault_of(text), "line " + std::to_string(line) + ": " + fault);
  }
  EXPECT_EQ(fault_of("[client"), "line 1: " + fault_of("[client").substr(8));
}

TEST(ConfigFile, MissingTablesAndKeysAreNamed) {
  EXPECT_EQ(fault_of(""), "the table [client] is missing");
  auto text = file_with("");
  text.erase(text.find("[logging]"), 10);
  EXPECT_EQ(fault_of(text), "the table [logging] is missing");
  text = file_with("");
  text.erase(text.find("gateway_details = "), std::string_view("gateway_details = ").size() - 3);
  EXPECT_NE(fault_of(text), "(it was read)");
  EXPECT_EQ(fault_of("[client]\nversion = '1'\nid = 'a'\n[storage_paths]\n[socket]\n[logging]\n"),
            "the key 'keys.private_identity_key_file' is missing in [storage_paths]");
}

TEST(ConfigFile, SettingsThatContradictEachOtherAreRefused) {
  EXPECT_TRUE(fault_of(file_with("[debug.reply_surbs]\nminimum_reply_surb_storage_threshold = 300\n"))
                  .starts_with("ConfigValidationFailure: "));
  auto text = file_with("");
  text.insert(text.find("[debug.acknowledgements]"), "secondary_packet_size = 'regular'\n");
  EXPECT_TRUE(fault_of(text).starts_with("ConfigValidationFailure: ")) << fault_of(text);
}

TEST(ConfigFile, OutfoxPacketsAreRefused) {
  auto with_type = [](const std::string& type) {
    auto text = file_with("");
    return text.insert(text.find("[debug.acknowledgements]"), "packet_type = '" + type + "'\n");
  };
  EXPECT_TRUE(parse_config(with_type("mix")));
  EXPECT_TRUE(parse_config(with_type("sphinx")));
  auto fault = fault_of(with_type("outfox"));
  EXPECT_NE(fault.find("debug.traffic.packet_type: expected 'mix'; this client makes no packets of other types"),
            std::string::npos)
      << fault;
}

TEST(ConfigFile, KeysHaveTheirOlderNamesToo) {
  auto text = file_with("");
  for (auto [name, alias] :
       {std::pair("nyxd_urls", "validator_urls"), std::pair("nym_api_urls", "validator_api_urls")}) {
    text.replace(text.find(std::string("\n") + name) + 1, std::string_view(name).size(), alias);
  }
  auto read = parse_config(text);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->settings.nym_apis, alice().nym_apis);
  auto twice = file_with("");
  twice.insert(twice.find("[client]\n") + 9, "validator_urls = []\n");
  EXPECT_NE(fault_of(twice).find("client.nyxd_urls is given twice"), std::string::npos) << fault_of(twice);
}

TEST(ConfigFile, ACredentialsModeThatIsNotNamedCountsAsWithV1129) {
  auto text = file_with("");
  text.erase(text.find("disabled_credentials_mode = true"), 32);
  auto read = parse_config(text);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->settings.credentials_disabled, client::Switch::off);
}

TEST(ConfigFile, AChoiceOfCountriesIsReadAndWarnedOf) {
  auto read =
      parse_config(file_with("[debug.topology]\ntopology_structure = { GeoAware = { CountryGroup = \"Asia\" } }\n"));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->notes.size(), 1U);
}

TEST(ConfigFile, TextsOfAnyCharactersSurvive) {
  for (std::string id : {"a\nb", "tab\there", "back\\slash", "\x7f", "&amp;", "grün"}) {
    auto settings = alice();
    settings.id = id;
    auto read = parse_config(render_config(settings, ConfigExtent::fresh));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->settings.id, id);
  }
}

TEST(HtmlEscape, UndoesItselfAndLeavesOtherEntitiesAlone) {
  const std::string all = "<>\"&'`= &amp; plain";
  EXPECT_EQ(html_escaped("<>\"&'`="), "&lt;&gt;&quot;&amp;&#x27;&#x60;&#x3D;");
  EXPECT_EQ(html_unescaped(html_escaped(all)), all);
  EXPECT_EQ(html_unescaped("&copy; &"), "&copy; &");
}

TEST(DurationText, ReadsAndWritesHumanForms) {
  const std::map<std::string, std::string> forms{
      {"50ms", "50ms"}, {"1s 500ms", "1s 500ms"}, {"2000000ms", "33m 20s"}, {"5 min", "5m"},    {"12h", "12h"},
      {"0s", "0s"},     {"2days", "2days"},       {"1day", "1day"},         {"1year", "1year"}, {"1h1m1s", "1h 1m 1s"}};
  for (const auto& [read, written] : forms) {
    auto duration = parse_duration(read);
    ASSERT_TRUE(duration) << read;
    EXPECT_EQ(to_text(*duration), written);
  }
  for (const char* bad : {"", " ", "5", "-1s", "1.5s", "s", "1x", "999999999years", "1s-1s"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

}  // namespace
}  // namespace nym::cli

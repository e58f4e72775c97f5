#include "cli/command_line.h"

#include <gtest/gtest.h>

#include "engine/base/nearest_name.h"
#include "engine/base/text_encoding.h"
#include "engine/crypto/ed25519.h"
#include "net/os_random.h"

namespace nym::cli {
namespace {

using Words = std::vector<std::string>;

std::string some_gateway() {
  net::OsRandom random;
  return to_base58(crypto::Ed25519PrivateKey::generate(random).public_key().bytes());
}

Stop stop_of(const Words& words) {
  auto parsed = parse_command_line(words);
  auto* stop = std::get_if<Stop>(&parsed);
  EXPECT_NE(stop, nullptr) << "the arguments were accepted";
  return stop == nullptr ? Stop() : *stop;
}

Arguments arguments_of(const Words& words) {
  auto parsed = parse_command_line(words);
  if (auto* stop = std::get_if<Stop>(&parsed)) {
    ADD_FAILURE() << stop->err;
    return {};
  }
  return std::get<Arguments>(parsed);
}

/// A fault of exit code 2 whose text is this, then the pointer to the help.
void expect_fault(const Words& words, const std::string& text) {
  auto stop = stop_of(words);
  EXPECT_EQ(stop.exit_code, 2);
  EXPECT_EQ(stop.out, "");
  EXPECT_EQ(stop.err, "error: " + text + "\n\nFor more information, try '--help'.\n");
}

TEST(CommandLine, TakesEveryVisibleOptionOfInit) {
  auto arguments = arguments_of({"-c", "x.env", "--no-banner", "init", "--id", "alice", "--nym-apis",
                                 "http://a/api, http://b:1", "--disable-socket", "true", "-p", "2000", "--host=::1",
                                 "--output", "json", "--force-register-gateway", "--latency-based-selection"});
  EXPECT_EQ(arguments.command, CommandId::init);
  EXPECT_EQ(arguments.value(OptionId::config_env_file), "x.env");
  EXPECT_EQ(arguments.value(OptionId::id), "alice");
  EXPECT_EQ(arguments.list(OptionId::nym_apis), (Words{"http://a/api", "http://b:1"}));
  EXPECT_EQ(arguments.value(OptionId::port), "2000");
  EXPECT_EQ(arguments.value(OptionId::host), "::1");
  EXPECT_TRUE(arguments.has(OptionId::no_banner));
  EXPECT_TRUE(arguments.has(OptionId::latency_based_selection));
  EXPECT_TRUE(arguments.notes.empty());
}

TEST(CommandLine, TakesHiddenOptionsAndAliasesInBothCommands) {
  for (const char* command : {"init", "run"}) {
    auto arguments = arguments_of({command, "--id", "a", "--fastmode", "--no-cover", "--nyxd_validators", "http://x",
                                   "--api_validators", "http://y", "--enabled-credentials-mode", "false"});
    EXPECT_TRUE(arguments.has(OptionId::fastmode));
    EXPECT_TRUE(arguments.has(OptionId::no_cover));
    EXPECT_EQ(arguments.list(OptionId::nyxd_urls), Words{"http://x"});
    EXPECT_EQ(arguments.list(OptionId::nym_apis), Words{"http://y"});
    EXPECT_EQ(arguments.value(OptionId::enabled_credentials_mode), "false");
    EXPECT_TRUE(arguments.notes.empty());
  }
  EXPECT_TRUE(arguments_of({"init", "--id", "a", "--latency-based-routing"}).has(OptionId::latency_based_selection));
}

TEST(CommandLine, TakesShortOptionsInAllSpellings) {
  for (const Words& port : {Words{"-p", "7"}, Words{"-p7"}, Words{"-p=7"}, Words{"--port=7"}}) {
    Words words{"run", "--id", "a"};
    words.insert(words.end(), port.begin(), port.end());
    EXPECT_EQ(arguments_of(words).value(OptionId::port), "7");
  }
}

TEST(CommandLine, UrlListsMayBeRepeated) {
  auto arguments = arguments_of({"run", "--id", "a", "--nym-apis", "http://a,http://b", "--nym-apis", "http://c"});
  EXPECT_EQ(arguments.list(OptionId::nym_apis), (Words{"http://a", "http://b", "http://c"}));
}

TEST(CommandLine, OptionsOfOlderReleasesAreTakenWithANote) {
  auto old = arguments_of({"init", "--id", "a", "--validators", "http://v", "--vpn-mode", "--eth-endpoint", "x",
                           "--eth-private-key", "0", "--mixnet-contract", "n1", "--output-json"});
  EXPECT_EQ(old.list(OptionId::nym_apis), Words{"http://v"});
  EXPECT_EQ(old.value(OptionId::output), "json");
  ASSERT_EQ(old.notes.size(), 6U);
  EXPECT_EQ(old.notes[0], "--validators is now called --nym-apis");
  EXPECT_EQ(old.notes[5], "--output-json is now called --output json");
  EXPECT_EQ(arguments_of({"upgrade", "--id", "a", "--current-version", "0.9.0"}).notes.size(), 1U);
  EXPECT_EQ(arguments_of({"run", "--id", "a", "--directory", "http://d"}).list(OptionId::nym_apis), Words{"http://d"});
}

TEST(CommandLine, WhatIsMissingIsListed) {
  expect_fault({"init", "--nym-apis", "http://a"},
               "the following required arguments were not provided:\n  --id <ID>\n\n"
               "Usage: nym-client init --id <ID> --nym-apis <NYM_APIS>");
  expect_fault(
      {"completions"},
      "the following required arguments were not provided:\n  <SHELL>\n\nUsage: nym-client completions <SHELL>");
}

TEST(CommandLine, BadValuesSayWhatV1129Says) {
  const std::map<Words, std::string> faults{
      {{"--gateway", "xyz"},
       "invalid value 'xyz' for '--gateway <GATEWAY>': signature error: PublicKey must be 32 bytes in length"},
      {{"--gateway", "0OIl"},
       "invalid value '0OIl' for '--gateway <GATEWAY>': the base58 representation of the public key was malformed - "
       "provided string contained invalid character '0' at byte 0"},
      {{"--nym-apis", "nonsense"}, "invalid value 'nonsense' for '--nym-apis <NYM_APIS>': relative URL without a base"},
      {{"--nym-apis", ""}, "invalid value '' for '--nym-apis <NYM_APIS>': relative URL without a base"},
      {{"--port", "70000"}, "invalid value '70000' for '--port <PORT>': 70000 is not in 0..=65535"},
      {{"--port", "a"}, "invalid value 'a' for '--port <PORT>': invalid digit found in string"},
      {{"--host", "localhost"}, "invalid value 'localhost' for '--host <HOST>': invalid IP address syntax"},
      {{"--output", "yaml"}, "invalid value 'yaml' for '--output <OUTPUT>'\n  [possible values: text, json]"},
      {{"--disable-socket"},
       "a value is required for '--disable-socket <DISABLE_SOCKET>' but none was supplied\n"
       "  [possible values: true, false]"},
      {{"--allow-origin", "https://a/b"},
       "invalid value 'https://a/b' for '--allow-origin <ORIGIN>': an origin has no path, as in https://example.org"},
      {{"--metrics", "9300"},
       "invalid value '9300' for '--metrics <ADDRESS>': expected an IP address and a port, as in 127.0.0.1:9300"},
      {{"--api-max-message", "3"}, "invalid value '3' for '--api-max-message <BYTES>': 3 is not in 1024..=4294967296"},
  };
  for (const auto& [given, text] : faults) {
    Words words{"init", "--id", "a"};
    words.insert(words.end(), given.begin(), given.end());
    expect_fault(words, text);
  }
  expect_fault({"init", "--id", ""}, "invalid value '' for '--id <ID>': a client needs a name");
  expect_fault({"init", "--id", "a\nb"}, "invalid value 'a\nb' for '--id <ID>': it contains a control character");
}

TEST(CommandLine, TheSameOptionTwiceAndContradictingOnesAreRefused) {
  expect_fault({"init", "--id", "a", "--id", "b"},
               "the argument '--id <ID>' cannot be used multiple times\n\nUsage: nym-client init [OPTIONS] --id <ID>");
  auto stop = stop_of({"init", "--id", "a", "--gateway", some_gateway(), "--latency-based-selection"});
  EXPECT_TRUE(
      stop.err.starts_with("error: the argument '--gateway <GATEWAY>' cannot be used with "
                           "'--latency-based-selection'\n\nUsage: nym-client init --id <ID> --gateway "))
      << stop.err;
  EXPECT_EQ(stop.exit_code, 2);
}

TEST(CommandLine, NamesOfClientsMayBePaths) {
  EXPECT_EQ(arguments_of({"init", "--id", "../esc"}).value(OptionId::id), "../esc");
  EXPECT_EQ(arguments_of({"run", "--id=a/b c"}).value(OptionId::id), "a/b c");
}

TEST(CommandLine, RunTakesAGatewayAndChecksIt) {
  auto gateway = some_gateway();
  EXPECT_EQ(arguments_of({"run", "--id", "a", "--gateway", gateway}).value(OptionId::gateway), gateway);
  EXPECT_EQ(stop_of({"run", "--id", "a", "--gateway", "xyz"}).exit_code, 2);
}

TEST(CommandLine, NearMissesGetATip) {
  expect_fault({"init", "--id", "a", "--nym-api", "x"},
               "unexpected argument '--nym-api' found\n\n  tip: a similar argument exists: '--nym-apis'\n\n"
               "Usage: nym-client init [OPTIONS] --id <ID>");
  expect_fault({"init", "--foo"}, "unexpected argument '--foo' found\n\nUsage: nym-client init [OPTIONS] --id <ID>");
  expect_fault({"init", "--no-banner"},
               "unexpected argument '--no-banner' found\n\n  tip: it goes before the command: 'nym-client --no-banner "
               "init'\n\nUsage: nym-client init [OPTIONS] --id <ID>");
  expect_fault(
      {"--id", "a"},
      "unexpected argument '--id' found\n\n  tip: 'init --id' exists\n\nUsage: nym-client [OPTIONS] <COMMAND>");
  expect_fault({"inti"},
               "unrecognized subcommand 'inti'\n\n  tip: a similar subcommand exists: 'init'\n\n"
               "Usage: nym-client [OPTIONS] <COMMAND>");
  expect_fault({"completions", "power"},
               "invalid value 'power' for '<SHELL>'\n  [possible values: bash, elvish, fish, power-shell, zsh]\n\n"
               "  tip: a similar value exists: 'power-shell'");
}

TEST(CommandLine, BothSpellingsOfPowershellAreTaken) {
  EXPECT_EQ(arguments_of({"completions", "powershell"}).value(OptionId::shell), "powershell");
  EXPECT_EQ(arguments_of({"completions", "power-shell"}).value(OptionId::shell), "power-shell");
}

TEST(CommandLine, HelpIsPrintedAndDoesNotNameHiddenOptions) {
  for (const Words& words : {Words{"init", "--help"}, Words{"init", "-h"}, Words{"help", "init"}}) {
    auto stop = stop_of(words);
    EXPECT_EQ(stop.exit_code, 0);
    EXPECT_NE(stop.out.find("Usage: nym-client init [OPTIONS] --id <ID>\n\nOptions:\n      --id <ID>\n          "),
              std::string::npos)
        << stop.out;
    EXPECT_EQ(stop.out.find("fastmode"), std::string::npos);
    EXPECT_EQ(stop.out.find("vpn-mode"), std::string::npos);
    EXPECT_NE(stop.out.find("[default: text] [possible values: text, json]"), std::string::npos);
  }
}

TEST(CommandLine, OptionsOfTheOriginalStandInItsOrder) {
  auto help = stop_of({"init", "--help"}).out;
  std::size_t at = 0;
  for (const char* name : {"--id ", "--gateway ", "--latency-based-selection", "--force-register-gateway", "--nym-apis",
                           "--disable-socket", "--port", "--host", "--output", "--help"}) {
    auto found = help.find(std::string(name), at);
    ASSERT_NE(found, std::string::npos) << name;
    at = found;
  }
}

TEST(CommandLine, WithoutACommandTheHelpGoesToStderr) {
  auto stop = stop_of({});
  EXPECT_EQ(stop.exit_code, 2);
  EXPECT_EQ(stop.out, "");
  EXPECT_TRUE(
      stop.err.starts_with("Implementation of the Nym Client\n\nUsage: nym-client [OPTIONS] <COMMAND>\n\n"
                           "Commands:\n  init "))
      << stop.err;
}

TEST(CommandLine, TheShortVersionIsOneLineTheLongOneTellsTheBuild) {
  EXPECT_EQ(stop_of({"-V"}).out, "nym-client 1.1.29\n");
  auto text = stop_of({"--version"}).out;
  EXPECT_TRUE(text.starts_with("nym-client \nBinary Name:        nym-client\nBuild Timestamp:    ")) << text;
  EXPECT_TRUE(text.ends_with("\n\n")) << text;
  EXPECT_EQ(stop_of({"run", "--version"}).exit_code, 2);
}

TEST(CommandLine, AnyArgumentsAreAnswered) {
  const Words odd{"", "-", "--", "---", "-=", "--=", "--id", "--id=", "-p", "-pp", "\xff\xfe", "init", "help", "run"};
  for (const auto& first : odd) {
    for (const auto& second : odd) {
      for (const auto& third : odd) (void)parse_command_line(Words{first, second, third});
    }
  }
}

TEST(NearestName, FindsSlipsAndNotStrangers) {
  const std::vector<std::string_view> names{"version", "host", "listening_port"};
  EXPECT_EQ(nearest_name("verison", names), "version");
  EXPECT_EQ(nearest_name("hosts", names), "host");
  EXPECT_EQ(nearest_name("listening", names), "listening_port");
  EXPECT_EQ(nearest_name("nonsense", names), std::nullopt);
  EXPECT_EQ(nearest_name("", names), std::nullopt);
  EXPECT_EQ(nearest_name(std::string(100'000, 'a'), names), std::nullopt);
}

}  // namespace
}  // namespace nym::cli

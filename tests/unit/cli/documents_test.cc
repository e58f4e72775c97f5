#include "cli/documents.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/build_info.h"
#include "cli/completions.h"
#include "cli/config_table.h"
#include "cli/option_table.h"
#include "tests/net/temporary_directory.h"

namespace nym::cli {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const std::string kDocs = std::string(NYM_SOURCE) + "/docs/";

TEST(Documents, TheManualPageIsWhatTheProgramPrints) {
  EXPECT_EQ(file_text(kDocs + "nym-client.1"), manual_page())
      << "renew it: nym-client generate-docs man-page > docs/nym-client.1";
}

TEST(Documents, TheConfigurationReferenceIsWhatTheProgramPrints) {
  EXPECT_EQ(file_text(kDocs + "config.md"), config_reference())
      << "renew it: nym-client generate-docs config-reference > docs/config.md";
}

TEST(Documents, TheOptionListInClientMdIsWhatTheProgramPrints) {
  auto text = file_text(kDocs + "client.md");
  const std::string begin = "<!-- options: begin -->\n";
  auto from = text.find(begin);
  auto to = text.find("<!-- options: end -->");
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  from += begin.size();
  EXPECT_EQ(text.substr(from, to - from), option_list())
      << "renew what stands between the marks: nym-client generate-docs option-list";
}

TEST(Documents, EveryOptionAndKeyIsInThem) {
  auto options = option_list();
  auto manual = manual_page();
  for (const auto& command : command_specs()) {
    if (command.visibility != Visibility::shown) continue;
    for (const auto& option : command.options) {
      if (option.id == OptionId::help) continue;
      EXPECT_NE(options.find("`" + option.signature() + "`"), std::string::npos) << option.name;
    }
  }
  auto reference = config_reference();
  for (const auto& key : config_keys()) {
    EXPECT_NE(reference.find("| `" + std::string(key.key) + "`"), std::string::npos) << key.path();
  }
  EXPECT_NE(manual.find(".SH EXIT STATUS"), std::string::npos);
}

TEST(Documents, OptionsHaveUniqueNamesAndHelp) {
  for (const auto& command : command_specs()) {
    std::set<std::string_view> names;
    for (const auto& option : command.options) {
      EXPECT_TRUE(names.insert(option.name).second) << command.name << " --" << option.name;
      for (auto alias : option.aliases) EXPECT_TRUE(names.insert(alias).second) << alias;
      bool is_described = option.visibility == Visibility::outdated ? !option.note.empty() : !option.help.empty();
      EXPECT_TRUE(is_described) << option.name;
      EXPECT_EQ(option.takes_value(), !option.value_name.empty()) << option.name;
    }
  }
}

/// What bash offers for a line that ends where the cursor is.
std::string bash_offers(const std::vector<std::string>& words) {
  net::test::TemporaryDirectory directory;
  auto script = directory.path() / "script";
  std::ofstream out(script);
  out << completions_for(Shell::bash) << "COMP_WORDS=(";
  for (const auto& word : words) out << "'" << word << "' ";
  out << ")\nCOMP_CWORD=" << words.size() - 1 << "\n_nym-client\necho \"${COMPREPLY[*]}\"\n";
  out.close();
  auto answer = directory.path() / "answer";
  auto command = "bash " + script.string() + " > " + answer.string() + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);
  auto text = file_text(answer.string());
  return text.substr(0, text.find('\n'));
}

TEST(Completions, BashCompletesCommandsOptionsAndValuesOfNymClient) {
  EXPECT_TRUE(completions_for(Shell::bash)
                  .ends_with("complete -F _nym-client -o nosort -o bashdefault -o default nym-client\n"));
  EXPECT_EQ(bash_offers({"nym-client", "ini"}), "init");
  EXPECT_EQ(bash_offers({"nym-client", "--no-banner", "init", "--la"}), "--latency-based-selection");
  EXPECT_EQ(bash_offers({"nym-client", "run", "--fast"}), "--fastmode") << "hidden options are completed";
  EXPECT_EQ(bash_offers({"nym-client", "run", "--latency"}), "") << "not an option of run";
  EXPECT_EQ(bash_offers({"nym-client", "init", "--output", ""}), "text json");
  EXPECT_EQ(bash_offers({"nym-client", "-c", "run", "init", "--outp"}), "--output") << "run is a file's name here";
  EXPECT_EQ(bash_offers({"nym-client", "completions", ""}), "-h --help bash elvish fish power-shell zsh");
  EXPECT_EQ(bash_offers({"nym-client", "help", "ru"}), "run");
}

TEST(Completions, EveryShellKnowsEveryOptionOfThisProgram) {
  for (auto shell : {Shell::bash, Shell::elvish, Shell::fish, Shell::powershell, Shell::zsh}) {
    auto script = completions_for(shell);
    EXPECT_NE(script.find("nym-client"), std::string::npos);
    EXPECT_EQ(script.find("nym-native-client"), std::string::npos);
    EXPECT_EQ(script.find("vpn-mode"), std::string::npos);
    EXPECT_EQ(script.find("generate-docs"), std::string::npos);
    for (const char* name : {"latency-based-selection", "no-cover", "config-env-file", "build-info", "power-shell"}) {
      EXPECT_NE(script.find(name), std::string::npos) << name << " in\n" << script;
    }
  }
}

TEST(FigSpec, HasTheGrammarOfTheOriginal) {
  auto spec = fig_spec();
  EXPECT_TRUE(
      spec.starts_with("const completion: Fig.Spec = {\n  name: \"nym-client\",\n  description: "
                       "\"Implementation of the Nym Client\",\n  subcommands: [\n    {\n      name: \"init\",\n"))
      << spec.substr(0, 300);
  EXPECT_TRUE(spec.ends_with("  ],\n};\n\nexport default completion;\n"));
  EXPECT_NE(spec.find("          name: [\"-p\", \"--port\"],\n"), std::string::npos);
  EXPECT_NE(spec.find("          exclusiveOn: [\n            \"--latency-based-selection\",\n          ],\n"
                      "          isRepeatable: true,\n          args: {\n            name: \"gateway\",\n"
                      "            isOptional: true,\n          },\n"),
            std::string::npos);
  EXPECT_EQ(std::count(spec.begin(), spec.end(), '{'), std::count(spec.begin(), spec.end(), '}'));
  EXPECT_EQ(std::count(spec.begin(), spec.end(), '['), std::count(spec.begin(), spec.end(), ']'));
}

TEST(BuildInfo, HasTheLabelsAndKeysThatScriptsKnow) {
  auto info = build_info();
  auto text = build_info_text(info);
  std::size_t at = 0;
  EXPECT_TRUE(text.starts_with("\nBinary Name:        nym-client\n"));
  for (const char* label : {"Binary Name:", "Build Timestamp:", "Build Version:", "Commit SHA:", "Commit Date:",
                            "Commit Branch:", "rustc Version:", "rustc Channel:", "cargo Profile:"}) {
    at = text.find("\n" + std::string(label) + " ", at);
    ASSERT_NE(at, std::string::npos) << label;
  }
  auto json = nlohmann::ordered_json::parse(build_info_json(info));
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"binary_name", "build_timestamp", "build_version", "commit_sha",
                                            "commit_timestamp", "commit_branch", "rustc_version", "rustc_channel",
                                            "cargo_profile"}));
  EXPECT_EQ(json["build_version"], "1.1.29");
}

}  // namespace
}  // namespace nym::cli

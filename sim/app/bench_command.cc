#include <fmt/format.h>

#include <memory>

#include "sim/app/commands.h"
#include "sim/app/subject_options.h"
#include "sim/app/sweep_commands.h"
#include "sim/bench/bench.h"

namespace nym::sim {
namespace {

constexpr std::size_t kPending = 10'000;
/// Multiplications for a data packet and its acknowledgement: made and peeled.
constexpr double kMultiplicationsOfPair = 27;

enum class Size : std::uint8_t { usual, quick, million };

struct BenchArguments {
  Size size = Size::usual;
  OutputForm form = OutputForm::text;
};

struct Figures {
  IdleClients idle;
  double key_agreements = 0;
  double events = 0;
  LoadSpeed model;
  LoadSpeed real;

  /// Of the time that OpenSSL's multiplications alone would take, what a pair takes.
  double real_ratio() const { return real.data_packets_per_s() * kMultiplicationsOfPair / key_agreements; }
};

Result<IdleClients> measure_idle(Size size) {
  if (size == Size::million) return measure_idle_clients(1'000'000, Duration::milliseconds(100));
  if (size == Size::quick) return measure_idle_clients(2'000, Duration::seconds(1));
  return measure_idle_clients(100'000, Duration::seconds(1));
}

// Idle clients come first: what others took would be theirs too.
Result<Figures> measure(Size size) {
  bool is_quick = size == Size::quick;
  Figures figures;
  NYM_TRY(figures.idle, measure_idle(size));
  figures.key_agreements = measure_key_agreements(is_quick ? 2'000 : 20'000);
  figures.events = measure_event_queue(kPending, is_quick ? 1'000'000 : 10'000'000);
  NYM_TRY(figures.model, measure_model(Duration::seconds(is_quick ? 2 : 30)));
  NYM_TRY(figures.real, measure_real(Duration::seconds(is_quick ? 1 : 8)));
  return figures;
}

std::string last_line(const Figures& figures) {
  return fmt::format("model_packets_per_s={:.0f} real_packets_per_s={:.0f} events_per_s={:.0f} idle_client_bytes={}",
                     figures.model.sphinx_packets_per_s(), figures.real.data_packets_per_s(), figures.events,
                     figures.idle.bytes_each());
}

void print_row(const std::string& what, double figure, const char* unit) {
  fmt::print("{:<58} {:>14.0f} {}\n", what, figure, unit);
}

void print_table(const Figures& figures) {
  print_row("model: Sphinx packets made and delivered", figures.model.sphinx_packets_per_s(), "/s");
  print_row("model: packets on links", figures.model.link_packets_per_s(), "/s");
  print_row("real: data packets, each with its acknowledgement", figures.real.data_packets_per_s(), "/s");
  print_row("real: packets on links", figures.real.link_packets_per_s(), "/s");
  print_row("OpenSSL X25519 key agreements", figures.key_agreements, "/s");
  print_row(fmt::format("real against {} of those a packet", kMultiplicationsOfPair), figures.real_ratio() * 100, "%");
  print_row(fmt::format("event queue with {} pending: pairs of push and pop", kPending), figures.events, "/s");
  print_row(fmt::format("{} idle clients: memory of each", figures.idle.clients),
            static_cast<double>(figures.idle.bytes_each()), "bytes");
  print_row("together", static_cast<double>(figures.idle.bytes) / 1e6, "MB");
  print_row("processor time of that", figures.idle.cpu_seconds, "s");
  fmt::print("one core; times are those of the processor\n{}\n", last_line(figures));
}

void print_json(const Figures& figures) {
  fmt::print(
      R"({{"model_packets_per_s":{:.0f},"model_link_packets_per_s":{:.0f},"real_packets_per_s":{:.0f},)"
      R"("real_link_packets_per_s":{:.0f},"key_agreements_per_s":{:.0f},"real_ratio":{:.4f},"events_per_s":{:.0f},)"
      R"("idle_clients":{},"idle_client_bytes":{},"idle_bytes":{},"idle_cpu_s":{:.3f}}})"
      "\n",
      figures.model.sphinx_packets_per_s(), figures.model.link_packets_per_s(), figures.real.data_packets_per_s(),
      figures.real.link_packets_per_s(), figures.key_agreements, figures.real_ratio(), figures.events,
      figures.idle.clients, figures.idle.bytes_each(), figures.idle.bytes, figures.idle.cpu_seconds);
}

int run_bench(const BenchArguments& arguments) {
  auto figures = measure(arguments.size);
  if (!figures) return refuse(figures.error());
  if (arguments.form == OutputForm::json) {
    print_json(*figures);
  } else {
    print_table(*figures);
  }
  return 0;
}

}  // namespace

Command bench_command(CLI::App& app) {
  auto arguments = std::make_shared<BenchArguments>();
  auto* command = app.add_subcommand("bench", "measure how fast the simulator is on one core of this machine");
  auto* quick = command->add_flag_callback(
      "--quick", [=] { arguments->size = Size::quick; }, "a few seconds, less exact, with few idle clients");
  command
      ->add_flag_callback(
          "--million", [=] { arguments->size = Size::million; }, "a million idle clients for a tenth of a second")
      ->excludes(quick);
  command->add_flag_callback("--json", [=] { arguments->form = OutputForm::json; }, "as JSON");
  return {command, [=] { return run_bench(*arguments); }};
}

}  // namespace nym::sim

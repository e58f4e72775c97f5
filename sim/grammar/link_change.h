#pragma once

#include "sim/grammar/fault.h"
#include "sim/grammar/text_reader.h"

namespace nym::sim {

/// `loss 5% latency normal(40ms,10ms) clog`, to the end of the text. Error: bad_text.
Result<LinkChange> parse_link_change(TextReader& reader);
std::string to_text(const LinkChange& change);

}  // namespace nym::sim

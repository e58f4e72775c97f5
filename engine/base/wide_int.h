#pragma once

namespace nym {

// 128 bits, a compiler extension that both supported compilers have.
__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

}  // namespace nym

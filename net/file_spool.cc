#include "net/file_spool.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "net/files.h"

namespace nym::net {
namespace {

class MappedFile final : public SpoolRegion {
 public:
  MappedFile(void* address, std::size_t size) : address_(address), size_(size) {}
  ~MappedFile() override { ::munmap(address_, size_); }
  std::span<std::uint8_t> bytes() override { return {static_cast<std::uint8_t*>(address_), size_}; }
  // The pages stay in the file; only our view of them goes.
  void settle() override { ::madvise(address_, size_, MADV_DONTNEED); }

 private:
  void* address_;
  std::size_t size_;
};

int open_nameless(const std::filesystem::path& folder) {
  int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kPrivateFileMode);
  if (descriptor >= 0) return descriptor;
  std::string name = (folder / "spool.XXXXXX").string();  // a file system without nameless files
  descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor >= 0) ::unlink(name.c_str());
  return descriptor;
}

}  // namespace

std::shared_ptr<SpoolRegion> FileSpool::make(std::size_t size) {
  int descriptor = open_nameless(folder_);
  if (descriptor < 0) return nullptr;
  void* address = MAP_FAILED;
  if (size > 0 && ::posix_fallocate(descriptor, 0, static_cast<off_t>(size)) == 0) {
    address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  }
  ::close(descriptor);
  if (address == MAP_FAILED) return nullptr;
  return std::make_shared<MappedFile>(address, size);
}

}  // namespace nym::net

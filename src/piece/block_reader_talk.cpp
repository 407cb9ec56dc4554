#include "piece/block_reader_talk.hpp"
#include "io/offload.hpp"

namespace cotorra::piece {

io::task<std::shared_ptr<buffer const>>
read_blocks(io::workers& pool, storage& files, std::uint64_t offset, std::size_t length) {
  auto work = [&]() -> std::shared_ptr<buffer const> {
    auto const data = std::make_shared<buffer>(length);
    std::error_code const error = files.read(offset, *data);
    if (error) throw std::system_error(error, files.where(error));
    return data;
  };
  co_return co_await io::offload(pool, std::ref(work));
}

} // namespace cotorra::piece

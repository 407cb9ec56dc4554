#include "piece/block_reader_talk.hpp"

namespace cotorra::piece {

io::task<std::shared_ptr<buffer_pool::loan const>>
block_reader::read(std::uint64_t offset, std::size_t length) {
  auto data = std::make_shared<buffer_pool::loan>(memory_.take(length));
  auto work = [&] {
    std::error_code const error = files_.read(offset, data->view());
    if (error) throw std::system_error(error, files_.where(error));
    return true;
  };
  co_await lane_.run(std::ref(work));
  co_return std::move(data);
}

} // namespace cotorra::piece

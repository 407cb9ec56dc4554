#include "piece/block_reader_talk.hpp"

namespace cotorra::piece {
namespace {
constexpr std::size_t most_files = 16; // more than that take long, on any disk
}

io::task<std::shared_ptr<buffer_pool::loan const>>
read_blocks(disk_lane& lane, buffer_pool& memory, storage& files, std::uint64_t offset,
            std::size_t length) {
  auto data = std::make_shared<buffer_pool::loan>(memory.take(length));
  auto work = [&] { return files.read(offset, data->view()); };
  bool const few = files.files().slices(offset, length).size() <= most_files;
  effort const how = few ? effort::brief : effort::lengthy;
  std::error_code const error = co_await lane.run(std::ref(work), how);
  if (error) throw std::system_error(error, files.where(error));
  co_return std::move(data);
}

} // namespace cotorra::piece

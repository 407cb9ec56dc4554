#include "piece/block_reader_talk.hpp"

namespace cotorra::piece {

io::task<std::shared_ptr<buffer_pool::loan const>>
read_blocks(disk_lane& lane, buffer_pool& memory, storage& files, std::uint64_t offset,
            std::size_t length) {
  auto data = std::make_shared<buffer_pool::loan>(memory.take(length));
  auto work = [&] { return files.read(offset, data->view()); };
  effort const how = effort_for(files.files(), offset, length);
  std::error_code const error = co_await lane.run(std::ref(work), how);
  if (error) throw std::system_error(error, files.where(error));
  co_return std::move(data);
}

} // namespace cotorra::piece

// Yardsticks: what this machine can do at best, in the same units as a download.
//   limits sha1    SECONDS BLOCK          SHA-1 of BLOCK-byte buffers on one core
//   limits tcp     BYTES CHUNK            one process sends, one receives, loopback,
//   nothing else limits floor   SRC DST PIECE BLOCK    the least work a BitTorrent
//   leecher can do: a sender
//                                         preads SRC and sends it in messages of BLOCK
//                                         bytes, the receiver hashes every PIECE and
//                                         pwrites it to DST (one thread each). "floor2"
//                                         hashes and writes in a second thread.
// One JSON line on standard output.
#include <arpa/inet.h>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using clk = std::chrono::steady_clock;
static double since(clk::time_point t) {
  return std::chrono::duration<double>(clk::now() - t).count();
}
static void die(char const* what) {
  perror(what);
  exit(1);
}

static void sha1(void const* p, size_t n, unsigned char out[20]) {
  static EVP_MD const* md = EVP_sha1();
  unsigned len = 20;
  EVP_Digest(p, n, out, &len, md, nullptr);
}

static void connected_pair(int& a, int& b) {
  int l = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in sa{};
  sa.sin_family = AF_INET;
  sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t sl = sizeof sa;
  if (bind(l, (sockaddr*)&sa, sl) || listen(l, 1) || getsockname(l, (sockaddr*)&sa, &sl))
    die("listen");
  a = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(a, (sockaddr*)&sa, sl)) die("connect");
  b = accept(l, nullptr, nullptr);
  close(l);
  int one = 1;
  setsockopt(a, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static double cpu(int who) {
  rusage r;
  getrusage(who, &r);
  return r.ru_utime.tv_sec + r.ru_utime.tv_usec / 1e6 + r.ru_stime.tv_sec +
         r.ru_stime.tv_usec / 1e6;
}

int main(int argc, char** argv) {
  std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "sha1" && argc == 4) {
    double secs = atof(argv[2]);
    std::vector<unsigned char> buf(atol(argv[3]), 7);
    unsigned char out[20];
    auto t = clk::now();
    double bytes = 0;
    while (since(t) < secs) {
      sha1(buf.data(), buf.size(), out);
      bytes += buf.size();
    }
    printf("{\"mode\": \"sha1\", \"block\": %zu, \"gb_s\": %.3f}\n", buf.size(),
           bytes / since(t) / 1e9);
    return 0;
  }
  if (mode == "tcp" && argc == 4) {
    size_t total = strtoull(argv[2], nullptr, 10), chunk = atol(argv[3]);
    int a, b;
    connected_pair(a, b);
    auto t = clk::now();
    if (fork() == 0) {
      close(b);
      std::vector<char> buf(chunk, 3);
      for (size_t left = total; left;) {
        ssize_t n = write(a, buf.data(), std::min(left, chunk));
        if (n <= 0) _exit(1);
        left -= n;
      }
      _exit(0);
    }
    close(a);
    std::vector<char> buf(chunk);
    size_t got = 0;
    for (ssize_t n; (n = read(b, buf.data(), chunk)) > 0;) got += n;
    double w = since(t);
    wait(nullptr);
    printf("{\"mode\": \"tcp\", \"chunk\": %zu, \"bytes\": %zu, \"wall\": %.3f, "
           "\"gb_s\": %.3f, \"recv_cpu\": %.3f, \"send_cpu\": %.3f}\n",
           chunk, got, w, got / w / 1e9, cpu(RUSAGE_SELF), cpu(RUSAGE_CHILDREN));
    return 0;
  }
  if ((mode == "floor" || mode == "floor2") && argc == 6) {
    int src = open(argv[2], O_RDONLY);
    if (src < 0) die(argv[2]);
    struct stat st;
    fstat(src, &st);
    size_t total = st.st_size, piece = atol(argv[4]), block = atol(argv[5]);
    int a, b;
    connected_pair(a, b);
    auto t = clk::now();
    if (fork() == 0) {
      close(b);
      std::vector<char> buf(block);
      for (size_t off = 0; off < total;) {
        ssize_t n = pread(src, buf.data(), std::min(block, total - off), off);
        if (n <= 0) _exit(1);
        for (ssize_t d = 0; d < n;) {
          ssize_t w = write(a, buf.data() + d, n - d);
          if (w <= 0) _exit(1);
          d += w;
        }
        off += n;
      }
      _exit(0);
    }
    close(a);
    int dst = open(argv[3], O_CREAT | O_TRUNC | O_WRONLY, 0644);
    if (dst < 0) die(argv[3]);
    unsigned sum = 0;
    auto finish = [&](std::vector<char>& v, size_t n, size_t off) {
      unsigned char h[20];
      sha1(v.data(), n, h);
      sum += h[0];
      if (pwrite(dst, v.data(), n, off) != (ssize_t)n) die("pwrite");
    };
    struct job {
      std::vector<char> v;
      size_t n, off;
    };
    std::deque<job> q;
    std::vector<std::vector<char>> spare;
    std::mutex m;
    std::condition_variable cv;
    bool end = false;
    std::thread worker;
    if (mode == "floor2")
      worker = std::thread([&] {
        std::unique_lock<std::mutex> l(m);
        for (;;) {
          cv.wait(l, [&] { return end || !q.empty(); });
          if (q.empty()) return;
          job j = std::move(q.front());
          q.pop_front();
          l.unlock();
          finish(j.v, j.n, j.off);
          l.lock();
          spare.push_back(std::move(j.v));
          cv.notify_all();
        }
      });
    std::vector<char> buf(piece);
    for (size_t off = 0; off < total;) {
      size_t want = std::min(piece, total - off), have = 0;
      while (have < want) {
        ssize_t n = read(b, buf.data() + have, std::min(want - have, (size_t)256 << 10));
        if (n <= 0) die("read");
        have += n;
      }
      if (mode == "floor")
        finish(buf, want, off);
      else {
        std::unique_lock<std::mutex> l(m);
        cv.wait(l, [&] { return q.size() < 16; });
        q.push_back({std::move(buf), want, off});
        if (!spare.empty()) {
          buf = std::move(spare.back());
          spare.pop_back();
        } else
          buf = std::vector<char>(piece);
        cv.notify_all();
      }
      off += want;
    }
    if (worker.joinable()) {
      {
        std::lock_guard<std::mutex> l(m);
        end = true;
      }
      cv.notify_all();
      worker.join();
    }
    close(dst);
    double w = since(t);
    wait(nullptr);
    printf("{\"mode\": \"%s\", \"bytes\": %zu, \"block\": %zu, \"wall\": %.3f, \"gb_s\": "
           "%.3f, \"recv_cpu\": %.3f, \"send_cpu\": %.3f, \"x\": %u}\n",
           mode.c_str(), total, block, w, total / w / 1e9, cpu(RUSAGE_SELF),
           cpu(RUSAGE_CHILDREN), sum & 1);
    return 0;
  }
  fprintf(stderr, "usage: limits sha1 SECONDS BLOCK | tcp BYTES CHUNK | floor|floor2 SRC "
                  "DST PIECE BLOCK\n");
  return 2;
}

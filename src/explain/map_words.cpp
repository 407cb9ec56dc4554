#include "explain/map_words.hpp"
#include <span>

namespace cotorra::explain {
namespace {

struct meaning {
  std::string_view key;
  char const* words;
};

constexpr meaning of_torrent[]{
    {"announce", "the tracker's URL"},
    {"announce-list", "more trackers, in tiers (BEP 12)"},
    {"attr", "x: executable, h: hidden, p: padding, l: link (BEP 47)"},
    {"collections", "sets that the torrent belongs to (BEP 38)"},
    {"comment", "free text"},
    {"comment.utf-8", "the comment again, for certain in UTF-8"},
    {"created by", "the program that made this file"},
    {"creation date", "in seconds since 1970"},
    {"encoding", "what the strings are written in"},
    {"file tree", "the files (BEP 52)"},
    {"files", "the files, in the order of their bytes"},
    {"httpseeds", "web servers that have the pieces (BEP 17)"},
    {"info", "what is shared; its SHA-1 is the info_hash"},
    {"length", "of the file, in bytes"},
    {"md5sum", "of the file; not checked"},
    {"meta version", "2: BEP 52"},
    {"name", "a name for the file or folder"},
    {"name.utf-8", "the name again, for certain in UTF-8"},
    {"nodes", "DHT nodes to ask (BEP 5)"},
    {"path", "folders, then the file's name"},
    {"path.utf-8", "the path again, for certain in UTF-8"},
    {"piece layers", "hashes of the pieces (BEP 52)"},
    {"piece length", "of every piece but the last, in bytes"},
    {"pieces", "the SHA-1 of each piece"},
    {"private", "1: peers from its trackers only (BEP 27)"},
    {"publisher", "who published it"},
    {"publisher-url", "the publisher's page"},
    {"similar", "other torrents with the same files (BEP 38)"},
    {"source", "free text that makes another info_hash"},
    {"symlink path", "where the link leads (BEP 47)"},
    {"url-list", "web servers that have the files (BEP 19)"},
};

constexpr meaning of_answer[]{
    {"complete", "how many seeders there are"},
    {"downloaded", "how many downloads came to their end"},
    {"external ip", "where the tracker sees us (BEP 24)"},
    {"failure reason", "why the tracker says no"},
    {"incomplete", "how many leechers there are"},
    {"interval", "seconds until the next announce"},
    {"ip", "address of the peer, or its name"},
    {"min interval", "announce never sooner than this"},
    {"peer id", "the peer_id, for the handshake"},
    {"peers", "where the others are"},
    {"peers6", "those with IPv6 (BEP 7)"},
    {"port", "where the peer listens"},
    {"retry in", "minutes, or never (BEP 31)"},
    {"tracker id", "to be repeated at each announce"},
    {"warning message", "to be shown to the user"},
};

constexpr meaning of_resume[]{
    {"files", "how each file looked: [size, mtime, ctime, inode]"},
    {"info hash", "which torrent this is about"},
    {"piece count", "how many pieces it has"},
    {"piece length", "of every piece but the last, in bytes"},
    {"pieces", "a bit for each: verified and on the disk"},
    {"settled", "1: the other pieces are not there"},
    {"version", "of this file's form"},
};

constexpr meaning of_extension[]{
    {"added", "peers that came (BEP 11)"},
    {"complete_ago", "seconds since the download ended"},
    {"dropped", "peers that left (BEP 11)"},
    {"ipv4", "the sender's address"},
    {"ipv6", "the sender's address"},
    {"m", "extensions, and the ids they are to have"},
    {"metadata_size", "of the info dictionary, in bytes (BEP 9)"},
    {"msg_type", "0: request, 1: data, 2: reject (BEP 9)"},
    {"p", "the port where the sender listens"},
    {"piece", "which 16 KiB of the metadata (BEP 9)"},
    {"reqq", "how many requests it keeps waiting"},
    {"total_size", "of the metadata, in bytes (BEP 9)"},
    {"upload_only", "1: it wants nothing (BEP 21)"},
    {"v", "the sender's name and version"},
    {"yourip", "your address, as the sender sees it"},
};

constexpr meaning of_krpc[]{
    {"a", "the arguments of the query"},
    {"e", "the error: its code, and words"},
    {"id", "of the node that sends this"},
    {"implied_port", "1: the peer listens where the query came from"},
    {"info_hash", "which torrent"},
    {"ip", "where the answering node sees the other (BEP 42)"},
    {"nodes", "the nearest nodes that it knows"},
    {"nodes6", "the nearest with IPv6 (BEP 32)"},
    {"noseed", "1: peers that still download are enough (BEP 33)"},
    {"p", "the port that the query came from, as libtorrent says it"},
    {"port", "where the peer listens"},
    {"q", "the method"},
    {"r", "what the query returns"},
    {"ro", "1: the asking node answers no queries (BEP 43)"},
    {"scrape", "1: count the peers, too (BEP 33)"},
    {"seed", "1: the peer has the whole torrent (BEP 33)"},
    {"t", "the transaction id, which the answer repeats"},
    {"target", "the id that is looked for"},
    {"token", "an announce_peer must bring it back"},
    {"v", "the client and its version"},
    {"values", "peers of the torrent"},
    {"want", "which nodes to return (BEP 32)"},
    {"y", "q: query, r: answer, e: error"},
};

std::span<meaning const> words_of(bencode_kind kind) {
  switch (kind) {
  case bencode_kind::torrent:
    return of_torrent;
  case bencode_kind::tracker_answer:
    return of_answer;
  case bencode_kind::resume:
    return of_resume;
  case bencode_kind::extension:
    return of_extension;
  case bencode_kind::krpc:
    return of_krpc;
  case bencode_kind::other:
    break;
  }
  return {};
}

} // namespace

char const* meaning_of(bencode_kind kind, std::string_view key) {
  for (meaning const& m : words_of(kind))
    if (m.key == key) return m.words;
  return nullptr;
}

} // namespace cotorra::explain

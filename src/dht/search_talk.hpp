// A lookup under way (BEP 5): asks the nearest nodes, waits for answers, asks nearer
// ones, until the nearest of all have answered. What to ask is decided by the machine,
// lookup.
#pragma once
#include "dht/lookup.hpp"
#include "dht/open_queries.hpp"
#include "io/clock.hpp"
#include "io/event.hpp"
#include <functional>

namespace cotorra::dht {

// One question of a lookup, for the user: what came of it.
struct lookup_step {
  enum class kind { answered, refused, silent };
  kind what;
  endpoint at;
  std::optional<node_id> id; // nothing: an entrance that did not answer
  unsigned hop = 0;          // answers that led to this one, and itself
  duration took{};
  std::size_t new_nodes = 0, new_peers = 0; // that the answer told of
};

struct search_events {
  std::function<void(std::span<endpoint const>)> found; // peers, as they come
  std::function<void(lookup_step const&)> step;
};

// Hears what came of its own questions.
class listener {
public:
  virtual void answered(open_queries::query const&, answer const&) = 0;
  virtual void failed(open_queries::query const&, bool refused) = 0;
  virtual void time_passed() {} // now and then, while questions are open

protected:
  ~listener() = default;
};

class search : public listener {
public:
  // What carries the questions to the nodes.
  class host {
  public:
    // False: it cannot be sent, and there will be no answer.
    virtual task<bool> ask(endpoint to, std::optional<node_id> id, query what,
                           open_queries::purpose) = 0;
    virtual io::clock& time() = 0;

  protected:
    ~host() = default;
  };

  // `what` is sent to each node; its target is the lookup's. The answers to questions
  // with this purpose are to be given to it.
  search(host&, io::executor, query what, open_queries::purpose, bool addresses_shared,
         search_events);

  void begin_at(contact const& c) { lookup_.add(c); }
  void begin_at(endpoint const& entrance) { lookup_.add_entrance(entrance); }
  task<> run();
  lookup const& result() const { return lookup_; }

  void answered(open_queries::query const&, answer const&) override;
  void failed(open_queries::query const&, bool refused) override;
  void time_passed() override;

private:
  task<> ask_next();
  void tell(lookup_step const&) const;

  host& host_;
  query const query_;
  open_queries::purpose const purpose_;
  search_events const events_;
  lookup lookup_;
  io::event news_;
};

} // namespace cotorra::dht

// What dispatch keeps with a request: the middleware that it has entered, the values they supply,
// and why no handler takes it. It stays with the request of a connection, so that after the first
// requests nothing of this allocates.
#pragma once

#include <wend/http/error.hpp>
#include <wend/http/method.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace wend::detail {

struct layer;

template <class T>
inline char type_tag{};  // not const: what is const and the same, linkers may fold
template <class T>
constexpr std::string_view spelled_type() {
  return __PRETTY_FUNCTION__;
}
template <class T>
inline constexpr std::string_view type_name = spelled_type<T>();
inline constexpr std::string_view no_type_name{};

/// A type as a value, or none: equal for equal types.
class type_id {
 public:
  constexpr type_id() = default;
  template <class T>
  constexpr explicit type_id(std::type_identity<T>) : tag_(&type_tag<T>), name_(&type_name<T>) {}

  constexpr explicit operator bool() const noexcept { return *this != type_id(); }
  /// The compiler is given names: g++ -fsanitize=undefined takes no compare of addresses for a
  /// constant.
  friend constexpr bool operator==(type_id const& a, type_id const& b) noexcept {
    return std::is_constant_evaluated() ? *a.name_ == *b.name_ : a.tag_ == b.tag_;
  }

 private:
  char const* tag_ = nullptr;
  std::string_view const* name_ = &no_type_name;
};
template <class T>
inline constexpr type_id id_of{std::type_identity<T>{}};

/// Values of any type that live until `clear`, which destroys the last one first. Keeps its memory.
class arena {
 public:
  arena() = default;
  arena(arena const&) = delete;
  arena& operator=(arena const&) = delete;
  ~arena() { clear(); }

  /// Moves a value in. Allocates: a block of 512 bytes, or more for a large value, when those that
  /// are there are full.
  template <class Value, class T = std::remove_cvref_t<Value>>
  T& put(Value&& value) {
    finalizer* last = nullptr;
    if constexpr (!std::is_trivially_destructible_v<T>)
      last = static_cast<finalizer*>(allocate(sizeof(finalizer), alignof(finalizer)));
    T* const at = ::new (allocate(sizeof(T), alignof(T))) T(std::forward<Value>(value));
    if constexpr (!std::is_trivially_destructible_v<T>) {
      auto const destroy = [](void* p) noexcept { static_cast<T*>(p)->~T(); };
      last_ = ::new (static_cast<void*>(last)) finalizer{destroy, at, last_};
    }
    return *at;
  }

  void clear() noexcept {
    while (last_ != nullptr) {
      auto const f = *last_;
      last_ = f.before;
      f.destroy(f.object);
    }
    block_ = used_ = 0;
  }

 private:
  struct finalizer {
    void (*destroy)(void*) noexcept;
    void* object;
    finalizer* before;
  };
  struct block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };

  void* allocate(std::size_t size, std::size_t alignment) {
    for (;; ++block_, used_ = 0) {
      if (block_ == blocks_.size()) {
        auto const wanted = size + alignment > 512 ? size + alignment : 512;
        blocks_.push_back({std::make_unique<std::byte[]>(wanted), wanted});
      }
      auto const& b = blocks_[block_];
      void* at = b.bytes.get() + used_;
      auto room = b.size - used_;
      if (std::align(alignment, size, at, room) == nullptr) continue;
      used_ = b.size - room + size;
      return at;
    }
  }

  std::vector<block> blocks_;
  std::size_t block_ = 0, used_ = 0;  ///< where the next value goes
  finalizer* last_ = nullptr;
};

/// A middleware that a request has to pass. Lifetime: `self` is the table or router it stands in.
struct frame {
  void const* self;
  layer const* what;
  void* value = nullptr;  ///< what its `before` has supplied
  type_id type{};         ///< of `value`
  bool open = false;      ///< it waits, and what is inside of it is at work
};

/// Why no handler takes a request.
struct unrouted {
  enum class reason : std::uint8_t {
    not_found,
    not_allowed,      ///< 405, or the answer to OPTIONS
    server,           ///< OPTIONS *
    elsewhere,        ///< the path is there with its last slash added or taken away
    malformed,        ///< the path cannot be read
    not_implemented,  ///< nobody knows the method
    failed,           ///< a converter has thrown
  };
  reason why = reason::not_found;
  std::span<method const> methods;  ///< of the table; `allowed` has a bit for each that would do
  std::uint64_t allowed = 0;
  std::string location;
  std::string tried;  ///< JSON: of each route why it did not match, if that is to be told
  wend::error error;
  std::exception_ptr thrown;
};

/// Where a request is on its way through middleware to a handler and back.
struct routing_state {
  std::vector<frame> frames;  ///< outermost first; those before `entered` were entered
  std::size_t entered = 0;
  void const* app = nullptr;  ///< what the handler is called with
  std::size_t prefix = 0;     ///< how much of `mount_prefix` is not of the route itself
  bool escaped = false;       ///< the path has NULs where encoded slashes were
  arena values;
  detail::unrouted unrouted;

  void clear() noexcept {
    frames.clear();
    entered = 0;
    values.clear();
    if (unrouted.thrown) unrouted.thrown = nullptr;
  }

  /// The value of this type that the innermost middleware supplies which was entered, or null.
  void* find(type_id type) const noexcept {
    for (auto i = entered; i > 0; --i)
      if (frames[i - 1].type == type) return frames[i - 1].value;
    return nullptr;
  }
};

}  // namespace wend::detail

// Standard streams over a connection, for code that was written for files. They block.
#pragma once

#include <wend/net/detail/coroutine.hpp>
#include <wend/net/transport.hpp>

#include <array>
#include <cstddef>
#include <istream>
#include <ostream>
#include <streambuf>
#include <string_view>

namespace wend::detail {

/// Reads the body of a request. Views the piece at hand, copies nothing.
template <class Peer>
class body_streambuf final : public std::streambuf {
 public:
  explicit body_streambuf(Peer& peer) : peer_(peer) {}

 protected:
  int_type underflow() override {
    auto const piece = wait_for(peer_, read_body(peer_));
    if (!piece) return traits_type::eof();
    auto* const begin = const_cast<char*>(piece->data());  // a streambuf that is never written to
    setg(begin, begin, begin + piece->size());
    return traits_type::to_int_type(*begin);
  }

 private:
  Peer& peer_;
};

/// Writes the content of a response, 16 KiB at a time or when it is flushed.
template <class Peer>
class content_streambuf final : public std::streambuf {
 public:
  explicit content_streambuf(Peer& peer) : peer_(peer) { rewind(); }

 protected:
  int_type overflow(int_type c) override {
    sync();
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    return sputc(traits_type::to_char_type(c));
  }
  int sync() override {
    auto const bytes = std::string_view(pbase(), static_cast<std::size_t>(pptr() - pbase()));
    if (!bytes.empty()) wait_for(peer_, write_content(peer_, bytes));
    rewind();
    return 0;
  }

 private:
  void rewind() { setp(buffer_.data(), buffer_.data() + buffer_.size()); }

  Peer& peer_;
  std::array<char, 16 * 1024> buffer_;
};

/// The streams throw what the connection throws, rather than look as if all was well.
template <class Peer>
class basic_body_istream final : public std::istream {
 public:
  explicit basic_body_istream(Peer& peer) : std::istream(nullptr), buffer_(peer) {
    rdbuf(&buffer_);
    exceptions(std::ios::badbit);
  }

 private:
  body_streambuf<Peer> buffer_;
};
using body_istream = basic_body_istream<transport>;

template <class Peer>
class basic_content_ostream final : public std::ostream {
 public:
  explicit basic_content_ostream(Peer& peer) : std::ostream(nullptr), buffer_(peer) {
    rdbuf(&buffer_);
    exceptions(std::ios::badbit);
  }

 private:
  content_streambuf<Peer> buffer_;
};
using content_ostream = basic_content_ostream<transport>;

}  // namespace wend::detail

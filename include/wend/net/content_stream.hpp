// Standard streams over a connection, for code that was written for files. They block.
#pragma once

#include <wend/net/transport.hpp>

#include <array>
#include <cstddef>
#include <istream>
#include <ostream>
#include <streambuf>
#include <string_view>

namespace wend::detail {

/// Reads the body of a request. Views the piece at hand, copies nothing.
class body_streambuf final : public std::streambuf {
 public:
  explicit body_streambuf(transport& peer) : peer_(peer) {}

 protected:
  int_type underflow() override {
    auto const piece = peer_.wait_for(peer_.read_body());
    if (!piece) return traits_type::eof();
    auto* const begin = const_cast<char*>(piece->data());  // a streambuf that is never written to
    setg(begin, begin, begin + piece->size());
    return traits_type::to_int_type(*begin);
  }

 private:
  transport& peer_;
};

/// Writes the content of a response, 16 KiB at a time or when it is flushed.
class content_streambuf final : public std::streambuf {
 public:
  explicit content_streambuf(transport& peer) : peer_(peer) { rewind(); }

 protected:
  int_type overflow(int_type c) override {
    sync();
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    return sputc(traits_type::to_char_type(c));
  }
  int sync() override {
    auto const bytes = std::string_view(pbase(), static_cast<std::size_t>(pptr() - pbase()));
    if (!bytes.empty()) peer_.wait_for(peer_.write_content(bytes));
    rewind();
    return 0;
  }

 private:
  void rewind() { setp(buffer_.data(), buffer_.data() + buffer_.size()); }

  transport& peer_;
  std::array<char, 16 * 1024> buffer_;
};

/// The streams throw what the connection throws, rather than look as if all was well.
class body_istream final : public std::istream {
 public:
  explicit body_istream(transport& peer) : std::istream(nullptr), buffer_(peer) {
    rdbuf(&buffer_);
    exceptions(std::ios::badbit);
  }

 private:
  body_streambuf buffer_;
};

class content_ostream final : public std::ostream {
 public:
  explicit content_ostream(transport& peer) : std::ostream(nullptr), buffer_(peer) {
    rdbuf(&buffer_);
    exceptions(std::ios::badbit);
  }

 private:
  content_streambuf buffer_;
};

}  // namespace wend::detail

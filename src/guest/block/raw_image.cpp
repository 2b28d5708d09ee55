#include "guest/block/raw_image.h"

#include "guest/block/bytes.h"

namespace exhyperv::guest {

namespace {

class FlatImage final : public Image {
  public:
    FlatImage(ImageFile file, const FlatDisk& disk) : file_(std::move(file)), disk_(disk) {}

    [[nodiscard]] std::uint64_t size() const override { return disk_.size; }
    [[nodiscard]] std::uint32_t sector_size() const override { return disk_.sector_size; }
    [[nodiscard]] bool writable() const override { return file_.writable(); }
    [[nodiscard]] ImageFormat format() const override { return disk_.format; }
    [[nodiscard]] const std::string& path() const override { return file_.path(); }
    [[nodiscard]] Guid disk_id() const override { return disk_.id; }
    [[nodiscard]] Result<std::uint64_t> file_size() const override { return file_.size(); }
    [[nodiscard]] Result<std::string> content_mark() const override { return file_.identity(); }

    Result<> read(std::uint64_t offset, std::span<std::byte> out) override {
        if (!within(offset, out.size(), disk_.size)) return fail_out_of_range(path(), offset, out.size());
        return file_.read(offset, out);
    }
    Result<> write(std::uint64_t offset, std::span<const std::byte> data) override {
        if (!writable()) return fail("disk.read_only", {{"path", path()}});
        if (!within(offset, data.size(), disk_.size)) return fail_out_of_range(path(), offset, data.size());
        return file_.write(offset, data);
    }
    Result<> flush() override { return writable() ? file_.flush() : Result<>(); }
    Result<> trim_file() override { return writable() ? Result<>() : fail("disk.read_only", {{"path", path()}}); }

  private:
    ImageFile file_;
    FlatDisk disk_;
};

} // namespace

Result<std::unique_ptr<Image>> open_raw(ImageFile file, std::uint32_t sector_size) {
    TRY_ASSIGN(const auto size, file.size());
    if (size == 0 || size % sector_size != 0)
        return fail_unsupported(file.path(),
                                "a file of " + std::to_string(size) + " bytes that has no known image format");
    return open_flat(std::move(file), {.size = size, .sector_size = sector_size});
}

std::unique_ptr<Image> open_flat(ImageFile file, const FlatDisk& disk) {
    return std::make_unique<FlatImage>(std::move(file), disk);
}

} // namespace exhyperv::guest

#include "guest/ntfs/ntfs_lib.h"

int exh_bitmap_read(exh_volume* volume, uint64_t byte_offset, void* buffer, size_t length) {
    s64 got;
    errno = 0;
    got = ntfs_attr_pread(volume->ntfs->lcnbmp_na, (s64)byte_offset, (s64)length, buffer);
    if (got == (s64)length) return 0;
    return got < 0 ? exh_errno() : EIO;
}

int exh_bitmap_mark(exh_volume* volume, int64_t lcn, int64_t length, int used) {
    ntfs_volume* ntfs = volume->ntfs;
    if (lcn < 0 || length <= 0 || lcn > ntfs->nr_clusters || length > ntfs->nr_clusters - lcn) return EINVAL;
    errno = 0;
    if (used ? ntfs_bitmap_set_run(ntfs->lcnbmp_na, lcn, length) : ntfs_bitmap_clear_run(ntfs->lcnbmp_na, lcn, length))
        return exh_errno();
    if (NVolFreeSpaceKnown(ntfs)) ntfs->free_clusters += used ? -length : length;
    return 0;
}

int exh_bitmap_runs(exh_volume* volume, exh_run* runs, size_t* count) {
    const runlist_element* element = volume->ntfs->lcnbmp_na->rl;
    size_t used = 0;
    if (!element) return EIO;
    for (; element->length; ++element) {
        if (element->lcn < 0) return EIO; /* the bitmap has no holes */
        if (used == *count) return ENOSPC;
        runs[used].lcn = element->lcn;
        runs[used].length = element->length;
        ++used;
    }
    *count = used;
    return 0;
}

void exh_set_allocation_hint(exh_volume* volume, int64_t lcn) {
    ntfs_volume* ntfs = volume->ntfs;
    if (lcn >= ntfs->mft_zone_end && lcn < ntfs->nr_clusters)
        ntfs->data1_zone_pos = lcn;
    else if (lcn >= 0 && lcn < ntfs->mft_zone_start)
        ntfs->data2_zone_pos = lcn;
}

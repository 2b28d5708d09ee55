#include "guest/ntfs/ntfs_lib.h"

/* The library's device operations over the callbacks, mounting, and what is known of the volume as a whole. */

static exh_volume* owner(struct ntfs_device* device) {
    return (exh_volume*)device->d_private;
}

static int device_open(struct ntfs_device* device, int flags) {
    if (NDevOpen(device)) {
        errno = EBUSY;
        return -1;
    }
    if ((flags & O_RDWR) == O_RDWR)
        NDevClearReadOnly(device);
    else
        NDevSetReadOnly(device);
    NDevSetOpen(device);
    return 0;
}

static int device_close(struct ntfs_device* device) {
    NDevClearOpen(device);
    NDevClearDirty(device);
    return 0;
}

/* Like a file: reads stop at the end, anything negative is an error. */
static s64 device_pread(struct ntfs_device* device, void* buffer, s64 count, s64 offset) {
    exh_volume* volume = owner(device);
    int error;
    if (count < 0 || offset < 0) {
        errno = EINVAL;
        return -1;
    }
    if ((u64)offset >= volume->device.size) return 0;
    if ((u64)count > volume->device.size - (u64)offset) count = (s64)(volume->device.size - (u64)offset);
    error = volume->device.read(volume->device.context, (u64)offset, buffer, (size_t)count);
    if (error) {
        errno = error;
        return -1;
    }
    return count;
}

static s64 device_pwrite(struct ntfs_device* device, const void* buffer, s64 count, s64 offset) {
    exh_volume* volume = owner(device);
    int error;
    if (count < 0 || offset < 0 || (u64)offset > volume->device.size ||
        (u64)count > volume->device.size - (u64)offset) {
        errno = EINVAL;
        return -1;
    }
    if (NDevReadOnly(device)) {
        errno = EROFS;
        return -1;
    }
    error = volume->device.write(volume->device.context, (u64)offset, buffer, (size_t)count);
    if (error) {
        errno = error;
        return -1;
    }
    return count;
}

static s64 device_seek(struct ntfs_device* device, s64 offset, int whence) {
    exh_volume* volume = owner(device);
    s64 base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? volume->position : (s64)volume->device.size;
    if ((offset < 0 && base + offset < 0) || (offset > 0 && base > INT64_MAX - offset)) {
        errno = EINVAL;
        return -1;
    }
    return volume->position = base + offset;
}

static s64 device_read(struct ntfs_device* device, void* buffer, s64 count) {
    s64 got = device_pread(device, buffer, count, owner(device)->position);
    if (got > 0) owner(device)->position += got;
    return got;
}

static s64 device_write(struct ntfs_device* device, const void* buffer, s64 count) {
    s64 put = device_pwrite(device, buffer, count, owner(device)->position);
    if (put > 0) owner(device)->position += put;
    return put;
}

static int device_sync(struct ntfs_device* device) {
    NDevClearDirty(device); /* durability is the transaction's business */
    return 0;
}

static int device_stat(struct ntfs_device* device, struct stat* out) {
    memset(out, 0, sizeof *out);
    out->st_mode = S_IFREG | 0600;
    out->st_size = (off_t)owner(device)->device.size;
    return 0;
}

static int device_ioctl(struct ntfs_device* device, unsigned long request, void* argument) {
    (void)device, (void)request, (void)argument;
    errno = EOPNOTSUPP;
    return -1;
}

static struct ntfs_device_operations operations = {
    .open = device_open,
    .close = device_close,
    .seek = device_seek,
    .read = device_read,
    .write = device_write,
    .pread = device_pread,
    .pwrite = device_pwrite,
    .sync = device_sync,
    .stat = device_stat,
    .ioctl = device_ioctl,
};

int exh_errno(void) {
    return errno ? errno : EIO;
}

int exh_mount(const exh_device* description, exh_volume** out) {
    exh_volume* volume;
    struct ntfs_device* device;
    int error;

    *out = NULL;
    ntfs_log_set_handler(ntfs_log_handler_null); /* a library does not write to the terminal */
    volume = calloc(1, sizeof *volume);
    if (!volume) return ENOMEM;
    volume->device = *description;
    device = ntfs_device_alloc("guest volume", 0, &operations, volume);
    if (!device) {
        error = exh_errno();
        free(volume);
        return error;
    }
    /* FORENSIC: no change while mounting, and no check of hibernation and log by the library: the caller asks for these
     * one by one, to name each refusal, and for read-only volumes too. */
    volume->ntfs = ntfs_device_mount(device, NTFS_MNT_FORENSIC | (description->writable ? 0 : NTFS_MNT_RDONLY));
    if (!volume->ntfs) {
        error = exh_errno();
        ntfs_device_free(device);
        free(volume);
        return error;
    }
    error = 0;
    if (volume->ntfs->nr_clusters <= 0 ||
        (u64)volume->ntfs->nr_clusters > volume->device.size / volume->ntfs->cluster_size)
        error = EINVAL;
    else if (ntfs_set_ignore_case(volume->ntfs) || ntfs_attr_map_whole_runlist(volume->ntfs->lcnbmp_na))
        error = exh_errno();
    if (error) {
        exh_unmount(volume);
        return error;
    }
    NVolClearCompression(volume->ntfs); /* new files are stored plain, also in compressed directories */
    *out = volume;
    return 0;
}

int exh_unmount(exh_volume* volume) {
    int error = 0;
    if (!volume) return 0;
    errno = 0;
    if (volume->ntfs && ntfs_umount(volume->ntfs, FALSE)) error = exh_errno();
    free(volume);
    return error;
}

void exh_get_geometry(const exh_volume* volume, exh_geometry* out) {
    const ntfs_volume* ntfs = volume->ntfs;
    out->cluster_size = ntfs->cluster_size;
    out->mft_record_size = ntfs->mft_record_size;
    out->clusters = ntfs->nr_clusters;
    out->mft_zone_start = ntfs->mft_zone_start;
    out->mft_zone_end = ntfs->mft_zone_end;
    out->dirty = (ntfs->flags & VOLUME_IS_DIRTY) != 0;
}

int exh_log_state(exh_volume* volume, int* state) {
    RESTART_PAGE_HEADER* page = NULL;
    ntfs_attr* data;
    int error = 0;
    ntfs_inode* inode = ntfs_inode_open(volume->ntfs, FILE_LogFile);
    if (!inode) return exh_errno();
    data = ntfs_attr_open(inode, AT_DATA, AT_UNNAMED, 0);
    if (!data) {
        error = exh_errno();
    } else {
        int clean = ntfs_check_logfile(data, &page) && ntfs_is_logfile_clean(data, page);
        *state = clean ? EXH_LOG_CLEAN : EXH_LOG_UNCLEAN;
        if (page && le16_to_cpu(page->major_ver) == 2) *state = EXH_LOG_CACHED;
        free(page);
        ntfs_attr_close(data);
    }
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    return error;
}

int exh_free_clusters(exh_volume* volume, int64_t* out) {
    if (!NVolFreeSpaceKnown(volume->ntfs) && ntfs_volume_get_free_space(volume->ntfs)) return exh_errno();
    *out = volume->ntfs->free_clusters;
    return 0;
}

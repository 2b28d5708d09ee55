#include "guest/ntfs/ntfs_lib.h"

int exh_finish_format(exh_volume* volume, const uint16_t* label, size_t length, uint64_t log_bytes) {
    ntfs_attr* data;
    int error = 0;
    ntfs_inode* inode;
    errno = 0;
    if (length && ntfs_volume_rename(volume->ntfs, label, (int)length)) return exh_errno();
    inode = ntfs_inode_open(volume->ntfs, FILE_LogFile);
    if (!inode) return exh_errno();
    data = ntfs_attr_open(inode, AT_DATA, AT_UNNAMED, 0);
    if (!data) {
        error = exh_errno();
    } else {
        if ((u64)data->data_size > log_bytes && ntfs_attr_truncate(data, (s64)log_bytes)) error = exh_errno();
        NVolClearLogFileEmpty(volume->ntfs);
        if (!error && ntfs_empty_logfile(data)) error = exh_errno();
        NInoFileNameSetDirty(inode);
        ntfs_attr_close(data);
    }
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    return error;
}

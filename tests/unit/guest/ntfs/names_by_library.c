#include "names_by_library.h"

#include "guest/ntfs/ntfs_lib.h"

int test_add_hard_link(exh_volume* volume, uint64_t file, uint64_t directory, const uint16_t* name, size_t length) {
    ntfs_inode* inode = ntfs_inode_open(volume->ntfs, file);
    ntfs_inode* parent = ntfs_inode_open(volume->ntfs, directory);
    int error = 0;
    if (!inode || !parent || ntfs_link(inode, parent, name, (u8)length)) error = exh_errno();
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    if (ntfs_inode_close(parent) && !error) error = exh_errno();
    return error;
}

int test_set_short_name(exh_volume* volume, uint64_t file, uint64_t directory, const char* name) {
    ntfs_inode* inode = ntfs_inode_open(volume->ntfs, file);
    ntfs_inode* parent = ntfs_inode_open(volume->ntfs, directory);
    if (!inode || !parent) return exh_errno();
    return ntfs_set_ntfs_dos_name(inode, parent, name, strlen(name), 0) ? exh_errno() : 0; /* closes both */
}

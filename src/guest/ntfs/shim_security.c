#include "guest/ntfs/ntfs_lib.h"

/* Security descriptors and reparse data. */

static void administrator(exh_volume* volume, struct SECURITY_CONTEXT* context, struct PERMISSIONS_CACHE** cache) {
    memset(context, 0, sizeof *context);
    context->vol = volume->ntfs;
    context->pseccache =
        cache; /* uid and gid 0 without a user mapping: owner and group Administrators, as an installer's */
}

le32 exh_inherited_security(exh_volume* volume, ntfs_inode* directory, int for_directory) {
    struct SECURITY_CONTEXT context;
    struct PERMISSIONS_CACHE* cache = NULL;
    le32 parent = test_nino_flag(directory, v3_Extensions) ? directory->security_id : const_cpu_to_le32(0);
    size_t slot = (le32_to_cpu(parent) * 2 + (for_directory ? 1 : 0)) % EXH_INHERITED_SLOTS;
    le32 inherited;
    if (parent && volume->inherited[slot].parent == parent && volume->inherited[slot].directory == for_directory)
        return volume->inherited[slot].inherited;
    administrator(volume, &context, &cache);
    inherited = ntfs_inherited_id(&context, directory, for_directory ? TRUE : FALSE);
    free(cache);
    if (parent && inherited) {
        volume->inherited[slot].parent = parent;
        volume->inherited[slot].directory = for_directory;
        volume->inherited[slot].inherited = inherited;
    }
    return inherited;
}

int exh_get_security(exh_volume* volume, uint64_t reference, void* buffer, size_t capacity, size_t* length) {
    struct SECURITY_CONTEXT context;
    struct PERMISSIONS_CACHE* cache = NULL;
    int got, error = 0;
    ntfs_inode* inode = exh_open(volume, reference);
    if (!inode) return exh_errno();
    administrator(volume, &context, &cache);
    errno = 0;
    got = ntfs_get_ntfs_acl(&context, inode, buffer, capacity);
    if (got <= 0)
        error = exh_errno();
    else if ((size_t)got > capacity)
        error = ERANGE;
    else
        *length = (size_t)got;
    free(cache);
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    return error;
}

int exh_set_security(exh_volume* volume, uint64_t reference, const void* descriptor, size_t length) {
    struct SECURITY_CONTEXT context;
    struct PERMISSIONS_CACHE* cache = NULL;
    int error = 0;
    ntfs_inode* inode = exh_open(volume, reference);
    if (!inode) return exh_errno();
    administrator(volume, &context, &cache);
    errno = 0;
    if (ntfs_set_ntfs_acl(&context, inode, descriptor, length, 0)) error = exh_errno();
    free(cache);
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    return error;
}

int exh_get_reparse(exh_volume* volume, uint64_t reference, void* buffer, size_t capacity, size_t* length) {
    s64 size = 0;
    int error = 0;
    void* value;
    ntfs_inode* inode = exh_open(volume, reference);
    if (!inode) return exh_errno();
    errno = 0;
    value = ntfs_attr_readall(inode, AT_REPARSE_POINT, AT_UNNAMED, 0, &size);
    if (!value) {
        error = exh_errno();
    } else if (size < 0 || (u64)size > capacity) {
        error = ERANGE;
    } else {
        memcpy(buffer, value, (size_t)size);
        *length = (size_t)size;
    }
    free(value);
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    return error;
}

int exh_set_reparse(exh_volume* volume, uint64_t reference, const void* data, size_t length) {
    int error = 0;
    ntfs_inode* inode = exh_open(volume, reference);
    if (!inode) return exh_errno();
    errno = 0;
    if (ntfs_set_ntfs_reparse_data(inode, data, length, 0)) error = exh_errno();
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    return error;
}

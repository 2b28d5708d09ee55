#include "guest/ntfs/ntfs_lib.h"

/* Creating, removing, renaming. Every function leaves no inode open. */

enum { SETTABLE = 0x0000a127 }; /* read-only, hidden, system, archive, temporary, not indexed, integrity */

static ntfs_time from_filetime(u64 time) {
    return cpu_to_sle64((s64)time);
}

/* Gives an empty $DATA the runs, without the library's allocator (see cluster_allocator.h for why). */
static int attach_runs(ntfs_inode* inode, const exh_new_file* file) {
    ntfs_attr_search_ctx* context = NULL;
    runlist_element* list;
    s64 vcn = 0;
    size_t i;
    int error = 0;
    ntfs_attr* data = ntfs_attr_open(inode, AT_DATA, AT_UNNAMED, 0);
    if (!data) return exh_errno();
    errno = 0;
    if (ntfs_attr_force_non_resident(data)) {
        error = exh_errno();
        goto out;
    }
    list = malloc((file->run_count + 1) * sizeof *list);
    if (!list) {
        error = ENOMEM;
        goto out;
    }
    for (i = 0; i < file->run_count; ++i) {
        list[i].vcn = vcn;
        list[i].lcn = file->runs[i].lcn;
        list[i].length = file->runs[i].length;
        vcn += file->runs[i].length;
    }
    list[i].vcn = vcn;
    list[i].lcn = LCN_ENOENT;
    list[i].length = 0;
    free(data->rl);
    data->rl = list;
    NAttrSetFullyMapped(data);
    NAttrSetRunlistDirty(data);
    data->allocated_size = vcn << inode->vol->cluster_size_bits;
    data->data_size = data->initialized_size = (s64)file->size;
    if (ntfs_attr_update_mapping_pairs(data, 0)) {
        error = exh_errno();
        goto out;
    }
    /* update_mapping_pairs writes the allocated size only */
    context = ntfs_attr_get_search_ctx(inode, NULL);
    if (!context || ntfs_attr_lookup(AT_DATA, AT_UNNAMED, 0, CASE_SENSITIVE, 0, NULL, 0, context)) {
        error = exh_errno();
        goto out;
    }
    context->attr->data_size = context->attr->initialized_size = cpu_to_sle64((s64)file->size);
    ntfs_inode_mark_dirty(context->ntfs_ino);
    inode->data_size = data->data_size;
    inode->allocated_size = data->allocated_size;
    set_nino_flag(inode, KnownSize);
out:
    if (context) ntfs_attr_put_search_ctx(context);
    ntfs_attr_close(data);
    return error;
}

static int write_small(ntfs_inode* inode, const exh_new_file* file) {
    int error = 0;
    ntfs_attr* data = ntfs_attr_open(inode, AT_DATA, AT_UNNAMED, 0);
    if (!data) return exh_errno();
    errno = 0;
    if (ntfs_attr_pwrite(data, 0, (s64)file->size, file->small_data) != (s64)file->size) error = exh_errno();
    ntfs_attr_close(data);
    return error;
}

int exh_create(exh_volume* volume, uint64_t directory, const exh_new_file* file, uint64_t* reference) {
    ntfs_inode *parent, *inode;
    le32 security;
    int error = 0;
    if (file->name_length == 0 || file->name_length > NTFS_MAX_NAME_LEN) return EINVAL;
    parent = exh_open(volume, directory);
    if (!parent) return exh_errno();
    security =
        file->security_id ? cpu_to_le32(file->security_id) : exh_inherited_security(volume, parent, file->directory);
    errno = 0;
    inode = ntfs_create(parent, security, file->name, (u8)file->name_length, file->directory ? S_IFDIR : S_IFREG);
    if (!inode) {
        error = exh_errno();
        ntfs_inode_close(parent);
        return error;
    }
    if (!file->directory && file->size) error = file->run_count ? attach_runs(inode, file) : write_small(inode, file);
    if (error) {
        /* The clusters belong to the caller, who marked them: the file must not free them too, so it is cut loose
         * first. A failure here leaves the volume to be thrown away; the caller knows that from our error. */
        ntfs_inode_close(inode);
        ntfs_inode_close(parent);
        return error;
    }
    inode->flags = cpu_to_le32((le32_to_cpu(inode->flags) & ~(u32)SETTABLE) | (file->attributes & SETTABLE));
    if (file->created) inode->creation_time = from_filetime(file->created);
    if (file->modified) inode->last_data_change_time = from_filetime(file->modified);
    *reference = MK_MREF(inode->mft_no, le16_to_cpu(inode->mrec->sequence_number));
    NInoFileNameSetDirty(inode);
    ntfs_inode_mark_dirty(inode);
    if (ntfs_inode_close_in_dir(inode, parent)) error = exh_errno();
    ntfs_inode_update_times(parent, NTFS_UPDATE_MCTIME);
    if (ntfs_inode_close(parent) && !error) error = exh_errno();
    return error;
}

int exh_remove(exh_volume* volume, uint64_t directory, const uint16_t* name, size_t length) {
    ntfs_inode *parent, *inode;
    uint64_t reference;
    int error = exh_lookup(volume, directory, name, length, &reference);
    if (error) return error;
    inode = exh_open(volume, reference);
    if (!inode) return exh_errno();
    parent = exh_open(volume, directory);
    if (!parent) {
        error = exh_errno();
        ntfs_inode_close(inode);
        return error;
    }
    errno = 0;
    return ntfs_delete(volume->ntfs, NULL, inode, parent, name, (u8)length) ? exh_errno() : 0; /* closes both */
}

int exh_rename(exh_volume* volume, uint64_t reference, uint64_t old_directory, const uint16_t* old_name,
               size_t old_length, uint64_t new_directory, const uint16_t* new_name, size_t new_length) {
    ntfs_inode *parent, *inode;
    int error = 0;
    if (new_length == 0 || new_length > NTFS_MAX_NAME_LEN || MREF(reference) == MREF(new_directory)) return EINVAL;
    inode = exh_open(volume, reference);
    if (!inode) return exh_errno();
    parent = exh_open(volume, new_directory);
    if (!parent) {
        error = exh_errno();
        ntfs_inode_close(inode);
        return error;
    }
    /* A second name, then the first one goes: the file itself is never without one. */
    errno = 0;
    if (ntfs_link(inode, parent, new_name, (u8)new_length)) error = exh_errno();
    if (!error) ntfs_inode_update_times(parent, NTFS_UPDATE_MCTIME);
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    if (ntfs_inode_close(parent) && !error) error = exh_errno();
    if (error) return error;

    inode = exh_open(volume, reference);
    if (!inode) return exh_errno();
    parent = exh_open(volume, old_directory);
    if (!parent) {
        error = exh_errno();
        ntfs_inode_close(inode);
        return error;
    }
    errno = 0;
    return ntfs_delete(volume->ntfs, NULL, inode, parent, old_name, (u8)old_length) ? exh_errno() : 0; /* closes both */
}

int exh_set_basic(exh_volume* volume, uint64_t reference, uint32_t mask, uint32_t attributes, uint64_t modified) {
    ntfs_inode* inode = exh_open(volume, reference);
    if (!inode) return exh_errno();
    mask &= SETTABLE;
    inode->flags = cpu_to_le32((le32_to_cpu(inode->flags) & ~mask) | (attributes & mask));
    if (modified) inode->last_data_change_time = from_filetime(modified);
    inode->last_mft_change_time = ntfs_current_time();
    NInoFileNameSetDirty(inode);
    ntfs_inode_mark_dirty(inode);
    /* Not close_in_dir: a file with names in several directories has to be updated in each. */
    return ntfs_inode_close(inode) ? exh_errno() : 0;
}

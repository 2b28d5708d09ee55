#include "guest/ntfs/ntfs_lib.h"

ntfs_inode* exh_open(exh_volume* volume, uint64_t reference) {
    u64 number = MREF(reference);
    if (number != FILE_root && number < EXH_FIRST_USER) {
        errno = ENOENT; /* $MFT and its like are not files to anyone above */
        return NULL;
    }
    errno = 0;
    return ntfs_inode_open(volume->ntfs, (MFT_REF)reference);
}

int exh_lookup(exh_volume* volume, uint64_t directory, const uint16_t* name, size_t length, uint64_t* out) {
    u64 found;
    int error = 0;
    ntfs_inode* inode;
    if (length == 0 || length > NTFS_MAX_NAME_LEN) return EINVAL;
    inode = exh_open(volume, directory);
    if (!inode) return exh_errno();
    if (!(inode->mrec->flags & MFT_RECORD_IS_DIRECTORY)) {
        error = ENOTDIR;
    } else {
        errno = 0;
        found = ntfs_inode_lookup_by_name(inode, name, (int)length);
        if (found == (u64)-1)
            error = exh_errno();
        else if (MREF(found) < EXH_FIRST_USER)
            error = ENOENT;
        else
            *out = found;
    }
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    return error;
}

static u64 to_filetime(ntfs_time time) {
    return (u64)sle64_to_cpu(time);
}

int exh_stat(exh_volume* volume, uint64_t reference, exh_info* out) {
    int error = 0;
    ntfs_inode* inode = exh_open(volume, reference);
    if (!inode) return exh_errno();
    memset(out, 0, sizeof *out);
    out->reference = MK_MREF(inode->mft_no, le16_to_cpu(inode->mrec->sequence_number));
    out->directory = (inode->mrec->flags & MFT_RECORD_IS_DIRECTORY) != 0;
    out->size = out->directory ? 0 : (u64)inode->data_size;
    out->attributes = le32_to_cpu(inode->flags) & 0x00ffffff;
    if (out->directory) out->attributes |= 0x10;
    out->security_id = le32_to_cpu(inode->security_id);
    out->links = le16_to_cpu(inode->mrec->link_count);
    out->created = to_filetime(inode->creation_time);
    out->modified = to_filetime(inode->last_data_change_time);
    if (inode->flags & FILE_ATTR_REPARSE_POINT) {
        s64 size = 0;
        REPARSE_POINT* point = (REPARSE_POINT*)ntfs_attr_readall(inode, AT_REPARSE_POINT, AT_UNNAMED, 0, &size);
        if (point && size >= (s64)sizeof(point->reparse_tag))
            out->reparse_tag = le32_to_cpu(point->reparse_tag);
        else
            error = EIO; /* flagged, but without data: nothing may be read from it as if it were plain */
        free(point);
    }
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    return error;
}

int exh_stored_name(exh_volume* volume, uint64_t reference, uint64_t directory, const uint16_t* name, size_t length,
                    uint16_t* out, size_t* out_length) {
    ntfs_attr_search_ctx* context;
    int error = ENOENT, short_name = 0;
    ntfs_inode* inode = exh_open(volume, reference);
    if (!inode) return exh_errno();
    context = ntfs_attr_get_search_ctx(inode, NULL);
    if (!context) {
        error = exh_errno();
    } else {
        int pass;
        /* The second pass is for a name given in its short form: the long name of the same directory is meant. */
        for (pass = 0; pass < 2 && error == ENOENT && (pass == 0 || short_name); ++pass) {
            ntfs_attr_reinit_search_ctx(context);
            while (!ntfs_attr_lookup(AT_FILE_NAME, AT_UNNAMED, 0, CASE_SENSITIVE, 0, NULL, 0, context)) {
                const FILE_NAME_ATTR* found =
                    (const FILE_NAME_ATTR*)((const u8*)context->attr + le16_to_cpu(context->attr->value_offset));
                ntfschar stored[NTFS_MAX_NAME_LEN];
                if (MREF_LE(found->parent_directory) != MREF(directory)) continue;
                memcpy(stored, (const u8*)found + sizeof *found, found->file_name_length * sizeof(ntfschar));
                if (pass == 0 && !ntfs_names_are_equal(stored, found->file_name_length, name, length, IGNORE_CASE,
                                                       volume->ntfs->upcase, volume->ntfs->upcase_len))
                    continue;
                if (found->file_name_type == FILE_NAME_DOS) {
                    short_name = 1;
                    continue;
                }
                memcpy(out, stored, found->file_name_length * sizeof(ntfschar));
                *out_length = found->file_name_length;
                error = 0;
                break;
            }
        }
        ntfs_attr_put_search_ctx(context);
    }
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    return error;
}

typedef struct listing {
    int (*entry)(void* context, uint64_t reference, const uint16_t* name, size_t length);
    void* context;
    int result;
} listing;

static int list_entry(void* context, const ntfschar* name, const int length, const int name_type, const s64 position,
                      const MFT_REF reference, const unsigned type) {
    listing* list = context;
    (void)position, (void)type;
    if (name_type == FILE_NAME_DOS || MREF(reference) < EXH_FIRST_USER) return 0;
    if (length == 1 && name[0] == const_cpu_to_le16('.')) return 0;
    if (length == 2 && name[0] == const_cpu_to_le16('.') && name[1] == const_cpu_to_le16('.')) return 0;
    list->result = list->entry(list->context, reference, name, (size_t)length);
    return list->result ? -1 : 0;
}

int exh_list(exh_volume* volume, uint64_t directory,
             int (*entry)(void* context, uint64_t reference, const uint16_t* name, size_t length), void* context) {
    listing list = {entry, context, 0};
    s64 position = 0;
    int error = 0;
    ntfs_inode* inode = exh_open(volume, directory);
    if (!inode) return exh_errno();
    if (!(inode->mrec->flags & MFT_RECORD_IS_DIRECTORY)) {
        error = ENOTDIR;
    } else {
        NVolSetCaseSensitive(volume->ntfs); /* otherwise it hands out every name in lower case */
        errno = 0;
        if (ntfs_readdir(inode, &position, &list, list_entry)) error = list.result ? list.result : exh_errno();
        NVolClearCaseSensitive(volume->ntfs);
    }
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    return error;
}

int exh_read(exh_volume* volume, uint64_t reference, uint64_t offset, void* buffer, size_t length, size_t* got) {
    ntfs_attr* data;
    int error = 0;
    ntfs_inode* inode = exh_open(volume, reference);
    *got = 0;
    if (!inode) return exh_errno();
    data = ntfs_attr_open(inode, AT_DATA, AT_UNNAMED, 0);
    if (!data) {
        error = exh_errno();
    } else {
        errno = 0;
        if (offset < (u64)data->data_size) {
            if (length > (u64)data->data_size - offset) length = (size_t)((u64)data->data_size - offset);
            while (*got < length) {
                s64 part = ntfs_attr_pread(data, (s64)(offset + *got), (s64)(length - *got), (char*)buffer + *got);
                if (part <= 0) {
                    error = part < 0 ? exh_errno() : EIO;
                    break;
                }
                *got += (size_t)part;
            }
        }
        ntfs_attr_close(data);
    }
    if (ntfs_inode_close(inode) && !error) error = exh_errno();
    return error;
}

//! Whether a directory lies on a network file system.
//!
//! The one decision: what is not known to be local counts as local. WAL needs memory that all
//! processes share, which only one machine has; elsewhere the journal is slower and just as safe.

use std::path::{Component, Path, Prefix};

/// Whether WAL cannot be relied on here.
pub(super) fn is_network(dir: &Path) -> bool {
    let unc = matches!(
        dir.components().next(),
        Some(Component::Prefix(prefix))
            if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
    );
    unc || says_the_system(dir)
}

#[cfg(target_os = "linux")]
fn says_the_system(dir: &Path) -> bool {
    // The field's type differs between architectures and so does its sign; the magic has 32 bits.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the magic is the low 32 bits"
    )]
    rustix::fs::statfs(dir).is_ok_and(|stat| is_network_magic(stat.f_type as u32))
}

#[cfg(target_os = "macos")]
fn says_the_system(dir: &Path) -> bool {
    /// `MNT_LOCAL` of <sys/mount.h>.
    const LOCAL: u32 = 0x1000;
    rustix::fs::statfs(dir).is_ok_and(|stat| stat.f_flags & LOCAL == 0)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn says_the_system(_: &Path) -> bool {
    false
}

/// The magic numbers of <linux/magic.h> and of the file systems' own headers. FUSE is among them: sshfs
/// and many cloud mounts are FUSE, and a needless TRUNCATE costs a few milliseconds only.
#[cfg(any(target_os = "linux", test))]
fn is_network_magic(magic: u32) -> bool {
    const NFS: u32 = 0x6969;
    const SMB: u32 = 0x517B;
    const SMB2: u32 = 0xFE53_4D42;
    const CIFS: u32 = 0xFF53_4D42;
    const NCP: u32 = 0x564C;
    const AFS: u32 = 0x5346_414F;
    const KAFS: u32 = 0x6B41_4653;
    const CODA: u32 = 0x7375_7245;
    const CEPH: u32 = 0x00C3_6400;
    const LUSTRE: u32 = 0x0BD0_0BD0;
    const GPFS: u32 = 0x4750_4653;
    const GFS2: u32 = 0x0116_1970;
    const OCFS2: u32 = 0x7461_636F;
    const BEEGFS: u32 = 0x1983_0326;
    const V9FS: u32 = 0x0102_1997;
    const VBOXSF: u32 = 0x786F_4256;
    const FUSE: u32 = 0x6573_5546;
    matches!(
        magic,
        NFS | SMB
            | SMB2
            | CIFS
            | NCP
            | AFS
            | KAFS
            | CODA
            | CEPH
            | LUSTRE
            | GPFS
            | GFS2
            | OCFS2
            | BEEGFS
            | V9FS
            | VBOXSF
            | FUSE
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magics() {
        for (magic, network) in [
            (0x6969, true),       // NFS
            (0xFF53_4D42, true),  // CIFS
            (0x6573_5546, true),  // FUSE
            (0x0102_1997, true),  // 9p
            (0xEF53, false),      // ext4
            (0x5846_5342, false), // XFS
            (0x9123_683E, false), // btrfs
            (0x0102_1994, false), // tmpfs
            (0x794C_7630, false), // overlayfs
        ] {
            assert_eq!(is_network_magic(magic), network, "{magic:#x}");
        }
    }

    #[test]
    fn what_cannot_be_asked_is_local() {
        assert!(!is_network(Path::new("/no/such/directory")));
    }
}

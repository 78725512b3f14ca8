//! Where things are.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The checkout that this command works on.
pub struct Project {
    pub root: PathBuf,
}

impl Project {
    pub fn find() -> Self {
        // Cargo sets the variable at run time; the compiled-in value serves a bare call of the binary.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().unwrap_or(&manifest).to_path_buf();
        Self { root }
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub fn has(&self, relative: &str) -> bool {
        self.path(relative).exists()
    }

    /// Programs that set-up installed.
    pub fn tools(&self) -> PathBuf {
        self.path("target/tools")
    }

    /// The npm package as built.
    pub fn package(&self) -> PathBuf {
        self.path("pkg")
    }

    /// Held while files under `target/` or `pkg/` are replaced, so that two commands at once wait
    /// for each other instead of deleting each other's work.
    pub fn lock(&self) -> Result<File, String> {
        let path = self.path("target/xtask.lock");
        let explain = |e: std::io::Error| format!("cannot lock {}: {e}", path.display());
        std::fs::create_dir_all(self.path("target")).map_err(explain)?;
        let file = File::create(&path).map_err(explain)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                println!("waiting for another cargo xtask to finish");
                file.lock().map_err(explain)?;
            }
            Err(TryLockError::Error(e)) => return Err(explain(e)),
        }
        Ok(file)
    }
}

/// FNV-1a: tells "changed" from "unchanged"; nothing here needs protection from an attacker.
pub fn hash(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// Entries of a folder in a fixed order; nothing when there is no such folder.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).map(|dir| dir.flatten().map(|entry| entry.path()).collect()).unwrap_or_default();
    found.sort();
    found
}

pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("cannot read {}: {e}", path.display()))
}

pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), String> {
    if let Some(parent) = path.parent() {
        let _ = std::fs::create_dir_all(parent);
    }
    std::fs::write(path, bytes).map_err(|e| format!("cannot write {}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn hash_is_fnv_1a() {
        assert_eq!(hash(b""), "cbf29ce484222325");
        assert_eq!(hash(b"a"), "af63dc4c8601ec8c");
    }
}
